"""Noise taken out in front of the recogniser, frame by frame, and its delay accounted for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sound_pieces import in_a_room, read

from voice_coach.audio.ports import Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing import noise_suppression
from voice_coach.hearing.hear import speech_pieces
from voice_coach.hearing.noise_suppression import Suppressor, choose_suppressor
from voice_coach.hearing.segmenter import Segmenter, SpeechBegan, SpeechEnded


@pytest.fixture
def rnnoise() -> Suppressor:
    if noise_suppression._library_path() is None:
        pytest.skip("noise suppression is not installed here")
    found = choose_suppressor("on")
    assert found is not None
    return found


def through(suppressor: Suppressor, sound: Pcm) -> Pcm:
    return np.concatenate([suppressor(sound[at : at + 320]) for at in range(0, sound.size - 319, 320)])


def level(sound: Pcm) -> float:
    return float(20 * np.log10(max(1.0, sound.astype(np.float64).std())))


def noise(seconds: float, loudness: float = 800.0) -> Pcm:
    return np.random.default_rng(3).normal(0, loudness, round(16_000 * seconds)).astype(np.int16)


def test_steady_noise_becomes_at_least_20_db_quieter(rnnoise: Suppressor) -> None:
    cleaned = through(rnnoise, noise(3.0))
    assert level(cleaned[32_000:]) < level(noise(3.0)) - 20


def test_a_voice_keeps_its_level(rnnoise: Suppressor, words: Path) -> None:
    spoken = in_a_room(read(sorted((words / "yes").iterdir())[0]))
    assert abs(level(through(rnnoise, spoken)) - level(spoken)) < 3


def test_what_comes_out_is_as_late_as_it_says(rnnoise: Suppressor, words: Path) -> None:
    spoken = in_a_room(read(sorted((words / "yes").iterdir())[0]))
    cleaned = through(rnnoise, spoken)
    size = 2 * spoken.size
    spectrum = np.fft.rfft(cleaned.astype(float), size) * np.conj(np.fft.rfft(spoken.astype(float), size))
    late = int(np.argmax(np.fft.irfft(spectrum)))
    assert abs(late - 320 * rnnoise.delay) <= 80


def test_after_a_reset_nothing_of_before_comes_out(rnnoise: Suppressor, words: Path) -> None:
    spoken = read(sorted((words / "yes").iterdir())[0])
    through(rnnoise, spoken[:8000])
    rnnoise.reset()
    assert not through(rnnoise, np.zeros(320 * rnnoise.delay, np.int16)).any()


def test_a_word_ends_as_soon_behind_a_delay_as_without() -> None:
    def bounds(suppress: Suppressor | None) -> tuple[int, int]:
        segmenter = Segmenter(lambda frame: bool(np.abs(frame).max() > 2000), suppress=suppress)
        tone = (8000 * np.sin(np.arange(16_000) * 2 * np.pi * 200 / 16_000)).astype(np.int16)
        sound = np.concatenate([np.zeros(16_000, np.int16), tone, np.zeros(16_000, np.int16)])
        sound[16_000:32_000:2000] = 12_000
        began = ended = -1
        for at in range(0, sound.size, 320):
            for event in segmenter.feed(sound[at : at + 320]):
                if isinstance(event, SpeechBegan):
                    began = event.frame
                if isinstance(event, SpeechEnded):
                    ended = segmenter.frame
        return began, ended

    class Late:
        delay = 3

        def reset(self) -> None:
            self.held = [np.zeros(320, np.int16)] * self.delay

        def __call__(self, frame: Pcm) -> Pcm:
            self.held.append(frame)
            return self.held.pop(0)

    late = Late()
    late.reset()
    assert bounds(late) == bounds(None)


def test_noise_is_no_speech_once_it_is_known(rnnoise: Suppressor) -> None:
    through(rnnoise, noise(1.0, 300.0))
    pieces = speech_pieces(noise(8.0, 300.0), suppress=rnnoise)
    assert [piece for piece in pieces if piece.start > 25] == []


def test_off_is_off_and_what_is_asked_for_and_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noise_suppression, "_library_path", lambda: None)
    assert choose_suppressor("off") is None
    with pytest.raises(SetupError, match="pyrnnoise"):
        choose_suppressor("on")
