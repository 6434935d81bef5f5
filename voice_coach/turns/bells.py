"""The soft bells of a turn: two minutes are left, or a talk has been long. Each rings once and ends nothing.

In: how the microphone listens, and frames. Out: whether a bell is due. Pure.
"""

from __future__ import annotations

from voice_coach.audio.ports import FRAME_SECONDS
from voice_coach.conversation.cues import Listen


class Bells:
    """Both bells of a session's turns."""

    def __init__(self) -> None:
        self._listen: Listen | None = None
        self._opened = 0
        self._rung_at: float | None = None
        self._rung_after = False

    def begin(self, listen: Listen, frame: int) -> None:
        """The microphone has opened. A turn that goes on after a line keeps its own beginning."""
        if self._listen is None or self._listen.state != listen.state:
            self._opened, self._rung_after = frame, False
        self._listen = listen

    def due(self, frame: int) -> bool:
        """Whether a bell is to ring now; told once."""
        listen = self._listen
        if listen is None:
            return False
        at, after = listen.bell_at, listen.bell_after
        if at is not None and at != self._rung_at and frame * FRAME_SECONDS >= at:
            self._rung_at = at
            return True
        if after is not None and not self._rung_after and (frame - self._opened) * FRAME_SECONDS >= after:
            self._rung_after = True
            return True
        return False
