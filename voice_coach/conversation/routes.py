"""Targets worked out by code: small named functions from the memory to the next state.

Each has its candidates, all states it can ever give, so that guards hang on every one of them and the
conversation can be walked and drawn. A route proposes; the guards on the destination decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice_coach.conversation import consent
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.preset import DROPPED_SECONDS
from voice_coach.conversation.protected import CHALLENGE_CARDS, EXPLORE_CARDS

CARDS = {"short": 1, "long": 3, "": 1}
"""Explore cards for each length of session (conversation design, part 4)."""

Usage = Callable[[str], float]
"""How often a state was used before (ties broken by a fraction): the least used card comes next."""


@dataclass(frozen=True)
class Route:
    """A computed target."""

    candidates: tuple[str, ...]
    choose: Callable[[Memory, Usage], str]


_DROPPED = tuple(DROPPED_SECONDS)


def has_time_for(part: str, memory: Memory) -> bool:
    """Whether this part of a session need not be dropped yet for want of time (part 4)."""
    return memory.dropped <= _DROPPED.index(part)


def _onward(memory: Memory, usage: Usage) -> str:
    """The next arriving question, as far as what is known already allows to skip the others."""
    if not memory.consented:
        return "CONSENT"
    if memory.mode == "look_back" and memory.length == "":
        return "TIME"
    asked = {"": "MODE", "solo": "SOLO_CHOICE", "together": "T_INTRO", "reminder": "REM_MENU"}
    return asked.get(memory.mode, "CONNECT")


def _after_connect(memory: Memory, usage: Usage) -> str:
    if memory.mode == "heard":
        return "LISTEN"
    if memory.mode == "get_ready":
        return "R_START"
    return "RAW_CHECK" if has_time_for("raw check", memory) else "NEED"


def _after_need(memory: Memory, usage: Usage) -> str:
    return "HOPE" if has_time_for("hope", memory) else "LISTEN"


def _room_for_card(memory: Memory) -> bool:
    room = memory.cards < CARDS[memory.length] and has_time_for("explore", memory)
    return room and consent.may_explore(memory)


def _offer_now(memory: Memory) -> bool:
    """In a long session the gentle questions come first; a short one has room for one card or one gate."""
    if not consent.may_offer_challenge(memory) or not has_time_for("challenge", memory):
        return False
    return memory.length != "long" or memory.cards > 0 or memory.person.harder == "wished"


def _route(memory: Memory, usage: Usage) -> str:
    curious = memory.person.curious
    if memory.mode != "look_back":
        return "CLOSE_CONNECT"
    if _offer_now(memory):
        return "CHALLENGE_GATE"
    if curious == "exploring" and _room_for_card(memory):
        return _ex_next(memory, usage)
    if curious == "unasked" and memory.person.harder != "refused" and _room_for_card(memory):
        return "EXPLORE_OFFER"
    return "TOWARDS"


def _ex_next(memory: Memory, usage: Usage) -> str:
    return min(EXPLORE_CARDS, key=usage)


def _after_card(memory: Memory, usage: Usage) -> str:
    return "LENS" if memory.length == "long" and memory.cards == 2 else "CONNECT_CHECK"


def _ch_next(memory: Memory, usage: Usage) -> str:
    return min(CHALLENGE_CARDS, key=lambda card: (int(usage(card)), CHALLENGE_CARDS.index(card)))


def _after_challenge(memory: Memory, usage: Usage) -> str:
    if memory.mode == "together":
        return "T_BALANCE"
    again = consent.may_offer_again(memory) and has_time_for("challenge", memory)
    return "CHALLENGE_GATE" if again else "TOWARDS"


def _checking_us(memory: Memory, usage: Usage) -> str:
    return "T_BALANCE" if memory.mode == "together" else "CONNECT_CHECK"


def _slowing_down(memory: Memory, usage: Usage) -> str:
    if memory.came_from == "CR_BYE":
        return "CR_BYE"
    if not memory.consented or memory.mode in {"", "solo"}:
        return "PAUSED"
    return "T_EASE" if memory.mode == "together" else "EASE"


def _going_on_talking(memory: Memory, usage: Usage) -> str:
    return "T_TURN" if memory.mode == "together" else "LISTEN"


def _back_to_people(memory: Memory, usage: Usage) -> str:
    if memory.came_from == "CR_BYE":
        return "CR_BYE"
    if not memory.consented:
        return "NOT_STARTED"
    return "T_CLOSE" if memory.mode == "together" else "CLOSE_CONNECT"


def _after_close(memory: Memory, usage: Usage) -> str:
    planned = memory.mode == "get_ready" or memory.length == "long"
    if memory.formal_due and planned and not memory.alarmed and memory.mode != "heard":
        return "FORMAL_TOO"
    return _note_or_goodbye(memory, usage)


def _note_or_goodbye(memory: Memory, usage: Usage) -> str:
    return "NOTE_OFFER" if memory.notes_on and not memory.alarmed else "GOODBYE"


def _note_agreed(memory: Memory, usage: Usage) -> str:
    """Two together: the other one's own yes comes next."""
    return "T_NOTE_OFFER" if memory.mode == "together" else _note_how(memory, usage)


def _note_how(memory: Memory, usage: Usage) -> str:
    return {"voice": "NOTE_VOICE", "text": "NOTE_CARE"}.get(memory.note_kinds, "NOTE_KIND")


