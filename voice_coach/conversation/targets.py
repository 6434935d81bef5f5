"""Where each answer may lead from each state: the pack's edges plus the moves that work from everywhere.

Comes in: a pack. Goes out: for a state, intent -> target name; for a target, every state it can give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from voice_coach.conversation import consent, keeping
from voice_coach.conversation.keeping import WISHES
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.protected import (
    CHALLENGE_CARDS,
    CHALLENGE_GATES,
    DETOURS,
    ENDINGS,
    LAST_WORDS,
    PAST_RULES,
)
from voice_coach.conversation.routes import REPLACED, ROUTES
from voice_coach.packs.models import Pack, State

SAFETY = {
    "CR_SELF": "CR_CHECK",
    "CR_HARM": "CR_CHECK",
    "CR_OTHER": "CR_OTHER",
    "CR_DANGER": "CR_DANGER",
    "CR_MEDICAL": "CR_MEDICAL",
    "CR_POISON": "CR_MEDICAL",
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
    "CHECK_US": "CHECKING_US",
    **WISHES,
    **SAFETY,
}
"""Shared intents that move, from everywhere (a state's own edge wins)."""
STAYING_MOVES = frozenset({"PREVIOUS", "WITHDRAW", "REOPENING", "CHECKING_US"})
"""Targets that stay where they are when their way is closed."""
SPOKEN_OVER = ("STOP", "HUSH", "PAUSE", "NUMBERS", "JUST_LISTEN")
"""Moves that also work in a state that only tells."""
WHILE_PAUSED = frozenset({"STOP", "HUSH", "NUMBERS", "JUST_LISTEN", *SAFETY})
NOT_IN_CRISIS = ("CHECK_US", "REMIND", "BACK", *WISHES)
"""Moves that have no place while words of danger are being answered."""


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
        for intent in NOT_IN_CRISIS:
            moves.pop(intent, None)
    if state.name == "PAUSED":
        moves = {k: v for k, v in moves.items() if k in WHILE_PAUSED}
    if state.listen == "gate" and state.name not in CHALLENGE_GATES:
        # "Not now", "not yet", "just listen": at any gate a way of saying no.
        own.setdefault("JUST_LISTEN", own.get("NO", own.get("DEFAULT", "WITHDRAW")))
    if state.name == "SOLO_CHOICE":
        # Whoever wants only to be listened to is asked about connection all the same.
        own.setdefault("JUST_LISTEN", own.get("DEFAULT", "WITHDRAW"))
    if state.name in CHALLENGE_CARDS or state.name == "T_CH_CARD":
        # "No, I said no": whoever hears a harder question they did not want is not asked it again.
        own.setdefault("WRONG", own.get("JUST_LISTEN", own.get("DEFAULT", "WITHDRAW")))
    if state.name in CHALLENGE_GATES:
        own |= dict.fromkeys(("BACK", "WRONG"), own["NO"])
    if state.name == "T_CH_GATE":
        own.setdefault("REOPEN", "T_CH_CONFIRM")
    elif state.name == "T_CH_CONFIRM":
        moves.pop("REOPEN")
    if "DEFAULT" in own and asks:
        own.setdefault("SKIP", own["DEFAULT"])
    return {**moves, **own}


def resume_point(state: str) -> str:
    """Where a detour from this state comes back to: never to a harder question or its gate.

    A pause ends an unused yes, so what was asked is over; anything but a yes at a gate is not ready. What
    was kept or wiped is not kept or wiped a second time. "" is the place before this detour.
    """
    if state in CHALLENGE_CARDS:
        return "DISCOMFORT"
    if state in CHALLENGE_GATES or state == "T_CH_CARD":
        return "T_BALANCE" if state.startswith("T_") else "NOT_READY"
    if state in LAST_WORDS:
        return "CR_BYE"
    if state in {"NOTE_CARE", "NOTE_SAY", "NOTE_BACK", "NOTE_KEPT", "NOTE_GONE"}:
        return "GOODBYE"
    if state in {"NOTES_WIPED", "NOTES_LAST_GONE"}:
        return ""
    return "PLACE" if state == "PLACE_FIX" else state


def returning(memory: Memory) -> str:
    """The target of RETURN: out of a pause first, then out of the reminder, the numbers or the check."""
    if memory.state == "PAUSED" and memory.paused_from:
        return memory.paused_from
    if memory.came_from:
        return memory.came_from
    return "T_CLOSE" if memory.mode == "together" else "CLOSE_CONNECT"


def withdraw(memory: Memory) -> str:
    """The target of "just listen" where a state has no edge of its own; "" stays and goes on listening."""
    state = memory.state
    if state in CHALLENGE_CARDS:
        return "NOT_READY"
    if memory.mode == "together":
        return "T_BALANCE" if state in {"LENS", "LENS_CARD"} else ""
    solo = memory.consented and memory.mode in {"heard", "look_back"}
    stays = {"CONNECT", "LISTEN", "EASE", "PAUSED"} | DETOURS
    return "LISTEN" if solo and state not in stays else ""


def reopening(memory: Memory) -> str:
    """The target of an unasked wish for a harder question; "" stays (locked, or nothing to reopen)."""
    if consent.may_reopen(memory):
        return "REOPEN_GATE"
    if memory.alarmed or not memory.consented or memory.mode not in consent.REOPEN_MODES:
        return ""
    return "CONNECT_CHECK" if memory.person.connection != "none" else "CONNECT"


def checking_us(memory: Memory) -> str:
    """The target of "check us": the traps, where somebody is looking at a story."""
    pair = memory.mode == "together"
    looking = memory.state in PAST_RULES if pair else memory.consented
    return "LENS" if looking and consent.may_explore(memory) else ""


def sure(memory: Memory) -> str:
    """The target of a plain "no" at the check: asked once which no it was, then taken seriously."""
    return "CR_SELF" if memory.asked_sure else "CR_CHECK"


COMPUTED: dict[str, Callable[[Memory], str]] = {
    "RETURN": returning,
    "WITHDRAW": withdraw,
    "REOPENING": reopening,
    "CHECKING_US": checking_us,
    "PREVIOUS": lambda memory: memory.previous,
    "PLAYING": keeping.playing,
    "WIPING": keeping.wiping,
    "DROPPING": keeping.dropping,
    "CR_WRONG_SURE": sure,
}
"""Targets that depend on where the conversation was."""


def candidates(pack: Pack, target: str, source: str) -> tuple[str, ...]:
    """Every state a target can give when asked from this source."""
    if target in ROUTES:
        return ROUTES[target].candidates
    if target == "RETURN":
        return _known(pack).resuming if source == "PAUSED" else _known(pack).returning
    if target == "PREVIOUS":
        return predecessors(pack, source)
    return _FIXED.get(target, (target,))


_FIXED = {
    "WITHDRAW": ("NOT_READY", "LISTEN", "T_BALANCE"),
    "REOPENING": ("REOPEN_GATE", "CONNECT_CHECK", "CONNECT"),
    "CHECKING_US": ("LENS",),
    "PLAYING": ("NOTES_PLACE", "NOTES_SEALED", "NOTES_NONE"),
    "WIPING": ("NOTES_WIPE", "NOTES_NONE"),
    "DROPPING": ("NOTES_LAST", "NOTES_NONE"),
    "CR_WRONG_SURE": ("CR_CHECK", "CR_SELF"),
}


def predecessors(pack: Pack, name: str) -> tuple[str, ...]:
    """States that ask something and can lead here by an answer of their own: where "go back" may go."""
    return _known(pack).before.get(name, ())


class _Known:
    """What is worked out once for a pack."""

    def __init__(self, pack: Pack) -> None:
        resting = [s for s in pack.states.values() if s.listen != "none" and s.name not in DETOURS]
        plain = [s.name for s in resting if s.group != "crisis" and s.name != "PAUSED"]
        told = [s.name for s in pack.states.values() if s.listen == "none" and s.name not in DETOURS]
        back = dict.fromkeys(resume_point(name) for name in ["WELCOME", *plain, *told])
        back.pop("", None)
        self.returning = (*back, "T_CLOSE")
        crisis = [s.name for s in resting if s.group == "crisis"]
        self.resuming = tuple(dict.fromkeys([*self.returning, *crisis, *sorted(DETOURS)]))
        self.before = _before(pack)


class Held:
    """Lets a cache's key be the pack's identity while keeping the pack alive."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and other.pack is self.pack

    def __hash__(self) -> int:
        return id(self.pack)


def _known(pack: Pack) -> _Known:
    return _known_of(Held(pack))


@lru_cache(maxsize=64)
def _known_of(held: Held) -> _Known:
    return _Known(held.pack)


def _before(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    leading: dict[str, list[str]] = {}
    for state in pack.states.values():
        if state.listen == "none" or state.group == "crisis" or state.name in DETOURS | {"PAUSED"}:
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
