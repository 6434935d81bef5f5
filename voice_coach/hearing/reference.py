"""What the speaker really plays, in step with the microphone: the reference of the echo canceller.

In: blocks as they are handed to the device, from its own thread, at its own rate. Out: one frame of 320
samples at 16 kHz for every frame of the microphone. It guesses nothing: a block that was not played is not
there, and a block that comes late makes all later ones late. It keeps a fraction of a second, in memory.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, Samples

FRAME = round(HEARING_RATE * FRAME_SECONDS)
LOOKED_AT = 100
"""Frames (2 s) over which the least that waits is taken: a moment's jam is no drift."""
MOST_WAITING = 5 * FRAME
"""More than this waiting all the while has drifted ahead of the microphone, and is brought back to LEFT."""
LEFT = 2 * FRAME


class Reference:
    """A queue between two threads and two clocks."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[Samples, int]] = deque()
        self._waiting: Samples = np.zeros(0, np.float32)
        self._rate = HEARING_RATE
        self._resampler: Any = None
        self._least, self._looked = MOST_WAITING, 0

    def played(self, block: Samples, rate: int) -> None:
        """Take a block (float32, mono) that was handed to the device; for the device's thread."""
        self._blocks.append((block.copy(), rate))

    def take(self) -> Samples:
        """What was played in the next 20 ms; silence where too little has been played."""
        while self._blocks:
            self._waiting = np.concatenate([self._waiting, self._at_hearing_rate(*self._blocks.popleft())])
        self._follow_drift()
        if self._waiting.size < FRAME:
            return np.zeros(FRAME, np.float32)
        frame, self._waiting = self._waiting[:FRAME], self._waiting[FRAME:]
        return frame

    def _follow_drift(self) -> None:
        self._least = min(self._least, self._waiting.size)
        self._looked += 1
        if self._looked == LOOKED_AT:
            if self._least >= MOST_WAITING:
                self._waiting = self._waiting[self._least - LEFT :]
            self._least, self._looked = self._waiting.size, 0

    def _at_hearing_rate(self, block: Samples, rate: int) -> Samples:
        if rate == HEARING_RATE:
            return block
        if rate != self._rate:
            import soxr

            self._rate = rate
            self._resampler = soxr.ResampleStream(rate, HEARING_RATE, 1, dtype="float32", quality="LQ")
        resampled: Samples = self._resampler.resample_chunk(block)
        return resampled
