"""Keeps the place of a session while a device is away.

In: which device went or came. Out: cues: the notice, a pause in place of what was going on, and on return
where we were. A pause clears every permission, so that none is carried over. It touches no device.
"""

from __future__ import annotations

from voice_coach.conversation.cues import Cue, Say, Turn
from voice_coach.conversation.dialogue import Conversation

LOST = {"microphone": "MIC_LOST", "speaker": "SPEAKER_LOST", "muted": "MIC_MUTED"}
"""What went -> the line of the pack that says so."""
BACK = {"microphone": "MIC_BACK", "speaker": "SPEAKER_BACK", "muted": "MIC_BACK"}


class Place:
    """The pause that a loss has made, and the way back."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._away: set[str] = set()
        self._paused_by_us = False

    def line(self, name: str) -> Say | None:
        """A line of the pack, said beside the conversation."""
        state = self._conversation.state
        if state is None or name not in self._conversation.pack.lines:
            return None
        book = self._conversation.book
        say = book.line(name, state, self._conversation.memory, stance="listen")
        if say is not None:
            book.note(say)
        return say

    def hold(self, which: str, at: float) -> list[Cue]:
        """What to do now that this has gone: say so, and pause."""
        self._away.add(which)
        notice = self.line(LOST[which])
        already = self._is_paused
        cues = self._conversation.hear(Turn("REPEAT" if already else "PAUSE", by="key", at=at))
        self._paused_by_us = self._paused_by_us if already else self._is_paused
        if not self._is_paused:
            again = cues or self._conversation.hear(Turn("REPEAT", by="key", at=at))
            return [*self._said(notice), *again]
        return [*self._said(notice), *(cue for cue in cues if not isinstance(cue, Say))]

    def back(self, which: str, at: float) -> list[Cue]:
        """What to do now that this is back: say so, and go on where we were once all is back."""
        self._away.discard(which)
        if which == "microphone":
            self._away.discard("muted")  # It was opened anew: that it gave zeros was before.
        notice = self._said(self.line(BACK[which]))
        if self._is_paused and self._paused_by_us and not self._away:
            self._paused_by_us = False
            return [*notice, *self._conversation.hear(Turn("RESUME", by="key", at=at))]
        again = self._conversation.hear(Turn("REPEAT", by="key", at=at))
        if self._is_paused:
            again = [cue for cue in again if not isinstance(cue, Say)]
        return [*notice, *again]

    def follow(self) -> None:
        """The person has answered: where they went on by themselves, a later pause is their own."""
        self._paused_by_us = self._paused_by_us and self._is_paused

    @property
    def _is_paused(self) -> bool:
        return self._conversation.memory.state == "PAUSED"

    @staticmethod
    def _said(say: Say | None) -> list[Cue]:
        return [] if say is None else [say]