def _after_note(memory: Memory, usage: Usage) -> str:
    return "NOTES_NEXT" if memory.more_notes else "NOTES_END"


def _t_next(memory: Memory, usage: Usage) -> str:
    if consent.is_exploring(memory) and has_time_for("explore", memory):
        return "T_CARD"
    return _after_t_card(memory, usage)


def _after_t_card(memory: Memory, usage: Usage) -> str:
    offer = consent.may_offer_challenge(memory) and has_time_for("challenge", memory)
    return "T_CH_WILLING" if offer else "T_BALANCE"


def _t_need_next(memory: Memory, usage: Usage) -> str:
    """Asked of One, then of Two (the answer has already handed the question on)."""
    return "T_NEED" if memory.speaker == 1 else "T_SPACE"


def _t_agree_next(memory: Memory, usage: Usage) -> str:
    return "T_TURN" if memory.people[0].agreed and memory.people[1].agreed else "T_AGREE"


ROUTES: dict[str, Route] = {
    "ONWARD": Route(("CONSENT", "MODE", "SOLO_CHOICE", "TIME", "CONNECT", "T_INTRO", "REM_MENU"), _onward),
    "ROUTE": Route(("CLOSE_CONNECT", "CHALLENGE_GATE", "EXPLORE_OFFER", *EXPLORE_CARDS, "TOWARDS"), _route),
    "EX_NEXT": Route(EXPLORE_CARDS, _ex_next),
    "AFTER_CARD": Route(("LENS", "CONNECT_CHECK"), _after_card),
    "CH_NEXT": Route(CHALLENGE_CARDS, _ch_next),
    "AFTER_CHALLENGE": Route(("CHALLENGE_GATE", "TOWARDS", "T_BALANCE"), _after_challenge),
    "T_NEXT": Route(("T_CARD", "T_CH_WILLING", "T_BALANCE"), _t_next),
    "T_CHECK2": Route(("DISCOMFORT",), lambda memory, usage: "DISCOMFORT"),
    "AFTER_CONNECT": Route(("LISTEN", "R_START", "NEED", "RAW_CHECK"), _after_connect),
    "AFTER_NEED": Route(("LISTEN", "HOPE"), _after_need),
    "AFTER_CLOSE": Route(("FORMAL_TOO", "NOTE_OFFER", "GOODBYE"), _after_close),
    "NOTE_OR_GOODBYE": Route(("NOTE_OFFER", "GOODBYE"), _note_or_goodbye),
    "NOTE_AGREED": Route(("T_NOTE_OFFER", "NOTE_KIND", "NOTE_VOICE", "NOTE_CARE"), _note_agreed),
    "NOTE_HOW": Route(("NOTE_KIND", "NOTE_VOICE", "NOTE_CARE"), _note_how),
    "AFTER_NOTE": Route(("NOTES_NEXT", "NOTES_END"), _after_note),
    "T_NEED_NEXT": Route(("T_NEED", "T_SPACE"), _t_need_next),
    "T_AGREE_NEXT": Route(("T_AGREE", "T_TURN"), _t_agree_next),
    "AFTER_T_CARD": Route(("T_CH_WILLING", "T_BALANCE"), _after_t_card),
    "AFTER_LENS": Route(("CONNECT_CHECK", "T_BALANCE"), _checking_us),
    "SLOWING_DOWN": Route(("EASE", "T_EASE", "PAUSED", "CR_BYE"), _slowing_down),
    "GOING_ON_TALKING": Route(("LISTEN", "T_TURN"), _going_on_talking),
    "BACK_TO_PEOPLE": Route(("CLOSE_CONNECT", "T_CLOSE", "NOT_STARTED", "CR_BYE"), _back_to_people),
}
"""Name in a pack -> how it is worked out. RETURN and PREVIOUS are the machine's own."""

REPLACED: dict[tuple[str, str], str] = {
    ("CONNECT", "RAW_CHECK"): "AFTER_CONNECT",
    ("NEED", "HOPE"): "AFTER_NEED",
    ("CLOSE_CONNECT", "FORMAL_TOO"): "AFTER_CLOSE",
    ("FORMAL_TOO", "NOTE_OFFER"): "NOTE_OR_GOODBYE",
    ("T_CLOSE", "NOTE_OFFER"): "NOTE_OR_GOODBYE",
    ("NOTE_OFFER", "NOTE_KIND"): "NOTE_AGREED",
    ("T_NOTE_OFFER", "NOTE_KIND"): "NOTE_HOW",
    ("T_NEED", "T_SPACE"): "T_NEED_NEXT",
    ("T_AGREE", "T_TURN"): "T_AGREE_NEXT",
    ("T_CARD", "T_CH_WILLING"): "AFTER_T_CARD",
    ("LENS", "CONNECT_CHECK"): "AFTER_LENS",
    ("LENS_CARD", "CONNECT_CHECK"): "AFTER_LENS",
    ("DISCOMFORT", "EASE"): "SLOWING_DOWN",
    ("DISCOMFORT", "LISTEN"): "GOING_ON_TALKING",
    ("CR_WRONG", "EASE"): "SLOWING_DOWN",
    ("CR_WRONG", "CLOSE_CONNECT"): "BACK_TO_PEOPLE",
}
"""Edges of the design that depend on the mode or on the other person: written plainly in a pack."""
