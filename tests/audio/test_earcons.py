"""Earcons: short, soft, without a click, and told apart."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.earcons import EARCONS, Earcon, earcon
from voice_coach.audio.ports import SPEAKING_RATE
from voice_coach.speaking.loudness import loudness


@pytest.mark.parametrize("name", EARCONS)
def test_an_earcon_is_short_soft_and_begins_and_ends_at_rest(name: Earcon) -> None:
    sound = earcon(name)
    assert sound.dtype == np.float32
    assert 0.05 < sound.size / SPEAKING_RATE < 0.4
    assert loudness(sound) == pytest.approx(-26.0, abs=0.1)
    assert sound[0] == 0.0
    assert abs(sound[-1]) < 1e-6
    assert np.max(np.abs(sound)) < 10 ** (-12 / 20)
    # No step larger than a full-scale 1 kHz tone at -12 dBFS would make.
    assert np.max(np.abs(np.diff(sound))) < 0.072


def pitch(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), 1 << 16))
    return float(np.argmax(spectrum)) * SPEAKING_RATE / (1 << 16)


def test_open_rises_and_closed_falls() -> None:
    half = earcon("open").size // 2
    assert pitch(earcon("open")[half:]) > 1.1 * pitch(earcon("open")[:half])
    assert pitch(earcon("closed")[half:]) < 0.9 * pitch(earcon("closed")[:half])


def test_paused_is_two_low_notes_with_rest_between() -> None:
    sound = earcon("paused")
    quiet = np.convolve(np.abs(sound), np.ones(200) / 200, "same") < 1e-4
    starts = np.flatnonzero(np.diff(np.r_[1, quiet.astype(int)]) == -1)
    assert starts.size == 2
    assert pitch(sound) < 320


def test_an_earcon_is_made_once_and_cannot_be_changed() -> None:
    assert earcon("tick") is earcon("tick")
    with pytest.raises(ValueError, match="read-only"):
        earcon("tick")[0] = 1.0
