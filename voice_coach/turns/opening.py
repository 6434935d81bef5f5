"""When the microphone opens after the coach's own sound or beside it, and when the note says so.

In: a turn, and the frame at which the last word was heard. Out: frames. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from voice_coach.audio.earcons import earcon
from voice_coach.audio.ports import FRAME_SECONDS, SPEAKING_RATE
from voice_coach.conversation.cues import Listen
from voice_coach.turns.rules import SETTLE_CONSENT_SECONDS, SETTLE_SECONDS

OPEN_NOTE_FRAMES = math.ceil(earcon("open").size / SPEAKING_RATE / FRAME_SECONDS)
"""The open note ends just before the microphone opens: whoever answers the note is heard whole."""
EARCON_SETTLE_FRAMES = 6
"""Deaf for 0.12 s after the open note: its echo is no speech."""


@dataclass(frozen=True)
class Openness:
    """What may be heard while the coach speaks."""

    headphones: bool = False
    """Its voice does not reach the microphone: anyone may talk over it."""
    echo_free: bool = False
    """Its voice is taken out again: a few words (stop, pause, hush, just listen) get through."""

    @property
    def hears(self) -> bool:
        """Whether the microphone is open at all while it speaks."""
        return self.headphones or self.echo_free


class Opening:
    """One turn about to be listened to."""

    def __init__(self, listen: Listen, frame: int) -> None:
        """`frame`: the last word has been heard now."""
        self.listen = listen
        settle = SETTLE_CONSENT_SECONDS if listen.consent else SETTLE_SECONDS
        self._at = frame + round(settle / FRAME_SECONDS)
        self._note_at: int | None = self._at - OPEN_NOTE_FRAMES - EARCON_SETTLE_FRAMES

    def note_due(self, frame: int) -> bool:
        """Whether the open note is to be played now; told once."""
        if self._note_at is None or frame < self._note_at:
            return False
        self._note_at = None
        return True

    def note_heard(self, frame: int) -> None:
        """The open note has been heard to its end."""
        self._at = max(self._at, frame + EARCON_SETTLE_FRAMES)

    def due(self, frame: int) -> bool:
        """Whether the microphone opens now."""
        return self._note_at is None and frame >= self._at
