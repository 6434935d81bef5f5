"""What a session tells its event log about turns, states, devices and troubles.

In: what happened, at a frame. Out: events. The words a person said are in it only where they may be.
"""

from __future__ import annotations

from typing import Any

from voice_coach.conversation.cues import (
    SILENCE,
    UNCLEAR,
    Consent,
    DropLastNote,
    FetchNote,
    ForgetNote,
    KeepNote,
    Listen,
    NoteCue,
    WipeNotes,
)
from voice_coach.events import EventLog
from voice_coach.packs.models import State
from voice_coach.turns.listener import Listener, Outcome

_ASKED = {
    KeepNote: "keep",
    ForgetNote: "let go",
    FetchNote: "fetch",
    WipeNotes: "wipe",
    DropLastNote: "delete the last",
}


class Record:
    """Writes events; knows which state they belong to."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._state = ""

    def state(self, frame: int, state: State | None) -> None:
        """Where the conversation is now, if it has moved."""
        if state is not None and state.name != self._state:
            self._state = state.name
            self._log.emit(frame, "state", name=state.name, stance=state.stance)

    def listen(self, frame: int, listen: Listen) -> None:
        """The microphone has opened."""
        self._log.emit(frame, "listen", state=listen.state, turn=listen.turn)

    def dropped(self, frame: int, state: str, phrases: dict[str, list[str]]) -> None:
        """Phrases of a state that the recogniser could not take."""
        if phrases:
            self._log.emit(frame, "dropped", state=state, phrases=phrases)

    def outcome(self, frame: int, outcome: Outcome, listener: Listener, *, words: bool) -> None:
        """What came of listening."""
        turn, heard = outcome.turn, outcome.heard
        if turn.intent == SILENCE:
            self._log.emit(frame, "silence", state=self._state, rung=turn.rung)
            return
        fields: dict[str, Any] = {
            "state": self._state,
            "intent": None if turn.intent == UNCLEAR else turn.intent,
            "confidence": round(heard.confidence, 3) if heard is not None else None,
            "turn": listener.turn,
        }
        if listener.consents:
            fields["clean"] = turn.clean and not turn.while_speaking
        if words and heard is not None:
            fields["words"] = heard.text
        self._log.emit(frame, "heard", **fields)

    def key(self, frame: int, intent: str) -> None:
        """A key was pressed."""
        self._log.emit(frame, "key", state=self._state, intent=intent)

    def consent(self, frame: int, fact: Consent) -> None:
        """A permission was taken, spent, cleared, or refused for good."""
        what = fact.what.replace("_", " ")
        self._log.emit(frame, "consent", state=self._state, what=what, person=fact.person)

    def device(self, frame: int, which: str, what: str, reason: str = "") -> None:
        """A device was lost, came back, or fell silent."""
        fields = {"reason": reason} if reason else {}
        self._log.emit(frame, "device", which=which, what=what, **fields)

    def trouble(self, frame: int, text: str) -> None:
        """Something does not work any more; one sentence for the person."""
        self._log.emit(frame, "trouble", text=text)

    def note(self, frame: int, cue: NoteCue, trouble: str) -> None:
        """What was asked of the notes, and whether it was done: never a word of one, nor which."""
        if trouble:
            self.trouble(frame, trouble)
        self._log.emit(frame, "note", what=_ASKED[type(cue)], done=not trouble)

    def end(self, frame: int, why: str) -> None:
        """The session is over."""
        self._log.emit(frame, "end", why=why)
