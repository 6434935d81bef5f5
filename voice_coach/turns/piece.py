"""A piece of speech on its way to the recogniser and back: plain data of one turn."""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.recognizer import Hypothesis


@dataclass
class Piece:
    """A piece of speech that was sent off."""

    request: int
    sound: Pcm | None
    """Held while the coach speaks only: the turn may begin with it."""
    start: int
    end: int
    final: bool
    speech_seconds: float
    hypothesis: Hypothesis | None = None
