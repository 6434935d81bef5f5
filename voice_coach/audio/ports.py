"""Where sound comes in and goes out: two small protocols and what they put on the queue.

Audio time is the only clock: one frame is 20 ms, everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FRAME_SECONDS = 0.02
HEARING_RATE = 16_000
"""Samples a second of every frame from a microphone: int16, mono, 320 samples."""
SPEAKING_RATE = 22_050
"""Samples a second of everything played: float32, mono, 441 samples a frame (eSpeak NG's own rate)."""

Pcm = NDArray[np.int16]
Samples = NDArray[np.float32]


@dataclass(frozen=True)
class FrameArrived:
    """20 ms of microphone sound, put by a live microphone."""

    samples: Pcm


@dataclass(frozen=True)
class PlaybackEnded:
    """The last sample of a clip has left the speaker (or it was cut)."""

    clip: int
    samples_played: int
    cut: bool


@dataclass(frozen=True)
class DeviceLost:
    """A live device stopped delivering or taking sound."""

    which: str
    """microphone or speaker."""
    reason: str


AudioEvent = FrameArrived | PlaybackEnded | DeviceLost
Put = Callable[[AudioEvent], None]
Overhear = Callable[[Samples, int], None]
"""Given every block handed to a speaker's device, silence too, and its rate; from the device's own thread."""


def nobody_overhears(block: Samples, rate: int) -> None:
    """For a speaker whose sound nobody takes out of a microphone."""


class Microphone(Protocol):
    """Frames of sound from a device (live: it puts them) or from material (pulled by read)."""

    live: bool

    @property
    def passes(self) -> bool:
        """Whether sound has come through it since it was opened."""

    def open(self, put: Put) -> None:
        """Start; a live one puts FrameArrived from now on. Raises SetupError in one sentence."""

    def read(self) -> Pcm:
        """The next frame (320 samples) of a pulled microphone; silence after its material's end."""

    def close(self) -> None:
        """Stop and let go of the device."""


class Speaker(Protocol):
    """One clip at a time, cut within one block when told."""

    live: bool

    @property
    def passes(self) -> bool:
        """Whether it has taken sound since it was opened, and not only filled its buffer."""

    def open(self, put: Put) -> None:
        """Start; PlaybackEnded is put when a clip has been heard. Raises SetupError in one sentence."""

    def play(self, clip: int, samples: Samples) -> None:
        """Begin a clip at SPEAKING_RATE (the one before must have ended)."""

    def stop(self) -> None:
        """Fade out within one block; PlaybackEnded(cut=True) follows if a clip was playing."""

    def tick(self) -> None:
        """Let one frame of time pass. Not live: plays 441 samples. Live: waits until a frame is taken."""

    def close(self) -> None:
        """Finish what is to be written and let go of the device."""
