"""voice-coach text: the same conversation typed and printed. An empty line is silence."""

from __future__ import annotations

import argparse
import contextlib
from collections import deque

from voice_coach.commands.options import session_options
from voice_coach.conversation.cues import (
    AUTO,
    SILENCE,
    SPEECH_END,
    UNCLEAR,
    Chime,
    Consent,
    Cue,
    DropLastNote,
    End,
    FetchNote,
    ForgetNote,
    KeepNote,
    Listen,
    Next,
    NoteCue,
    Say,
    Turn,
    WipeNotes,
)
from voice_coach.conversation.dialogue import Conversation
from voice_coach.events import EventLog
from voice_coach.notes.keeper import SAYING, NoteKeeper
from voice_coach.notes.telling import TellNote
from voice_coach.settings import Options
from voice_coach.understanding.table import PhraseTable
from voice_coach.understanding.understand import understand

TICK, IN_OWN_VOICE = "TYPED_TICK", "TYPED_NOTE"
"""Lines of the pack, shown where a sound would be heard."""
ANSWER_SECONDS = 5.0
"""What a typed line counts for in the session's time."""


def run(given: argparse.Namespace) -> int:
    """Hold the session."""
    options = session_options(given)
    with contextlib.closing(EventLog(options.events, words=True)) as log:
        converse(options, log)
    return 0


def converse(options: Options, log: EventLog) -> None:
    """A whole typed session on standard input and output."""
    from voice_coach.notes.keeper import keeper_for
    from voice_coach.session import new_conversation, pack_of

    notes = keeper_for(options)
    conversation = new_conversation(pack_of(options.language, options.operator_file), options, "text")
    conversation.memory.notes_there = notes.there
    Typed(conversation, log, notes).run()


class Typed:
    """The conversation with a keyboard for ears and a terminal for a voice."""

    def __init__(self, conversation: Conversation, log: EventLog, notes: NoteKeeper) -> None:
        self._conversation, self._log, self._notes = conversation, log, notes
        self._tables: dict[str, PhraseTable] = {}
        self._seconds = 0.0
        self._state = ""
        self._over = False

    def run(self) -> None:
        """Until the conversation ends, or the input does."""
        listen = self._perform(self._conversation.begin())
        while listen is not None and not self._over:
            self._emit("listen", state=listen.state, turn=listen.turn)
            listen = self._turn(listen)

    def _turn(self, listen: Listen) -> Listen | None:
        rung = listen.rung
        while True:
            turn = self._read(listen, rung)
            if turn is None:
                self._end("input ended")
                return None
            if listen.state == SAYING and turn.intent == "DONE":
                turn = self._notes.ends_typing(turn)
            cues = self._conversation.hear(turn)
            if turn.intent == SILENCE:
                rung = min(rung + 1, max(0, len(listen.patience) - 1))
            if any(not isinstance(cue, Chime | Consent) for cue in cues):
                return self._perform(cues)
            self._perform(cues)

    def _read(self, listen: Listen, rung: int) -> Turn | None:
        """One typed line as an outcome of listening; None at the end of the input."""
        while True:
            try:
                line = input("> ")
            except EOFError:
                return None
            if not line.strip():
                self._seconds += listen.patience[rung] if rung < len(listen.patience) else ANSWER_SECONDS
                self._emit("silence", state=listen.state, rung=rung)
                return Turn(SILENCE, by="text", at=self._seconds, rung=rung)
            self._seconds += ANSWER_SECONDS
            if listen.state not in self._tables:
                self._tables[listen.state] = PhraseTable.for_state(self._conversation.pack, listen.state)
            table = self._tables[listen.state]
            meaning = understand(line, table, listen.turn)
            intent = meaning.intent or {
                "choice": UNCLEAR,
                "gate": UNCLEAR,
                "short": SPEECH_END,
                "think": SPEECH_END,
            }.get(listen.turn)
            heard = None if intent == UNCLEAR else intent
            self._emit(
                "heard",
                state=listen.state,
                intent=heard,
                confidence=1.0,
                turn=listen.turn,
                words="" if listen.state == SAYING else line.strip(),
            )
            if intent is None and listen.state == SAYING:
                self._notes.typed(line.strip())
            if intent is not None:
                return Turn(intent, by="text", at=self._seconds, word=meaning.word, also=meaning.also)

    def _perform(self, cues: list[Cue]) -> Listen | None:
        """Print what is said; returns how it listens next."""
        todo: deque[Cue | TellNote] = deque(cues)
        self._note_state()
        while todo:
            cue = todo.popleft()
            match cue:
                case Say():
                    first, *rest = self._notes.told(cue)
                    todo.extendleft(reversed(rest))
                    self._show(first)
                case TellNote():
                    self._show(cue)
                case KeepNote() | ForgetNote() | FetchNote() | WipeNotes() | DropLastNote():
                    if not self._ask_of_notes(cue):
                        todo = deque(self._conversation.not_done(cue, ()))
                case Chime(name):
                    print(self._shown(TICK) if name == "tick" else "", flush=True)
                    self._emit("chime", name=name)
                case Consent():
                    self._emit("consent", what=cue.what.replace("_", " "), person=cue.person)
                case Next():
                    todo.extend(self._conversation.hear(Turn(AUTO, at=self._seconds)))
                    self._note_state()
                case Listen():
                    return cue
                case End(why):
                    self._end(why)
                case _:
                    pass
        return None

    def _show(self, what: Say | TellNote) -> None:
        """Print a prompt or a note; no word of a note goes to the log."""
        say, parts = (what.say, (what.words,)) if isinstance(what, TellNote) else (what, what.parts)
        print("\n".join(parts) or self._shown(IN_OWN_VOICE), flush=True)
        self._emit("prompt", state=say.state, id=say.id, stance=say.stance, text=say.text)
        self._conversation.spoken(say)
        self._emit("prompt_end", state=say.state, id=say.id, how="finished")

    def _shown(self, line: str) -> str:
        return f"({self._conversation.pack.lines[line][0]})"

    def _ask_of_notes(self, cue: NoteCue) -> bool:
        done = self._notes.do(cue)
        memory = self._conversation.memory
        memory.notes_there, memory.more_notes = self._notes.there, self._notes.more
        if not done:
            self._emit("trouble", text=self._notes.trouble)
        return done

    def _note_state(self) -> None:
        state = self._conversation.state
        if state is not None and state.name != self._state:
            self._state = state.name
            if state.name == SAYING:
                self._notes.forget()
            self._emit("state", name=state.name, stance=state.stance)

    def _end(self, why: str) -> None:
        if not self._over:
            self._over = True
            self._notes.forget()
            self._emit("end", why=why)

    def _emit(self, event: str, **fields: object) -> None:
        self._log.emit(round(self._seconds * 50), event, **fields)
