"""Where words end in a room with dishes, and that a quiet room is left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sound_pieces import read

from voice_coach.audio.ports import Pcm
from voice_coach.audio.wavefile import read_pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.noisy_room import NoisyRoomActivity, choose_activity
from voice_coach.hearing.segmenter import Segmenter, SpeechEnded
from voice_coach.hearing.voice_activity import WebRtcActivity

WORDS_AT = 32_000


def among_dishes(word: Pcm, words: Path) -> list[Pcm]:
    """A word two seconds after the dishes began, in six places of them, and three seconds more of them."""
    dishes, _ = read_pcm(words.parent / "noise" / "doing_the_dishes.flac")
    found = []
    for place in range(6):
        room = np.resize(dishes[place * 90_000 :], WORDS_AT + word.size + 48_000).astype(np.float64)
        room *= 0.25 * np.abs(word).max() / np.abs(room).max()
        room[WORDS_AT : WORDS_AT + word.size] += word
        found.append(np.clip(room, -32768, 32767).astype(np.int16))
    return found


def quiet_after(sound: Pcm, size: int, segmenter: Segmenter) -> float:
    """Seconds from the end of the word to the end of the piece that holds it; 9 where it did not end."""
    for at in range(0, sound.size // 320 * 320, 320):
        for event in segmenter.feed(sound[at : at + 320]):
            if isinstance(event, SpeechEnded) and event.end * 320 > WORDS_AT + size // 2:
                return (at - WORDS_AT - size) / 16_000
    return 9.0


def test_dishes_after_a_word_do_not_keep_its_piece_open(words: Path) -> None:
    word = read(sorted((words / "stop").iterdir())[0])
    sounds = among_dishes(word, words)
    alone = [quiet_after(sound, word.size, Segmenter(WebRtcActivity(), gap=0.7)) for sound in sounds]
    both = [quiet_after(sound, word.size, Segmenter(choose_activity("auto"), gap=0.7)) for sound in sounds]
    if not isinstance(choose_activity("auto"), NoisyRoomActivity):
        pytest.skip("RNNoise is not installed here")
    print(alone, both)
    assert sum(after < 1.5 for after in both) > sum(after < 1.5 for after in alone)
    assert sum(both) < sum(alone)


def test_in_a_quiet_room_the_network_is_never_asked(words: Path) -> None:
    def make() -> None:
        raise AssertionError("the room is quiet")

    word = read(sorted((words / "yes").iterdir())[0]).astype(np.float64)
    room = np.random.default_rng(1).normal(0.0, 4.0, 64_000)
    room[16_000 : 16_000 + word.size] += word / np.abs(word).max() * 900
    activity = NoisyRoomActivity(WebRtcActivity(), make)  # type: ignore[arg-type]
    sound = room.astype(np.int16)
    voiced = [activity(sound[at : at + 320]) for at in range(0, sound.size, 320)]
    assert sum(voiced) > 15


def test_where_the_network_cannot_be_loaded_webrtc_goes_on_alone(words: Path) -> None:
    def make() -> None:
        raise SetupError("broken")

    word = read(sorted((words / "stop").iterdir())[0])
    sound = among_dishes(word, words)[0]
    alone, both = WebRtcActivity(), NoisyRoomActivity(WebRtcActivity(), make)  # type: ignore[arg-type]
    frames = [sound[at : at + 320] for at in range(0, sound.size // 320 * 320, 320)]
    assert [both(frame) for frame in frames] == [alone(frame) for frame in frames]


def test_without_noise_suppression_there_is_webrtc_alone() -> None:
    assert isinstance(choose_activity("off"), WebRtcActivity)
    assert isinstance(choose_activity("on"), WebRtcActivity)
