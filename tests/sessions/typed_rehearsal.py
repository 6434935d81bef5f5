"""A plan held without sound: every word is heard right, every key is pressed, silence is as long as planned.

In: a plan, and how many notes were kept before. Out: the states it went through, and what the real
rehearsal would find unmet. What the ears make of it is the rehearsal's own question.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from voice_coach.conversation.cues import (
    AUTO,
    SILENCE,
    SPEECH_END,
    UNCLEAR,
    Cue,
    DropLastNote,
    End,
    FetchNote,
    KeepNote,
    Listen,
    Next,
    Say,
    Turn,
    WipeNotes,
)
from voice_coach.conversation.memory import Kinds
from voice_coach.packs.models import Pack
from voice_coach.rehearsal.plan import Plan, PlannedTurn
from voice_coach.rehearsal.rehearse import Witness, unmet
from voice_coach.session import new_conversation
from voice_coach.understanding.table import PhraseTable
from voice_coach.understanding.understand import understand

MOST_TURNS = 400
_UNHEARD = {"choice": UNCLEAR, "gate": UNCLEAR, "short": SPEECH_END, "think": SPEECH_END}


@dataclass
class TypedRehearsal:
    """One plan, from its first prompt to its end."""

    pack: Pack
    plan: Plan
    kept: int = 0
    sealed: bool = False
    said: list[Say] = field(default_factory=list)
    witness: Witness = field(default_factory=Witness)

    def faults(self) -> list[str]:
        """Hold it; what was expected and did not come."""
        options = self.plan.options
        kinds: Kinds = "both" if options.recognizer == "vosk" else "voice"
        self.talk = new_conversation(self.pack, replace(options, seed=options.seed or 0), kinds)
        self._left = list(self.plan.turns)
        self._at = 0.0
        self._fetched = 0
        self._note_what_is_there()
        listen = self._perform(self.talk.begin())
        for _ in range(MOST_TURNS):
            if listen is None:
                break
            listen = self._turn(listen)
        faults = unmet(self.plan.expect, self.witness)
        return faults + [f"never said or done: {turn.say or turn.key} in {turn.state}" for turn in self._left]

    def _turn(self, listen: Listen) -> Listen | None:
        rung = listen.rung
        while True:
            planned = self._find(listen.state)
            if planned is None:
                self._at += listen.patience[rung] if rung < len(listen.patience) else 60.0
                turn = Turn(SILENCE, at=self._at, rung=rung)
                rung = min(rung + 1, max(0, len(listen.patience) - 1))
            else:
                self._at += 2.0
                answer = self._answer(planned, listen)
                if answer is None:
                    continue
                turn = answer
            cues = self.talk.hear(turn)
            if any(isinstance(cue, Say | Next | Listen | End) for cue in cues):
                return self._perform(cues)

    def _answer(self, planned: PlannedTurn, listen: Listen) -> Turn | None:
        self._left.remove(planned)
        if planned.silence is not None:
            return None
        if planned.key is not None:
            return Turn(planned.key, by="key", at=self._at)
        assert planned.say is not None
        table = PhraseTable.for_state(self.pack, listen.state)
        meaning = understand(planned.say, table, listen.turn)
        intent = meaning.intent or _UNHEARD.get(listen.turn)
        over = planned.delay < 0
        return None if intent is None else Turn(intent, at=self._at, while_speaking=over, word=meaning.word)

    def _find(self, state: str) -> PlannedTurn | None:
        here = (turn for turn in self._left if turn.state == state)
        free = (turn for turn in self._left if not turn.state)
        return next(here, None) or next(free, None)

    def _perform(self, cues: list[Cue]) -> Listen | None:
        self._note_state()
        todo = deque(cues)
        while todo:
            match todo.popleft():
                case Say() as say:
                    self.said.append(say)
                    self.witness.spoken.append((say.state, say.stance))
                    self.talk.spoken(say)
                    self._at += 5.0
                case Next():
                    todo.extend(self.talk.hear(Turn(AUTO, at=self._at)))
                    self._note_state()
                case Listen() as listen:
                    return listen
                case End(why):
                    self.witness.why = why
                    return None
                case cue:
                    self._keep(cue)
        return None

    def _keep(self, cue: Cue) -> None:
        match cue:
            case KeepNote():
                self.kept += 1
            case DropLastNote():
                self.kept -= 1
            case WipeNotes():
                self.kept = 0
            case FetchNote(first):
                self._fetched = 1 if first else self._fetched + 1
        self._note_what_is_there()

    def _note_what_is_there(self) -> None:
        memory = self.talk.memory
        memory.notes_there = "none" if not self.kept else "sealed" if self.sealed else "some"
        memory.more_notes = self._fetched < self.kept

    def _note_state(self) -> None:
        state = self.talk.memory.state
        if state in self.pack.states and state != (self.witness.states or [""])[-1]:
            self.witness.states.append(state)
