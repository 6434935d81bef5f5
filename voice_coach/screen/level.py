"""How loud the microphone is, for the eye: frames in, a number from 0 to 1 out, ten times a second.

It keeps no sound, and runs only while the coach listens.
"""

from __future__ import annotations

from collections.abc import Callable

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.level import dbfs

QUIET_DBFS, LOUD_DBFS = -60.0, -15.0
"""What is shown as nothing and as full: a quiet room, and speech close to a microphone."""
FRAMES = 5
"""Frames for each number: 0.1 s."""


class Meter:
    """Takes every frame of listening."""

    def __init__(self, show: Callable[[float], None]) -> None:
        self._show = show
        self._count = 0
        self._loudest = 0.0

    def frame(self, samples: Pcm) -> None:
        """Take one frame."""
        scaled = (dbfs(samples) - QUIET_DBFS) / (LOUD_DBFS - QUIET_DBFS)
        self._loudest = max(self._loudest, min(1.0, max(0.0, scaled)))
        self._count += 1
        if self._count == FRAMES:
            self._show(self._loudest)
            self._count, self._loudest = 0, 0.0
