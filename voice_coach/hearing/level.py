"""How loud sound is, in decibels below full scale, and how loud the room is beneath it.

In: frames of 20 ms (int16). Out: dBFS. It never judges what is speech.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from voice_coach.audio.ports import Pcm

FULL_SCALE = 32768.0
SILENCE_DBFS = -96.0
"""What a frame of zeros is said to be: the least step of 16 bits."""


def dbfs(samples: Pcm) -> float:
    """Root mean square of a frame around its own mean, in dB below full scale; never under -96."""
    if samples.size == 0:
        return SILENCE_DBFS
    deviation = float(np.std(samples))
    if deviation < 0.5:
        return SILENCE_DBFS
    return float(max(SILENCE_DBFS, 20.0 * np.log10(deviation / FULL_SCALE)))


class NoiseFloor:
    """The level of the room: the quietest smoothed frame of the last seconds (minimum statistics)."""

    def __init__(self, *, seconds: float = 3.0) -> None:
        """`seconds` is how long a louder room takes to be believed; a quieter one is at once."""
        self._smoothed: float | None = None
        self._window = deque[float](maxlen=max(2, round(seconds / 0.5)))
        self._least = 0.0
        self._count = 0

    @property
    def dbfs(self) -> float:
        """The floor in dBFS; -96 before any frame."""
        if self._smoothed is None:
            return SILENCE_DBFS
        return min([self._least, *self._window])

    def feed(self, level: float) -> float:
        """Take one frame's level (dBFS) and give the floor (dBFS)."""
        if self._smoothed is None:
            self._smoothed = self._least = level
        self._smoothed += 0.3 * (level - self._smoothed)
        self._least = min(self._least, self._smoothed)
        self._count += 1
        if self._count == 25:
            self._window.append(self._least)
            self._least = self._smoothed
            self._count = 0
        return self.dbfs
