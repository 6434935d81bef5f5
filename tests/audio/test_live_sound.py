"""The device microphone and speaker on the virtual sound card, through real PortAudio."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
import pytest
from virtual_sound_card import SPEAKER, SoundCard

from voice_coach.audio import microphone as microphone_module
from voice_coach.audio import speaker as speaker_module
from voice_coach.audio import stream
from voice_coach.audio.clip import FADE_SECONDS
from voice_coach.audio.devices import load_sounddevice
from voice_coach.audio.microphone import DeviceMicrophone
from voice_coach.audio.ports import SPEAKING_RATE, DeviceLost, FrameArrived, PlaybackEnded
from voice_coach.audio.speaker import BLOCK_SECONDS, DeviceSpeaker
from voice_coach.audio.stream import Format
from voice_coach.errors import SetupError

Event = TypeVar("Event")


def tone(
    seconds: float, size: float = 0.4, rate: int = SPEAKING_RATE, frequency: float = 441.0
) -> np.ndarray:
    return (size * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def wait_for(events: queue.Queue[Any], kind: type[Event]) -> Event:
    while True:
        event = events.get(timeout=10)
        if isinstance(event, kind):
            return event


def loud_parts(sound: np.ndarray) -> list[tuple[int, int]]:
    """(first, last) sample of every stretch of sound with at least 30 ms of silence round it."""
    loud = np.flatnonzero(np.abs(sound) > 0.002)
    if loud.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(loud) > 1440)
    return list(zip(loud[np.r_[0, breaks + 1]], loud[np.r_[breaks, -1]], strict=True))


@pytest.fixture
def events() -> queue.Queue[Any]:
    return queue.Queue()


@pytest.fixture
def speaker(sound_card: SoundCard, events: queue.Queue[Any]) -> Iterator[DeviceSpeaker]:
    device = DeviceSpeaker()
    device.open(events.put)
    yield device
    device.close()


def test_a_clip_is_heard_whole_and_its_end_is_told_after_it_was_heard(
    sound_card: SoundCard, speaker: DeviceSpeaker, events: queue.Queue[Any]
) -> None:
    ear = sound_card.ear()
    ear.listen(0.1)
    speaker.play(7, tone(0.5))
    ended = wait_for(events, PlaybackEnded)
    recorded_by_then = ear.heard().size
    [(first, last)] = loud_parts(ear.listen(0.2))
    assert ended == PlaybackEnded(7, 11025, cut=False)
    assert (last - first) / ear.rate == pytest.approx(0.5, abs=0.002)
    # The ear is at most a few blocks behind what has been heard.
    assert recorded_by_then > last - 0.03 * ear.rate


BLOCK = round(BLOCK_SECONDS * SPEAKING_RATE)


def test_a_stop_is_a_fade_without_a_click_within_a_block(
    sound_card: SoundCard, speaker: DeviceSpeaker, events: queue.Queue[Any]
) -> None:
    ear = sound_card.ear()
    for number in range(5):
        before = ear.listen(0.1).size
        speaker.play(number, tone(2.0))
        ear.listen(0.2 + 0.013 * number)
        speaker.stop()
        ended = wait_for(events, PlaybackEnded)
        [(first, last)] = loud_parts(ear.listen(0.15)[before:])
        ending = ear.heard()[before + last - 4800 : before + last + 480]
        assert ended.cut
        # It stopped at a block's beginning plus the fade: 10 ms blocks, so at once.
        assert ended.samples_played % BLOCK == round(FADE_SECONDS * SPEAKING_RATE) % BLOCK
        assert (last - first) / ear.rate == pytest.approx(ended.samples_played / SPEAKING_RATE, abs=0.005)
        # No step larger than the tone's own: 2 pi 441 / 48000 * 0.4.
        assert np.max(np.abs(np.diff(ending))) < 0.0231 * 1.05


def test_clips_follow_one_another_and_nothing_runs_dry(
    sound_card: SoundCard, speaker: DeviceSpeaker, events: queue.Queue[Any]
) -> None:
    ear = sound_card.ear()
    for number in range(3):
        speaker.play(number, tone(0.2))
        assert wait_for(events, PlaybackEnded).clip == number
    assert len(loud_parts(ear.listen(0.2))) == 3


def test_what_is_said_into_the_microphone_arrives_in_frames(
    sound_card: SoundCard, events: queue.Queue[Any]
) -> None:
    mouth = sound_card.mouth()
    microphone = DeviceMicrophone("pulse")
    microphone.open(events.put)
    said = (tone(0.5, 0.4, 16000) * 32767).astype(np.int16)
    mouth.say(said)
    sound = np.zeros(0, np.int16)
    while np.count_nonzero(np.abs(sound) > 500) < 0.8 * said.size:
        frame = wait_for(events, FrameArrived).samples
        assert frame.shape == (320,)
        assert frame.dtype == np.int16
        sound = np.concatenate([sound, frame])
    microphone.close()
    loud = np.flatnonzero(np.abs(sound) > 500)
    middle = sound[loud[0] + 800 : loud[0] + 4000].astype(float)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.4 * 32767 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("other", [Format(44100, 1), Format(48000, 2)])
def test_a_device_with_a_rate_of_its_own_is_resampled(
    sound_card: SoundCard, events: queue.Queue[Any], monkeypatch: pytest.MonkeyPatch, other: Format
) -> None:
    monkeypatch.setattr(microphone_module, "find_format", lambda *arguments: other)
    monkeypatch.setattr(speaker_module, "find_format", lambda *arguments: other)
    speaker, microphone, ear = DeviceSpeaker(), DeviceMicrophone(), sound_card.ear()
    speaker.open(events.put)
    speaker.play(1, tone(0.5))
    ended = wait_for(events, PlaybackEnded)
    [(first, last)] = loud_parts(ear.listen(0.2))
    speaker.close()
    assert ended.samples_played == 11025
    assert (last - first) / ear.rate == pytest.approx(0.5, abs=0.005)

    mouth = sound_card.mouth()
    microphone.open(events.put)
    mouth.say((tone(0.6, 0.4, 16000) * 32767).astype(np.int16))
    sound = np.concatenate([wait_for(events, FrameArrived).samples for _ in range(60)])
    microphone.close()
    loud = sound[np.flatnonzero(np.abs(sound) > 500)[0] :][1600:8000].astype(float)
    spectrum = np.abs(np.fft.rfft(loud * np.hanning(loud.size)))
    assert np.argmax(spectrum) * 16000 / loud.size == pytest.approx(441, abs=5)


def refuses_all_but(rate: int, channels: int, check: Callable[..., None]) -> Callable[..., None]:
    """PortAudio's own check for a device that takes one format only: it refuses others as PortAudio does."""

    def strict(**wanted: Any) -> None:
        if (wanted["samplerate"], wanted["channels"]) != (rate, channels):
            raise load_sounddevice().PortAudioError("Invalid sample rate", -9997)
        check(**wanted)

    return strict


