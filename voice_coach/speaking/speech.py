"""What is asked of the voice and what comes back on the session's queue: plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.audio.ports import Samples
from voice_coach.speaking.pacing import NORMAL_PACE, Pace


@dataclass(frozen=True)
class Speech:
    """One prompt as it is to be spoken."""

    parts: tuple[str, ...]
    pace: Pace = NORMAL_PACE
    words_per_minute: int | None = None
    """Instead of the pace's (for simulated people)."""


@dataclass(frozen=True)
class Rendered:
    """A needed prompt: float32 samples at SPEAKING_RATE, or None when it cannot be spoken."""

    speech: Speech
    samples: Samples | None
    starts: tuple[int, ...] = (0,)
    """First sample of each sentence, rising from 0."""


@dataclass(frozen=True)
class VoiceLost:
    """The voice is gone for this session; one sentence says why and what to do."""

    reason: str


@dataclass(frozen=True)
class VoiceReplaced:
    """Another voice speaks than the one asked for; one sentence says why and which there are."""

    reason: str


VoiceEvent = Rendered | VoiceLost | VoiceReplaced
