"""The state machine: every edge of the pack, with the guards on the destination states.

Comes in: an intent that moves. Goes out: the next state and the facts for the log. Guards hang on where an
edge leads, not on where it stands in a file, so no pack can route round them; a closed guard falls through
to a gentler state.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from transitions import EventData, Machine

from voice_coach.conversation import answers, consent
from voice_coach.conversation.arrivals import arrive
from voice_coach.conversation.cues import Consent, Turn
from voice_coach.conversation.keeping import OFFERING
from voice_coach.conversation.memory import WELCOME_FACTS, Memory
from voice_coach.conversation.protected import (
    ENDINGS,
    EXPLORE_CARDS,
    OPEN_GROUPS,
    PAST_ANSWER,
    PAST_RULES,
    is_challenge,
    is_explore,
)
from voice_coach.conversation.routes import ROUTES, Usage, has_time_for
from voice_coach.conversation.targets import COMPUTED, STAYING_MOVES, Held, candidates, edges
from voice_coach.packs.models import Pack, State

logging.getLogger("transitions").setLevel(logging.ERROR)
"""A move that leads nowhere is no news to the person at the terminal."""

Guard = Callable[[Memory], bool]
Condition = Callable[[EventData], bool]


def has_consented(memory: Memory) -> bool:
    """A yes at CONSENT, after all it rests on was heard."""
    return memory.consented


def two_agreed(memory: Memory) -> bool:
    """Two together: Two's own yes (I-20)."""
    return memory.two_agreed


def both_agreed(memory: Memory) -> bool:
    """Two together: a yes to the ground rules from each (I-20)."""
    return memory.people[0].agreed and memory.people[1].agreed


def listener_willing(memory: Memory) -> bool:
    """Two together: the listener's own yes to asking (I-20)."""
    return memory.listener_willing


def may_move_towards(memory: Memory) -> bool:
    """Not in "be heard" (I-17), and not when the time is all but over (part 4)."""
    return memory.mode != "heard" and has_time_for("towards", memory)


def no_alarm(memory: Memory) -> bool:
    """No words of danger were heard (I-18)."""
    return not memory.alarmed


def may_keep_notes(memory: Memory) -> bool:
    """Notes are switched on, and no words of danger were heard (I-18)."""
    return memory.notes_on and not memory.alarmed


BY_NAME: dict[str, tuple[Guard, ...]] = {
    "CHALLENGE_GATE": (consent.may_be_offered,),
    "T_CH_WILLING": (consent.may_offer_challenge,),
    "T_CH_GATE": (consent.may_be_offered, listener_willing),
    "CH_CONFIRM": (consent.may_confirm,),
    "T_CH_CONFIRM": (consent.may_confirm, listener_willing),
    "REOPEN_GATE": (consent.may_reopen,),
    "EXPLORE_OFFER": (consent.may_explore,),
    "TOWARDS": (may_move_towards,),
    "FORMAL_TOO": (no_alarm,),
    **dict.fromkeys(OFFERING, (may_keep_notes,)),
    **dict.fromkeys((*EXPLORE_CARDS, "T_CARD"), (consent.is_exploring,)),
}


def guards(state: State) -> list[Guard]:
    """What must hold for this state to be entered, whoever asks."""
    needed: list[Guard] = []
    if state.group not in OPEN_GROUPS:
        needed.append(has_consented)
    if is_challenge(state):
        needed.append(consent.may_ask_challenge)
    if is_explore(state):
        needed.append(consent.may_explore)
    needed += BY_NAME.get(state.name, ())
    if state.name in PAST_ANSWER:
        needed.append(two_agreed)
    if state.name in PAST_RULES:
        needed.append(both_agreed)
    return needed


def gentler(memory: Memory, wanted: str) -> str:
    """Where a closed guard falls through to."""
    if not memory.consented:
        return "CONSENT" if memory.facts_heard & WELCOME_FACTS else "WELCOME"
    if memory.mode == "together":
        agreed = "T_BALANCE" if both_agreed(memory) else "T_AGREE"
        return agreed if memory.two_agreed else "T_NAMES"
    if wanted in OFFERING:
        return "GOODBYE"
    if memory.mode in {"heard", "get_ready", "reminder"} or wanted in {"TOWARDS", "FORMAL_TOO"}:
        return "CLOSE_CONNECT"
    if memory.alarmed:
        return "LISTEN"
    if not consent.connected(memory.person):
        return "CONNECT_CHECK"
    return "TOWARDS" if may_move_towards(memory) else "CLOSE_CONNECT"


GENTLER = (
    *("WELCOME", "CONSENT", "T_NAMES", "T_AGREE", "T_BALANCE"),
    *("GOODBYE", "CLOSE_CONNECT", "LISTEN", "TOWARDS", "CONNECT_CHECK"),
)
"""All that `gentler` can give; none of them is guarded by anything that `gentler` has not seen to."""