def test_a_device_that_refuses_our_rate_and_mono_is_played_to_in_what_it_takes(
    sound_card: SoundCard, events: queue.Queue[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sounddevice = load_sounddevice()
    strict = refuses_all_but(48_000, 2, sounddevice.check_output_settings)
    monkeypatch.setattr(sounddevice, "check_output_settings", strict)
    speaker, ear = DeviceSpeaker(), sound_card.ear()
    speaker.open(events.put)
    assert speaker._rate == 48_000
    speaker.play(1, tone(0.5))
    assert wait_for(events, PlaybackEnded).samples_played == 11025
    [(first, last)] = loud_parts(ear.listen(0.2))
    speaker.close()
    assert (last - first) / ear.rate == pytest.approx(0.5, abs=0.005)


def test_a_device_that_takes_nothing_is_named_in_one_sentence(
    sound_card: SoundCard, events: queue.Queue[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sounddevice = load_sounddevice()
    strict = refuses_all_but(96_000, 1, sounddevice.check_output_settings)
    monkeypatch.setattr(sounddevice, "check_output_settings", strict)
    with pytest.raises(SetupError, match=r"^The speaker \"default\" cannot be opened .* choose another\.$"):
        DeviceSpeaker().open(events.put)


def test_a_paced_speaker_lets_time_pass_as_the_device_does(sound_card: SoundCard) -> None:
    events: queue.Queue[Any] = queue.Queue()
    speaker, ear = DeviceSpeaker(paced=True), sound_card.ear()
    ear.listen(0.05)
    speaker.open(events.put)
    before = ear.heard().size
    speaker.play(1, tone(0.5))
    ticks = 0
    while events.empty():
        speaker.tick()
        ticks += 1
    for _ in range(25):
        speaker.tick()
    passed = (ear.heard().size - before) / ear.rate
    speaker.close()
    # 0.5 s of sound, and a few frames until it was heard.
    assert 25 <= ticks <= 35
    assert passed > 0.02 * (ticks + 25) - 0.2


def test_a_sound_server_that_dies_is_told_once_for_each_device_and_they_open_again(
    sound_card: SoundCard, events: queue.Queue[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "STALLED_SECONDS", 600.0)  # the streams' own end is noticed
    speaker, microphone = DeviceSpeaker(paced=True), DeviceMicrophone()
    speaker.open(events.put)
    microphone.open(events.put)
    wait_for(events, FrameArrived)
    speaker.play(1, tone(5.0))
    sound_card.kill_daemon()
    lost = {wait_for(events, DeviceLost).which, wait_for(events, DeviceLost).which}
    for _ in range(500):
        speaker.tick()  # would take ten seconds if it still waited for the device
    speaker.close()
    microphone.close()
    assert lost == {"microphone", "speaker"}

    sound_card.mend()
    speaker.open(events.put)
    microphone.open(events.put)
    speaker.play(2, tone(0.1))
    assert wait_for(events, PlaybackEnded).clip == 2
    wait_for(events, FrameArrived)
    speaker.close()
    microphone.close()
    assert not any(isinstance(event, DeviceLost) for event in list(events.queue))


def test_a_device_that_stands_still_is_lost(
    sound_card: SoundCard, events: queue.Queue[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "STALLED_SECONDS", 0.5)
    microphone = DeviceMicrophone()
    microphone.open(events.put)
    wait_for(events, FrameArrived)
    sound_card.freeze()
    lost = wait_for(events, DeviceLost)
    sound_card.thaw()
    microphone.close()
    assert lost.which == "microphone"
    assert "no sound" in lost.reason


def test_closing_is_no_loss_and_ends_the_frames(sound_card: SoundCard, events: queue.Queue[Any]) -> None:
    microphone, speaker = DeviceMicrophone(), DeviceSpeaker()
    microphone.open(events.put)
    speaker.open(events.put)
    wait_for(events, FrameArrived)
    microphone.close()
    speaker.close()
    assert not any(isinstance(event, DeviceLost) for event in list(events.queue))


def test_a_speaker_that_is_unplugged_and_comes_back_plays_again(
    sound_card: SoundCard, events: queue.Queue[Any]
) -> None:
    sound_card.unplug(SPEAKER)
    sound_card.plug(SPEAKER)
    ear, speaker = sound_card.ear(), DeviceSpeaker()
    speaker.open(events.put)
    speaker.play(1, tone(0.2))
    wait_for(events, PlaybackEnded)
    speaker.close()
    assert len(loud_parts(ear.listen(0.1))) == 1
