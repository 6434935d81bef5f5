"""Takes the part of an echo away that is a filtered copy of what was played, and bends nothing else.

In: a frame of the microphone and the frame played with it (320 samples, 16 kHz). Out: the microphone's frame
without the echo. What a person says over it stays as it is, so that a recogniser knows it; what a loudspeaker
distorts stays too. It learns the room while the coach speaks, and holds no sound but the last 0.24 s played.

A partitioned frequency domain Kalman filter: G. Enzner, P. Vary, "Frequency-domain adaptive Kalman filter for
acoustic echo control in hands-free telephones", Signal Processing 86 (2006); in partitions as in F. Kuech,
E. Mabande, G. Enzner, "State-space architecture of the partitioned-block-based acoustic echo controller",
ICASSP 2014.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, Samples

FRAME = round(HEARING_RATE * FRAME_SECONDS)
PARTITIONS = 12
"""0.24 s from the block handed to the device to the end of its echo: 0.07 s on the way, then the room."""
FORGETS = 0.9998
"""How much of what it knows of the room still holds a frame later: someone moves, a door opens."""
_SMOOTH = 0.8

Spectra = NDArray[np.complex128]
Powers = NDArray[np.float64]


class LinearEcho:
    """One room: 0.013 s of a core for each second of sound."""

    def __init__(self) -> None:
        bins = FRAME + 1
        self._room: Spectra = np.zeros((PARTITIONS, bins), np.complex128)
        self._played: Spectra = np.zeros((PARTITIONS, bins), np.complex128)
        self._unsure: Powers = np.ones((PARTITIONS, bins))
        self._left: Powers = np.full(bins, 1e-6)
        """Power of what is not explained by the echo: the person, the noise."""
        self._last: Samples = np.zeros(FRAME, np.float32)

    def __call__(self, heard: Samples, played: Samples) -> Samples:
        """The frame heard (float32) without the echo of what was played."""
        self._played = np.roll(self._played, 1, axis=0)
        self._played[0] = np.fft.rfft(np.concatenate([self._last, played]))
        self._last = played
        echo = np.fft.irfft((self._room * self._played).sum(axis=0))[FRAME:]
        clean = heard - echo
        self._learn(np.fft.rfft(np.concatenate([np.zeros(FRAME), clean])))
        return clean.astype(np.float32)

    def _learn(self, error: Spectra) -> None:
        power = np.abs(self._played) ** 2
        self._left = _SMOOTH * self._left + (1 - _SMOOTH) * np.abs(error) ** 2
        step = self._unsure / (0.5 * (self._unsure * power).sum(axis=0) + self._left + 1e-10)
        change = np.fft.irfft(step * np.conj(self._played) * error, axis=1)
        change[:, FRAME:] = 0.0
        kept = FORGETS**2
        self._unsure = kept * (1 - 0.5 * step * power) * self._unsure
        self._unsure += (1 - kept) * np.abs(self._room) ** 2 + 1e-12
        self._room += np.fft.rfft(change, axis=1)
