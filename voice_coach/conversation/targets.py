"""Where each answer may lead from each state: the pack's edges plus the moves that work from everywhere.

Comes in: a pack. Goes out: for a state, intent -> target name; for a target, every state it can give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from voice_coach.conversation import consent
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.protected import CHALLENGE_CARDS, CHALLENGE_GATES, ENDINGS
from voice_coach.conversation.routes import REPLACED, ROUTES
from voice_coach.packs.models import Pack, State

LAST_WORDS = frozenset({"STOPPED", "NOT_STARTED", "T_NOT_NOW", "GOODBYE", "CR_BYE"})
"""States that only say goodbye: stop or hush in them is off at once."""
DETOURS = frozenset({"PAUSED", "REM_MENU", "REM_PRINCIPLES", "REM_TASKS", "REM_TRAPS", "REM_AFTER"})
SAFETY = {
    "CR_SELF": "CR_CHECK",
    "CR_HARM": "CR_CHECK",
    "CR_OTHER": "CR_OTHER",
    "CR_DANGER": "CR_DANGER",
    "CR_MEDICAL": "CR_MEDICAL",
    "CR_HURT_OTHER": "CR_HURT_OTHER",
}
"""Safety intent -> the state that answers it (conversation design, part 9)."""
MOVES = {
    "STOP": "STOPPED",
    "HUSH": "HUSHED",
    "PAUSE": "PAUSED",
    "NUMBERS": "CR_NUMBERS",
    "REMIND": "REM_MENU",
    "BACK": "PREVIOUS",
    "WRONG": "PREVIOUS",
    "JUST_LISTEN": "WITHDRAW",
    "REOPEN": "REOPENING",
    "CHECK_US": "LENS",
    **SAFETY,
}
"""Shared intents that move, from everywhere (a state's own edge wins)."""
SPOKEN_OVER = ("STOP", "HUSH", "PAUSE", "NUMBERS", "JUST_LISTEN")
"""Moves that also work in a state that only tells."""


def edges(pack: Pack, state: State) -> dict[str, str]:
    """Intent -> target for everything that moves from this state."""
    own = {intent: REPLACED.get((state.name, target), target) for intent, target in state.go.items()}
    if state.name in LAST_WORDS:
        return {**own, "STOP": "END", "HUSH": "HUSHED", "NUMBERS": "CR_NUMBERS"}
    asks = state.listen != "none"
    moves = {k: v for k, v in MOVES.items() if asks or k in SPOKEN_OVER}
    if state.group == "crisis":
        moves |= {"STOP": "CR_BYE", "JUST_LISTEN": "CR_TALK"}
        own.pop("STOP", None)
        moves.pop("CHECK_US", None)
    if state.name == "PAUSED":
        moves = {k: v for k, v in moves.items() if k in {"STOP", "HUSH", "NUMBERS"} or k in SAFETY}
    if "DEFAULT" in own and asks:
        own.setdefault("SKIP", own["DEFAULT"])
    return {**moves, **own}


def resume_point(state: str) -> str:
    """Where a detour from this state comes back to: never to a harder question or its gate.

    A pause ends an unused yes, so what was asked is over; anything but a yes at a gate is not ready.
    """
    if state in CHALLENGE_CARDS:
        return "DISCOMFORT"
    if state in CHALLENGE_GATES:
        return "T_BALANCE" if state.startswith("T_") else "NOT_READY"
    return {
        "T_CH_CARD": "T_BALANCE",
        "PLACE_FIX": "PLACE",
        "NOTE_BACK": "GOODBYE",
        "NOTE_SAY": "GOODBYE",
    }.get(state, state)


def returning(memory: Memory) -> str:
    """The target of RETURN."""
    if memory.mode == "reminder" or not memory.came_from:
        return "CLOSE_CONNECT"
    return memory.came_from


def withdraw(memory: Memory) -> str:
    """The target of "just listen" where a state has no edge of its own; "" stays and goes on listening."""
    state = memory.state
    if state in CHALLENGE_CARDS:
        return "NOT_READY"
    stays = not memory.consented or memory.mode in {"together", "get_ready", "reminder"} or state in DETOURS
    return "" if stays or state in {"CONNECT", "LISTEN", "EASE"} else "LISTEN"


def reopening(memory: Memory) -> str:
    """The target of an unasked wish for a harder question; "" stays (locked, or nothing to reopen)."""
    if consent.may_reopen(memory):
        return "REOPEN_GATE"
    solo = memory.mode in {"heard", "look_back"}
    if memory.crisis or not memory.consented or not solo:
        return ""
    return "CONNECT_CHECK" if memory.person.connect_answered else "CONNECT"


COMPUTED: dict[str, Callable[[Memory], str]] = {
    "RETURN": returning,
    "WITHDRAW": withdraw,
    "REOPENING": reopening,
    "PREVIOUS": lambda memory: memory.previous,
    "CR_WRONG_SURE": lambda memory: "CR_SELF",
}
"""Targets that depend on where the conversation was."""


def candidates(pack: Pack, target: str, source: str) -> tuple[str, ...]:
    """Every state a target can give when asked from this source."""
    if target in ROUTES:
        return ROUTES[target].candidates
    if target == "RETURN":
        return tuple(dict.fromkeys(resume_point(s.name) for s in _resting_places(pack)))
    if target == "WITHDRAW":
        return ("NOT_READY", "LISTEN")
    if target == "REOPENING":
        return ("REOPEN_GATE", "CONNECT_CHECK", "CONNECT")
    if target == "PREVIOUS":
        return predecessors(pack, source)
    if target == "CR_WRONG_SURE":
        return ("CR_SELF",)
    return (target,)


def _resting_places(pack: Pack) -> list[State]:
    return [s for s in pack.states.values() if s.listen != "none" and s.name not in DETOURS] + [
        pack.states["WELCOME"]
    ]


def predecessors(pack: Pack, name: str) -> tuple[str, ...]:
    """States that ask something and can lead here by an answer of their own: where "go back" may go."""
    return _predecessors(id(pack), _Held(pack)).get(name, ())


class _Held:
    """Lets the cache key be the pack's identity while keeping the pack alive."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.pack is self.pack

    def __hash__(self) -> int:
        return id(self.pack)


@cache
def _predecessors(_: int, held: _Held) -> Mapping[str, tuple[str, ...]]:
    leading: dict[str, list[str]] = {}
    for state in held.pack.states.values():
        if state.listen == "none" or state.name in DETOURS or state.group == "crisis":
            continue
        for intent, written in state.go.items():
            if intent == "DEFAULT" and len(state.go) > 1:
                continue
            target = REPLACED.get((state.name, written), written)
            for dest in _plain_candidates(target):
                if dest not in ENDINGS and state.name not in leading.setdefault(dest, []):
                    leading[dest].append(state.name)
    return {dest: tuple(sources) for dest, sources in leading.items()}


def _plain_candidates(target: str) -> tuple[str, ...]:
    if target in ROUTES:
        return ROUTES[target].candidates
    return () if target in COMPUTED else (target,)
