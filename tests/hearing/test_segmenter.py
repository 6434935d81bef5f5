"""Pieces of speech from frames, in audio time alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sound_pieces import in_a_room, read

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.segmenter import Lull, Segmenter, SpeechBegan, SpeechEnded, SpeechEvent
from voice_coach.hearing.voice_activity import WebRtcActivity


def loud(frame: Pcm) -> bool:
    return int(np.abs(frame).max()) > 4000


def frames(plan: str) -> list[Pcm]:
    """One frame for each mark: # is voice, . is quiet. Each frame's second sample is its number."""
    made = []
    for number, mark in enumerate(plan):
        frame = np.zeros(320, np.int16)
        frame[0] = 5000 if mark == "#" else 10
        frame[1] = number
        made.append(frame)
    return made


def feed(segmenter: Segmenter, plan: str) -> list[SpeechEvent]:
    return [event for frame in frames(plan) for event in segmenter.feed(frame)]


def kinds(events: list[SpeechEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def numbers(piece: Pcm) -> list[int]:
    return [int(number) for number in piece[1::320]]


def test_a_word_begins_lulls_and_ends() -> None:
    events = feed(Segmenter(loud, gap=0.6), "." * 40 + "#" * 20 + "." * 40)
    assert kinds(events) == ["SpeechBegan", "Lull", "SpeechEnded"]
    began, lull, ended = events
    assert isinstance(began, SpeechBegan)
    assert isinstance(lull, Lull)
    assert isinstance(ended, SpeechEnded)
    assert began.frame == 40


def test_the_piece_holds_pre_roll_the_voice_and_a_trailing_margin() -> None:
    *_, ended = feed(Segmenter(loud), "." * 40 + "#" * 20 + "." * 40)
    assert isinstance(ended, SpeechEnded)
    assert (ended.start, ended.end) == (25, 70)
    assert numbers(ended.piece) == list(range(25, 70))


def test_the_lull_and_the_end_that_follows_hold_the_same_piece() -> None:
    _, lull, ended = feed(Segmenter(loud, gap=1.2), "." * 40 + "#" * 20 + "." * 80)
    assert isinstance(lull, Lull)
    assert isinstance(ended, SpeechEnded)
    assert (lull.start, lull.end) == (ended.start, ended.end)
    assert np.array_equal(lull.piece, ended.piece)


def test_speech_after_a_lull_goes_on_in_the_same_piece_and_lulls_again() -> None:
    events = feed(Segmenter(loud, gap=0.6), "." * 40 + "#" * 10 + "." * 20 + "#" * 10 + "." * 40)
    assert kinds(events) == ["SpeechBegan", "Lull", "Lull", "SpeechEnded"]


def test_speech_after_the_gap_is_a_new_piece_without_the_voice_of_the_old_one() -> None:
    events = feed(Segmenter(loud, gap=0.3), "." * 40 + "#" * 10 + "." * 16 + "#" * 10 + "." * 40)
    assert kinds(events) == ["SpeechBegan", "Lull", "SpeechEnded"] * 2
    assert isinstance(events[-1], SpeechEnded)
    assert events[-1].start >= 50


@pytest.mark.parametrize("gap", [0.3, 0.6, 1.2, 4.0])
def test_a_piece_ends_after_exactly_the_gap_of_quiet(gap: float) -> None:
    segmenter = Segmenter(loud)
    segmenter.gap = gap
    feed(segmenter, "." * 40 + "#" * 20 + "." * (round(gap / 0.02) - 1))
    assert segmenter.speaking
    assert kinds(feed(segmenter, "."))[-1] == "SpeechEnded"
    assert not segmenter.speaking


@pytest.mark.parametrize("click", ["#", "##", "###", "#.#"])
def test_a_click_is_not_speech(click: str) -> None:
    assert feed(Segmenter(loud), "." * 40 + click + "." * 60) == []


def test_a_click_does_not_prolong_the_quiet_after_speech() -> None:
    segmenter = Segmenter(loud, gap=0.6)
    feed(segmenter, "." * 40 + "#" * 20 + "." * 20 + "#" + "." * 8)
    assert kinds(feed(segmenter, ".")) == ["SpeechEnded"]


def test_quiet_is_counted_from_the_last_voice() -> None:
    segmenter = Segmenter(loud, gap=0.4)
    feed(segmenter, "." * 7)
    assert segmenter.quiet_frames == 7
    feed(segmenter, "#" * 10)
    assert segmenter.quiet_frames == 0
    feed(segmenter, "." * 50)
    assert segmenter.quiet_frames == 50


def test_reset_lets_go_of_everything_heard_so_far() -> None:
    segmenter = Segmenter(loud, gap=0.4)
    feed(segmenter, "." * 40 + "#" * 10)
    segmenter.reset()
    assert not segmenter.speaking
    events = feed(segmenter, "#" * 10 + "." * 30)
    ended = events[-1]
    assert isinstance(ended, SpeechEnded)
    assert ended.start == 50


def test_of_a_very_long_piece_the_oldest_part_is_let_go() -> None:
    ended = feed(Segmenter(loud), "." * 40 + "#" * 1500 + "." * 40)[-1]
    assert isinstance(ended, SpeechEnded)
    assert ended.long
    assert ended.piece.size <= 20 * 16_000
    assert ended.end == 1550


@pytest.mark.parametrize("word", ["yes", "no", "stop"])
def test_no_short_word_of_a_real_person_is_lost(words: Path, word: str) -> None:
    lost = []
    for path in sorted((words / word).iterdir())[::8]:
        segmenter = Segmenter(WebRtcActivity())
        sound = in_a_room(read(path))
        events = [e for at in range(0, sound.size, 320) for e in segmenter.feed(sound[at : at + 320])]
        if not any(isinstance(event, SpeechEnded) for event in events):
            lost.append(path.name)
    assert lost == []


def test_a_voice_stands_above_the_room(words: Path) -> None:
    segmenter = Segmenter(WebRtcActivity())
    sound = in_a_room(read(sorted((words / "yes").iterdir())[0]))
    for at in range(0, sound.size, 320):
        segmenter.feed(sound[at : at + 320])
    assert segmenter.level > segmenter.noise_floor + 10
