"""What travels between the voice and its rendering child: plain frozen data over a pipe."""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.audio.ports import Samples
from voice_coach.speaking.pacing import Sentence


@dataclass(frozen=True)
class Start:
    """First request: set up the engine with a voice (None: the clearest of the language)."""

    voice: str | None
    language: str = "en"
    or_another: bool = False
    """Where there is no such voice, the clearest speaks instead."""


@dataclass(frozen=True)
class Render:
    """Render one sentence."""

    number: int
    sentence: Sentence


@dataclass(frozen=True)
class VoiceName:
    """One voice the engine has."""

    id: str
    name: str
    language: str


@dataclass(frozen=True)
class Ready:
    """Answer to Start: the engine speaks."""

    engine: str
    voices: tuple[VoiceName, ...]
    notice: str = ""
    """Why another voice speaks than the one that was asked for."""


@dataclass(frozen=True)
class Refused:
    """Answer to Start: it will not speak; the sentence says why and what to do."""

    reason: str


@dataclass(frozen=True)
class Rendering:
    """Answer to Render: 22.05 kHz float32 samples, trimmed and level, or None and what went wrong."""

    number: int
    samples: Samples | None
    problem: str = ""
