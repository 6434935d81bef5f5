"""What entering a state changes, and what is forgotten there because nothing can need it any more.

Comes in: the memory, the state left and the state entered. Goes out: the changed memory.
"""

from __future__ import annotations

from voice_coach.conversation import consent
from voice_coach.conversation.answers import taken_back
from voice_coach.conversation.cues import Consent
from voice_coach.conversation.memory import Memory, Person
from voice_coach.conversation.protected import (
    CHALLENGE_CARDS,
    CHALLENGE_GATES,
    CHALLENGE_OFFERS,
    CHECKS,
    DETOURS,
    ENDINGS,
    EXPLORE_CARDS,
    LAST_WORDS,
    is_detour,
)
from voice_coach.conversation.routes import CARDS

WILLING_IN = frozenset({"T_CH_GATE", "T_CH_CONFIRM", "T_CH_CARD"})
"""The listener's yes to asking holds for this one question."""
BEGIN_WITH_ONE = frozenset({"T_NAMES", "T_HOPE", "T_SPACE", "T_TALK_RULES"})
ASKED_ONCE = frozenset(
    {
        *(*CHALLENGE_GATES, *CHALLENGE_CARDS, "T_CH_CARD", "T_CH_WILLING", "NOT_READY", "EXPLORE_OFFER"),
        *("EASE", "T_EASE", "LENS", "LENS_CARD", "CLOSE_CONNECT", "T_CLOSE"),
    }
)
"""Nobody goes back to these: an offer is made once, a rest is over, a close is a close."""
BEFORE_RULES = frozenset({"T_SPACE", "T_TALK_RULES"})
"""Whoever comes here is asked for the ground rules anew, each of the two."""


def arrive(memory: Memory, source: str, state: str, intent: str) -> list[Consent]:
    """What entering a state changes; `source` is the state left, `intent` what led here."""
    facts: list[Consent] = []
    _begin_turn(memory, intent)
    _keep_the_way_back(memory, source, state, intent)
    taken_back(state, intent, memory)
    _forget(memory, source, state)
    _talk_more(memory, state)
    person = memory.person
    if state in CHALLENGE_OFFERS and not consent.offered(person):
        person.harder = "over"
    elif state in EXPLORE_CARDS and not is_detour(source) and intent not in {"BACK", "WRONG"}:
        memory.cards = min(memory.cards + 1, CARDS[memory.length])
    elif state == "NOTE_KEPT":
        memory.note_kept = True
    elif state == "EXPLORE_OFFER":
        person.curious = "listening"
    if memory.checking and state not in CHECKS | DETOURS | ENDINGS | {"PAUSED"}:
        facts += consent.lock(memory)
    return facts


def _begin_turn(memory: Memory, intent: str) -> None:
    memory.rung = memory.unclear = memory.lines_said = memory.helped = 0
    memory.waiting = ""
    memory.armed_at = -1.0
    memory.defaults = min(memory.defaults + 1, 3) if intent == "DEFAULT" else 0


def _keep_the_way_back(memory: Memory, source: str, state: str, intent: str) -> None:
    if state != "PAUSED":
        memory.paused_from = ""
    if not is_detour(state):
        memory.came_from = ""
    gone = {"BACK", "WRONG"}
    if is_detour(state) or is_detour(source) or intent in gone or state in LAST_WORDS or source in ASKED_ONCE:
        memory.previous = ""
    elif source != state:
        memory.previous = source


def _talk_more(memory: Memory, state: str) -> None:
    """After more talk the check-in before it counts no more (5.2)."""
    if state not in {"CONNECT", "LISTEN", "T_CONNECT", "T_TURN"}:
        return
    for each in memory.people if state == "T_CONNECT" else (memory.person,):
        if each.connection == "checked":
            each.connection = "answered"


def _forget(memory: Memory, source: str, state: str) -> None:
    """Let go of what no later turn can need."""
    if state != "CR_CHECK":
        memory.asked_sure = False
    if state == "CONNECT_CHECK" and source == "EASE":
        memory.eased = True
    elif state != "EASE" or source != "CONNECT_CHECK":
        memory.eased = False
    if state not in WILLING_IN:
        memory.listener_willing = False
    if state in BEGIN_WITH_ONE:
        memory.speaker = 0
    if state in BEFORE_RULES:
        for person in memory.people:
            person.agreed = False
    if state == "CR_NUMBERS" and source != "CR_NUMBERS":
        memory.contact = 0
    if state == "T_BALANCE":
        _end_of_turn(memory)
    if state in LAST_WORDS:
        memory.people = (_let_go(), _let_go())
        memory.speaker = memory.cards = 0
        memory.mode = "solo"


def _end_of_turn(memory: Memory) -> None:
    """Two together: each turn has its own check-in, and each person one offer of a harder question."""
    for person in memory.people:
        if person.connection == "checked":
            person.connection = "answered"
        if person.harder == "over":
            person.harder = "refused"


def _let_go() -> Person:
    """After the last words nothing is asked any more; what was shut stays shut."""
    return Person(curious="listening", harder="refused")