class Session:
    """What the machine moves: a state, a memory, and the facts of the last move."""

    def __init__(self, memory: Memory, usage: Usage) -> None:
        """`usage`: how often each state was used, for the cards."""
        self.state = "WELCOME"
        self.memory = memory
        self.usage = usage
        self.turn = Turn("")
        self.facts: list[Consent] = []
        self.challenging: frozenset[str] = frozenset()
        self.choice = self.gentler = ""
        """Worked out once a move: where its target leads, and where a closed guard falls through to."""

    def note_answer(self, event: EventData) -> None:
        """Before any guard is read: let the consent rules and the plain answers change the memory."""
        turn = self.turn
        self.facts += consent.record(self.memory, self.state, turn)
        self.facts += answers.record(self.memory, self.state, turn.intent, turn.also)

    def note_arrival(self, event: EventData) -> None:
        """After a move: what entering a state does (a token is spent, a check-in is forgotten)."""
        assert event.transition is not None
        source = str(event.transition.source)
        self.facts += arrive(self.memory, source, self.state, self.turn.intent)
        if self.state in self.challenging:
            self.facts += consent.spend(self.memory, source)


class Walker:
    """The machine of one pack. It holds no session: each move is given the one it is for."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._machine = Machine(
            model=None,
            states=[*pack.states, *sorted(ENDINGS)],
            transitions=self._transitions(),
            initial="WELCOME",
            auto_transitions=False,
            send_event=True,
            queued=True,
            ignore_invalid_triggers=True,
            prepare_event="note_answer",
            after_state_change="note_arrival",
        )
        self._challenging = frozenset(s.name for s in pack.states.values() if is_challenge(s))

    def fire(self, session: Session, turn: Turn) -> list[Consent]:
        """Take one moving intent; returns the consent facts it made. The memory then holds the new state."""
        session.facts, session.turn, session.challenging = [], turn, self._challenging
        session.choice = session.gentler = ""
        session.state = session.memory.state
        self._machine.events[turn.intent].trigger(session)
        session.memory.state = session.state
        return session.facts

    def _transitions(self) -> list[dict[str, Any]]:
        return [
            row
            for state in self._pack.states.values()
            for intent, target in edges(self._pack, state).items()
            for row in self._edge(state.name, intent, target)
        ]

    def _edge(self, source: str, intent: str, target: str) -> list[dict[str, Any]]:
        """One edge: a row for each state the target can give, then the gentler ways if a guard is closed."""
        rows = []
        guarded = False
        for dest in candidates(self._pack, target, source):
            conditions = [] if dest == target else [_chosen(target, dest)]
            if dest not in ENDINGS:
                needed = guards(self._pack.states[dest])
                guarded = guarded or bool(needed)
                conditions += [_met(guard) for guard in needed]
            rows.append({"trigger": intent, "source": source, "dest": dest, "conditions": conditions})
        if guarded and target not in STAYING_MOVES:
            rows += [
                {"trigger": intent, "source": source, "dest": dest, "conditions": [_gentler_is(dest, target)]}
                for dest in GENTLER
                if dest in self._pack.states
            ]
        return rows


def _session(event: EventData) -> Session:
    return cast(Session, event.model)


def _chosen(target: str, dest: str) -> Condition:
    def chosen(event: EventData) -> bool:
        session = _session(event)
        if not session.choice:
            session.choice = _choose(target, session) or STAY
        return session.choice == dest

    return chosen


def _choose(target: str, session: Session) -> str:
    if target in ROUTES:
        return ROUTES[target].choose(session.memory, session.usage)
    where = COMPUTED.get(target)
    return target if where is None else where(session.memory)


def _met(guard: Guard) -> Condition:
    return lambda event: guard(_session(event).memory)


def _gentler_is(dest: str, target: str) -> Condition:
    def fallen(event: EventData) -> bool:
        session = _session(event)
        if not session.gentler:
            wanted = target if target in ROUTES else _choose(target, session)
            session.gentler = gentler(session.memory, wanted)
        return session.gentler == dest

    return fallen


STAY = "(stays)"
"""No state: the move leads nowhere from here."""


class Rules:
    """What is built once for a pack: its machine, and where each answer leads."""

    def __init__(self, pack: Pack) -> None:
        """Build it."""
        self.walker = Walker(pack)
        self.edges = {name: edges(pack, state) for name, state in pack.states.items()}


def rules_of(pack: Pack) -> Rules:
    """The rules of a pack, built once while it is held."""
    return _rules_of(Held(pack))


@lru_cache(maxsize=8)
def _rules_of(held: Held) -> Rules:
    return Rules(held.pack)
