"""The state machine: every edge of the pack, with the guards on the destination states.

Comes in: an intent that moves. Goes out: the next state and the facts for the log. Guards hang on where an
edge leads, not on where it stands in a file, so no pack can route round them; a closed guard falls through
to a gentler state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transitions import EventData, Machine

from voice_coach.conversation import answers, consent
from voice_coach.conversation.cues import Consent, Turn
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.protected import (
    ENDINGS,
    OPEN_GROUPS,
    PAST_ANSWER,
    PAST_RULES,
    is_challenge,
    is_explore,
)
from voice_coach.conversation.routes import ROUTES, Usage
from voice_coach.conversation.targets import COMPUTED, candidates, edges
from voice_coach.packs.models import Pack, State

Guard = Callable[[Memory], bool]
Condition = Callable[[EventData], bool]


def guards(state: State) -> list[Guard]:
    """What must hold for this state to be entered, whoever asks."""
    needed: list[Guard] = []
    if state.group not in OPEN_GROUPS:
        needed.append(_has_consented)
    if is_challenge(state):
        needed.append(consent.may_ask_challenge)
    if is_explore(state):
        needed.append(consent.may_explore)
    needed += _BY_NAME.get(state.name, [])
    if state.name in PAST_ANSWER:
        needed.append(_two_agreed)
    if state.name in PAST_RULES:
        needed.append(_both_agreed)
    return needed


def _has_consented(memory: Memory) -> bool:
    return memory.consented


def _two_agreed(memory: Memory) -> bool:
    return memory.two_agreed


def _both_agreed(memory: Memory) -> bool:
    return all(person.agreed for person in memory.people)


def _may_be_offered(memory: Memory) -> bool:
    return consent.may_offer_challenge(memory) or consent.may_offer_again(memory)


def _may_confirm(memory: Memory) -> bool:
    return consent.connected(memory.person) and not memory.person.not_ready and not memory.crisis


def _may_move_towards(memory: Memory) -> bool:
    return memory.mode != "heard"


def _no_crisis(memory: Memory) -> bool:
    return not memory.crisis


def _may_keep_notes(memory: Memory) -> bool:
    return memory.notes_on and not memory.crisis


_BY_NAME: dict[str, list[Guard]] = {
    "CHALLENGE_GATE": [_may_be_offered],
    "T_CH_WILLING": [consent.may_offer_challenge],
    "T_CH_GATE": [_may_be_offered, lambda memory: memory.listener_willing],
    "CH_CONFIRM": [_may_confirm],
    "T_CH_CONFIRM": [_may_confirm],
    "REOPEN_GATE": [consent.may_reopen],
    "EXPLORE_OFFER": [consent.may_explore],
    "TOWARDS": [_may_move_towards],
    "FORMAL_TOO": [_no_crisis],
    **{n: [_may_keep_notes] for n in ("NOTE_OFFER", "NOTE_KIND", "NOTE_CARE", "NOTE_SAY", "NOTE_BACK")},
}


def gentler(memory: Memory) -> str:
    """Where a closed guard falls through to."""
    if not memory.consented:
        return "CONSENT"
    if memory.mode == "together":
        return "T_BALANCE" if _both_agreed(memory) else "T_NOT_NOW"
    if memory.mode == "heard" or memory.crisis:
        return "CLOSE_CONNECT" if memory.state in {"CONNECT_CHECK", "EASE", "CLOSE_CONNECT"} else "LISTEN"
    return "TOWARDS" if consent.connected(memory.person) else "CONNECT_CHECK"


_GENTLER = ("CONSENT", "T_BALANCE", "T_NOT_NOW", "CLOSE_CONNECT", "LISTEN", "TOWARDS", "CONNECT_CHECK")


class Walker:
    """The machine's model: holds the memory, fires one intent at a time, reads no clock."""

    state: str
    trigger: Callable[[str], bool]

    def __init__(self, pack: Pack, memory: Memory, usage: Usage) -> None:
        """Build the machine once; the memory may be replaced at any time (see `memory`)."""
        self.pack = pack
        self.usage = usage
        self.facts: list[Consent] = []
        self._turn = Turn("")
        self._memory = memory
        self._machine = Machine(
            model=self,
            states=[*pack.states, *ENDINGS],
            transitions=self._transitions(pack),
            initial="WELCOME",
            auto_transitions=False,
            send_event=True,
            queued=True,
            ignore_invalid_triggers=True,
            prepare_event="note_answer",
            after_state_change="note_arrival",
        )
        memory.state = "WELCOME"

    @property
    def memory(self) -> Memory:
        """The facts of the session; setting them puts the machine in their state."""
        return self._memory

    @memory.setter
    def memory(self, memory: Memory) -> None:
        self._memory = memory
        self.state = memory.state

    def fire(self, intent: str, turn: Turn) -> list[Consent]:
        """Take one moving intent; returns the consent facts it made. The memory then holds the new state."""
        self.facts, self._turn = [], turn
        self.trigger(intent)
        self._memory.state = self.state
        return self.facts

    def note_answer(self, event: EventData) -> None:
        """Before any guard is read: let the consent rules and the plain answers change the memory."""
        turn = Turn(str(event.event.name), self._turn.by, self._turn.at)
        self.facts += consent.record(self._memory, self.state, turn)
        self.facts += answers.record(self._memory, self.state, turn.intent)

    def note_arrival(self, event: EventData) -> None:
        """After a move: what entering a state does (a token is spent, a check-in is forgotten)."""
        assert event.transition is not None
        source = str(event.transition.source)
        state = self.pack.states.get(self.state)
        self.facts += answers.arrive(self._memory, source, self.state, event.event.name)
        if state is not None and is_challenge(state):
            self.facts += consent.spend(self._memory)

    def _transitions(self, pack: Pack) -> list[dict[str, Any]]:
        return [
            row
            for state in pack.states.values()
            for intent, target in edges(pack, state).items()
            for row in self._edge(state.name, intent, target)
        ]

    def _edge(self, source: str, intent: str, target: str) -> list[dict[str, Any]]:
        """One edge: a row for each state the target can give, then the gentler ways if a guard is closed."""
        rows = []
        guarded = False
        for dest in candidates(self.pack, target, source):
            conditions = [] if dest == target else [self._chosen(target, dest)]
            if dest not in ENDINGS:
                needed = guards(self.pack.states[dest])
                guarded = guarded or bool(needed)
                conditions += [self._met(guard) for guard in needed]
            rows.append({"trigger": intent, "source": source, "dest": dest, "conditions": conditions})
        if guarded and target not in _STAYING:
            rows += [
                {"trigger": intent, "source": source, "dest": dest, "conditions": [self._gentler_is(dest)]}
                for dest in _GENTLER
                if dest in self.pack.states
            ]
        return rows

    def _chosen(self, target: str, dest: str) -> Condition:
        if target in ROUTES:
            choose = ROUTES[target].choose
            return lambda event: choose(self._memory, self.usage) == dest
        where = COMPUTED[target]
        return lambda event: where(self._memory) == dest

    def _met(self, guard: Guard) -> Condition:
        return lambda event: guard(self._memory)

    def _gentler_is(self, dest: str) -> Condition:
        return lambda event: gentler(self._memory) == dest


_STAYING = frozenset({"PREVIOUS", "WITHDRAW", "REOPENING"})
"""Targets that stay where they are when their way is closed."""
