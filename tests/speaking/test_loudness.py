"""Loudness after BS.1770, and edges without a click."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from voice_coach.speaking.edges import faded, trimmed
from voice_coach.speaking.loudness import at_loudness, loudness, true_peak, with_gain
from voice_coach.speaking.stand_in import render_person


def sine(seconds: float, size: float = 1.0, frequency: float = 997.0, rate: int = 22050) -> np.ndarray:
    return (size * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
def test_a_full_scale_sine_of_997_hz_measures_minus_3_01(rate: int) -> None:
    assert loudness(sine(5.0, rate=rate), rate) == pytest.approx(-3.01, abs=0.06)


def test_half_the_size_is_six_lower() -> None:
    assert loudness(sine(3.0, 0.5)) - loudness(sine(3.0)) == pytest.approx(-6.02, abs=0.01)


def test_low_rumble_counts_less_and_treble_more() -> None:
    assert loudness(sine(3.0, frequency=40.0)) < loudness(sine(3.0)) - 4.0
    assert loudness(sine(3.0, frequency=4000.0)) > loudness(sine(3.0)) + 2.5


def test_pauses_are_gated_out() -> None:
    speech = sine(2.0, 0.2)
    with_pauses = np.concatenate([speech, np.zeros(22050 * 4, np.float32), speech])
    assert loudness(with_pauses) == pytest.approx(loudness(speech), abs=0.4)


def test_a_short_word_is_measured_like_a_long_one() -> None:
    assert loudness(sine(0.2, 0.3)) == pytest.approx(loudness(sine(2.0, 0.3)), abs=0.2)


def test_silence_has_no_loudness_and_stays_silence() -> None:
    silence = np.zeros(22050, np.float32)
    assert loudness(silence) == float("-inf")
    assert loudness(np.zeros(0, np.float32)) == float("-inf")
    assert not np.any(at_loudness(silence))


def test_sound_is_brought_to_its_loudness_but_its_peak_never_past_minus_3_dbfs() -> None:
    assert loudness(at_loudness(sine(2.0, 0.01))) == pytest.approx(-23.0, abs=0.01)
    spiky = sine(2.0, 0.005)
    spiky[::4410] = 0.9
    assert np.max(np.abs(at_loudness(spiky, -10.0))) == pytest.approx(10 ** (-3 / 20), abs=1e-4)
    assert np.max(np.abs(with_gain(sine(1.0), 12.0))) <= 10 ** (-3 / 20) + 1e-6


def between(sound: np.ndarray) -> float:
    """The peak of the sound at 8 times its rate, by the discrete Fourier transform."""
    spectrum = np.fft.rfft(sound)
    return float(np.abs(np.fft.irfft(spectrum, 8 * sound.size)).max() * 8)


@pytest.mark.parametrize("phase", [0.125, 0.25])
def test_the_peak_between_the_samples_counts(phase: float) -> None:
    # A tone at a quarter of the rate, of which every sample lies below the peak.
    tone = (0.5 * np.sin(np.pi * (np.arange(4000) / 2 + phase))).astype(np.float32)
    assert np.max(np.abs(tone)) < 0.47
    assert true_peak(tone[100:-100]) == pytest.approx(0.5, abs=0.01)


def test_speech_is_never_louder_than_the_ceiling_even_between_its_samples() -> None:
    ceiling = 10 ** (-3 / 20)
    for text in ("take your time", "yes", "there were three of us and it went on for a long time"):
        speech = render_person(text).astype(np.float32) / 32768
        assert true_peak(speech) == pytest.approx(between(speech), rel=0.03)
        for decibels in (0.0, 6.0, 20.0):
            assert between(with_gain(speech, decibels)) <= ceiling * 1.03


def test_edges_are_trimmed_to_a_margin_and_faded() -> None:
    padded = np.concatenate([np.zeros(3000), sine(0.5, 0.5), np.zeros(9000)]).astype(np.float32)
    cut = trimmed(padded)
    assert cut.size == pytest.approx(11025 + 2 * 265, abs=4)
    ends = faded(np.full(2000, 0.5, np.float32))
    assert ends[0] == 0.0
    assert abs(ends[-1]) < 1e-6
    assert np.max(np.abs(np.diff(ends))) < 0.02
    assert np.all(ends[100:-100] == 0.5)
    assert trimmed(np.zeros(500, np.float32)).size == 0


@pytest.mark.parametrize("rate", [16000, 22050])
def test_it_agrees_with_pyloudnorm(rate: int) -> None:
    speech = render_person("there were three of us and it went on for a long time").astype(np.float32) / 32768
    other = np.repeat(speech, 2)[: rate * 3] + sine(3.0, 0.02, 440.0, rate)[: speech.size * 2]
    for sound in (
        sine(3.0, 0.3, rate=rate),
        other,
        np.concatenate([other, np.zeros(rate, np.float32), other]),
    ):
        theirs = pyloudnorm.Meter(rate).integrated_loudness(sound.astype(np.float64))
        assert loudness(sound, rate) == pytest.approx(theirs, abs=0.15)
