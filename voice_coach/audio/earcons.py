"""The five soft sounds that say what the microphone and the time are doing (conversation design, 6.7).

In: a name. Out: samples (float32, 22.05 kHz, under 0.4 s), beginning and ending at 0. There is no error buzz.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

from voice_coach.audio.ports import SPEAKING_RATE, Samples
from voice_coach.speaking.loudness import EARCON_LUFS, at_loudness

Earcon = Literal["open", "closed", "tick", "bell", "paused"]
EARCONS: tuple[Earcon, ...] = ("open", "closed", "tick", "bell", "paused")

_ATTACK_SECONDS = 0.012
_HARMONICS = (1.0, 0.25, 0.08)
"""Strengths of the note and its first overtones: round, no edge."""


@cache
def earcon(name: Earcon) -> Samples:
    """The samples of one earcon, made once; they cannot be written to."""
    match name:
        case "open":
            sound = _note(440.0, 587.3, 0.20, 0.09)
        case "closed":
            sound = _note(587.3, 440.0, 0.20, 0.09)
        case "tick":
            sound = _note(880.0, 880.0, 0.07, 0.05)
        case "bell":
            sound = _bell(659.3, 0.38)
        case "paused":
            gap = np.zeros(round(0.05 * SPEAKING_RATE))
            sound = np.concatenate([_note(294.0, 294.0, 0.15, 0.07), gap, _note(247.0, 247.0, 0.17, 0.09)])
    samples = at_loudness(sound.astype(np.float32), EARCON_LUFS)
    samples.flags.writeable = False
    return samples


def _note(
    first: float, last: float, seconds: float, release: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A note gliding from one frequency (Hz) to another."""
    count = round(seconds * SPEAKING_RATE)
    phase = 2.0 * np.pi * np.cumsum(np.linspace(first, last, count)) / SPEAKING_RATE
    tone = sum(strength * np.sin((at + 1) * phase) for at, strength in enumerate(_HARMONICS))
    return np.asarray(tone * _envelope(count, release))


def _bell(frequency: float, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A struck note that dies away; the partials are those of a small bell, weak."""
    count = round(seconds * SPEAKING_RATE)
    time = np.arange(count) / SPEAKING_RATE
    partials = ((1.0, 1.0, 7.0), (2.0, 0.3, 10.0), (2.76, 0.12, 16.0))
    tone = sum(
        strength * np.sin(2.0 * np.pi * frequency * ratio * time) * np.exp(-decay * time)
        for ratio, strength, decay in partials
    )
    return np.asarray(tone * _envelope(count, 0.1))


def _envelope(count: int, release: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A short attack and a raised-cosine release, 0 at both ends."""
    shape = np.ones(count)
    rise, fall = round(_ATTACK_SECONDS * SPEAKING_RATE), round(release * SPEAKING_RATE)
    shape[:rise] = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, rise))
    shape[-fall:] = 0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, fall))
    return shape
