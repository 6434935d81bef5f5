"""One clip on its way out: what every speaker does with samples, block by block.

In: the samples of one clip. Out: blocks to be played, never louder than the guard, never ending in a click.
It knows no device and reads no clock.
"""

from __future__ import annotations

import numpy as np

from voice_coach.audio.ports import Samples

PEAK = 10 ** (-3 / 20)
"""No sample played is larger than this (-3 dBFS)."""
FADE_SECONDS = 0.01
"""A cut clip fades out over this long (the audio study: no click at 10 ms)."""


class Clip:
    """Samples being played, cut with a short fade when told."""

    def __init__(self, number: int, samples: Samples, rate: int) -> None:
        """Hold `samples` (float32, mono) at the rate the device takes."""
        self.number = number
        self.cut = False
        self.played = 0
        self._samples = np.clip(samples, -PEAK, PEAK).astype(np.float32, copy=False)
        self._end = self._samples.size
        length = round(FADE_SECONDS * rate)
        # Raised cosine from 1 to 0: no corner at either end.
        self._fade = (0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, length))).astype(np.float32)

    @property
    def ended(self) -> bool:
        """Whether the last sample has been handed out."""
        return self.played >= self._end

    def stop(self) -> None:
        """End the clip within the next block, however much of it is left."""
        if not self.ended:
            self.cut = True

    def fill(self, block: Samples) -> int:
        """Write the next samples into `block` (silence after the end); returns how many were the clip's.

        A block is at least as long as the fade, so a cut clip ends in the first block after stop().
        """
        if self.cut:
            self._end = min(self._end, self.played + self._fade.size)
        count = min(block.size, self._end - self.played)
        block[:count] = self._samples[self.played : self.played + count]
        block[count:] = 0.0
        if self.cut and count == self._fade.size:
            block[:count] *= self._fade
        self.played += count
        return count
