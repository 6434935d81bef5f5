"""Targets worked out by code: small named functions from the memory to the next state.

Each has its candidates, all states it can ever give, so that guards hang on every one of them and the
conversation can be walked and drawn. A route proposes; the guards on the destination decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice_coach.conversation import consent
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.protected import CHALLENGE_CARDS, EXPLORE_CARDS

MAX_CHALLENGES = 3
"""Harder questions in one session at most, each on its own yes (conversation design, part 4)."""
CARDS = {"short": 1, "long": 3, "walking": 3, "": 1}
"""Explore cards for each length of session (conversation design, part 4)."""

Usage = Callable[[str], float]
"""How often a state was used before (ties broken by a fraction): the least used card comes next."""


@dataclass(frozen=True)
class Route:
    """A computed target."""

    candidates: tuple[str, ...]
    choose: Callable[[Memory, Usage], str]


def _after_connect(memory: Memory, usage: Usage) -> str:
    if memory.mode == "heard":
        return "LISTEN"
    if memory.mode == "get_ready":
        return "R_START"
    if memory.mode == "reminder":
        return "GOODBYE"
    return "NEED" if memory.late else "RAW_CHECK"


def _after_need(memory: Memory, usage: Usage) -> str:
    return "LISTEN" if memory.late else "HOPE"


def _room_for_card(memory: Memory) -> bool:
    return memory.cards < CARDS[memory.length] and not memory.late and consent.may_explore(memory)


def _offer_now(memory: Memory) -> bool:
    """In a long session the gentle questions come first; a short one has room for one card or one gate."""
    warmed = memory.length in {"short", ""} or memory.cards > 0 or memory.person.wants_challenge
    return warmed and not memory.late and consent.may_offer_challenge(memory)


def _route(memory: Memory, usage: Usage) -> str:
    person = memory.person
    if memory.mode == "heard":
        return "CLOSE_CONNECT"
    if _offer_now(memory):
        return "CHALLENGE_GATE"
    if person.exploring and _room_for_card(memory):
        return _ex_next(memory, usage)
    unasked = not person.exploring and not person.explore_offered and not person.not_ready
    if unasked and _room_for_card(memory):
        return "EXPLORE_OFFER"
    return "TOWARDS"


def _ex_next(memory: Memory, usage: Usage) -> str:
    return min(EXPLORE_CARDS, key=usage)


def _after_card(memory: Memory, usage: Usage) -> str:
    long = memory.length in {"long", "walking"}
    return "LENS" if long and memory.cards == 2 and not memory.lens_used else "CONNECT_CHECK"


def _ch_next(memory: Memory, usage: Usage) -> str:
    return min(CHALLENGE_CARDS, key=lambda card: (int(usage(card)), CHALLENGE_CARDS.index(card)))


def _after_challenge(memory: Memory, usage: Usage) -> str:
    limit = 1 if memory.length in {"short", ""} and memory.late else MAX_CHALLENGES
    room = memory.person.challenges < limit and not memory.late
    return "CHALLENGE_GATE" if room and consent.may_offer_again(memory) else "TOWARDS"


def _t_next(memory: Memory, usage: Usage) -> str:
    return "T_CARD" if memory.person.exploring and not memory.late else "T_BALANCE"


def _after_t_card(memory: Memory, usage: Usage) -> str:
    return "T_CH_WILLING" if consent.may_offer_challenge(memory) and not memory.late else "T_BALANCE"


def _t_need_next(memory: Memory, usage: Usage) -> str:
    return "T_SPACE" if all(person.need_asked for person in memory.people) else "T_NEED"


def _t_agree_next(memory: Memory, usage: Usage) -> str:
    return "T_TURN" if all(person.agreed for person in memory.people) else "T_AGREE"


def _after_discomfort(memory: Memory, usage: Usage) -> str:
    return "T_BALANCE" if memory.mode == "together" else _after_challenge(memory, usage)


def _after_ease(memory: Memory, usage: Usage) -> str:
    return "CONNECT_CHECK" if memory.eased < 2 else "CLOSE_CONNECT"


def _after_close(memory: Memory, usage: Usage) -> str:
    if memory.formal_due and not memory.crisis:
        return "FORMAL_TOO"
    return _note_or_goodbye(memory, usage)


def _note_or_goodbye(memory: Memory, usage: Usage) -> str:
    return "NOTE_OFFER" if memory.notes_on and not memory.crisis else "GOODBYE"


def _after_mode(memory: Memory, usage: Usage) -> str:
    """Where a known mode and length lead without asking for them again."""
    if memory.mode == "":
        return "MODE"
    if memory.mode == "together":
        return "T_INTRO"
    if memory.mode == "reminder":
        return "REM_MENU"
    return "TIME" if memory.mode == "look_back" and memory.length == "" else "CONNECT"


def _after_solo(memory: Memory, usage: Usage) -> str:
    if memory.mode in {"", "together"}:
        return "SOLO_CHOICE"
    return _after_mode(memory, usage)


def _back_to_people(memory: Memory, usage: Usage) -> str:
    return "CLOSE_CONNECT" if memory.mode != "together" else "T_CLOSE"


ROUTES: dict[str, Route] = {
    "ROUTE": Route(("CLOSE_CONNECT", "CHALLENGE_GATE", "EXPLORE_OFFER", *EXPLORE_CARDS, "TOWARDS"), _route),
    "EX_NEXT": Route(EXPLORE_CARDS, _ex_next),
    "AFTER_CARD": Route(("LENS", "CONNECT_CHECK"), _after_card),
    "CH_NEXT": Route(CHALLENGE_CARDS, _ch_next),
    "AFTER_CHALLENGE": Route(("CHALLENGE_GATE", "TOWARDS", "T_BALANCE"), _after_discomfort),
    "T_NEXT": Route(("T_CARD", "T_BALANCE"), _t_next),
    "T_CHECK2": Route(("DISCOMFORT",), lambda memory, usage: "DISCOMFORT"),
    "AFTER_CONNECT": Route(("LISTEN", "R_START", "GOODBYE", "NEED", "RAW_CHECK"), _after_connect),
    "AFTER_NEED": Route(("LISTEN", "HOPE"), _after_need),
    "AFTER_EASE": Route(("CONNECT_CHECK", "CLOSE_CONNECT"), _after_ease),
    "AFTER_CLOSE": Route(("FORMAL_TOO", "NOTE_OFFER", "GOODBYE"), _after_close),
    "NOTE_OR_GOODBYE": Route(("NOTE_OFFER", "GOODBYE"), _note_or_goodbye),
    "AFTER_CONSENT": Route(("MODE", "T_INTRO", "REM_MENU", "TIME", "CONNECT"), _after_mode),
    "AFTER_SOLO": Route(("SOLO_CHOICE", "TIME", "CONNECT"), _after_solo),
    "T_NEED_NEXT": Route(("T_NEED", "T_SPACE"), _t_need_next),
    "T_AGREE_NEXT": Route(("T_AGREE", "T_TURN"), _t_agree_next),
    "AFTER_T_CARD": Route(("T_CH_WILLING", "T_BALANCE"), _after_t_card),
    "BACK_TO_PEOPLE": Route(("CLOSE_CONNECT", "T_CLOSE"), _back_to_people),
}
"""Name in a pack -> how it is worked out. RETURN and PREVIOUS are the machine's own."""

REPLACED: dict[tuple[str, str], str] = {
    ("CONNECT", "RAW_CHECK"): "AFTER_CONNECT",
    ("NEED", "HOPE"): "AFTER_NEED",
    ("CLOSE_CONNECT", "FORMAL_TOO"): "AFTER_CLOSE",
    ("FORMAL_TOO", "NOTE_OFFER"): "NOTE_OR_GOODBYE",
    ("T_CLOSE", "NOTE_OFFER"): "NOTE_OR_GOODBYE",
    ("CONSENT", "MODE"): "AFTER_CONSENT",
    ("MODE", "SOLO_CHOICE"): "AFTER_SOLO",
    ("T_NEED", "T_SPACE"): "T_NEED_NEXT",
    ("T_AGREE", "T_TURN"): "T_AGREE_NEXT",
    ("T_CARD", "T_CH_WILLING"): "AFTER_T_CARD",
    ("EASE", "CONNECT_CHECK"): "AFTER_EASE",
}
"""Edges of the design that depend on the mode or on the other person: written plainly in a pack."""
