"""The consent rules: who may be asked what, and how each answer changes it.

Comes in: the memory of a session and one outcome of listening. Goes out: the changed memory and the facts
for the event log. No content file can widen a rule here; a doubt always closes, never opens.
"""

from __future__ import annotations

from typing import Literal

from voice_coach.conversation.cues import FEELING, SPEECH_END, Consent, Turn
from voice_coach.conversation.keeping import DESTROYING, WISHES
from voice_coach.conversation.memory import ALL_FACTS, Memory, Person
from voice_coach.conversation.protected import (
    CHALLENGE_CARDS,
    CHALLENGE_GATES,
    CHALLENGE_OFFERS,
    is_detour,
)

TOKEN_SECONDS = 120.0
"""A yes that was not used for this long is no yes any more (conversation design, 5.2)."""
KEY_PRESSES_APART = 0.6
"""Seconds between the two presses of a consent key: nearer together is one bump in a pocket."""
KEY_PRESS_WITHIN = 10.0

OPENING = frozenset({"YES", "ASK_ME", "EXPLORE", "KEEP_IT", "REOPEN", "WIPE_THEM"})
"""Intents that may open something, or wipe it. All others are harmless when misheard."""
WITHDRAWING = frozenset(
    {"JUST_LISTEN", "NO", "UNSURE", "STOP", "PAUSE", "HUSH", "BACK", "REMIND", "WRONG", "NUMBERS", *WISHES}
)
"""Any of these ends an unused yes, and a run of harder questions."""
INTERRUPTING = frozenset({"STOP", "PAUSE", "HUSH", "JUST_LISTEN"})
"""All that may be heard while the coach speaks (I-08); a key may also ask for the numbers."""
CHALLENGE_MODES = frozenset({"look_back", "together"})
REOPEN_MODES = frozenset({"look_back", "heard"})
"""Two people: a refusal said before the other is not reopened by a voice that may be the other's."""


def connected(person: Person) -> bool:
    """Connection was answered, and a later check-in was too (I-02)."""
    return person.connection == "checked"


def offered(person: Person) -> bool:
    """Whether the one unasked offer of a harder question is used up."""
    return person.harder not in {"unasked", "wished"}


def may_offer_challenge(memory: Memory) -> bool:
    """Whether a harder question may be offered unasked: once a session, to someone who is curious (I-06)."""
    person = memory.person
    wanted = person.curious == "exploring" or person.harder == "wished"
    return wanted and not offered(person) and _may_challenge(memory)


def may_offer_again(memory: Memory) -> bool:
    """Whether "one more?" may follow a harder question: it belongs to the same yes."""
    return memory.person.harder in {"once", "twice"} and _may_challenge(memory)


def may_be_offered(memory: Memory) -> bool:
    """Whether the gate to a harder question may be entered: by the one offer, or by "one more?"."""
    return may_offer_challenge(memory) or may_offer_again(memory)


def may_confirm(memory: Memory) -> bool:
    """Whether a plain yes at the gate may be said back."""
    return offered(memory.person) and memory.person.harder != "refused" and _may_challenge(memory)


def may_ask_challenge(memory: Memory) -> bool:
    """Whether exactly one harder question may be spoken now (I-01 to I-04)."""
    person = memory.person
    willing = memory.mode != "together" or memory.listener_willing
    return person.token and person.harder != "refused" and willing and _may_challenge(memory)


def _may_challenge(memory: Memory) -> bool:
    return connected(memory.person) and not memory.alarmed and memory.mode in CHALLENGE_MODES


def may_reopen(memory: Memory) -> bool:
    """Whether the person's own wish for a harder question may be checked."""
    safe = not memory.checking and memory.crisis != "locked"
    return connected(memory.person) and safe and memory.consented and memory.mode in REOPEN_MODES


def may_explore(memory: Memory) -> bool:
    """Whether a curious question may be asked: not in "be heard", not after a crisis trigger (I-17, I-18)."""
    return memory.mode in CHALLENGE_MODES and not memory.checking and memory.crisis != "locked"


def all_heard(memory: Memory) -> bool:
    """Whether all that consent rests on was said to its end (10.3)."""
    return memory.facts_heard == ALL_FACTS


def is_exploring(memory: Memory) -> bool:
    """Whether the person chose gentle questions and has not taken it back."""
    return memory.person.curious == "exploring"


def is_wish(state: str, intent: str) -> bool:
    """Whether this answer would open or wipe something here, so that doubt must be kept out of it."""
    if (state, intent) in DESTROYING:
        return True
    return intent in OPENING and (state in CHALLENGE_GATES or state in GATES_THAT_OPEN or intent == "REOPEN")


GATES_THAT_OPEN = frozenset(
    {
        *("CONSENT", "EXPLORE_OFFER", "NOTE_OFFER", "T_NOTE_OFFER", "NOTE_VOICE", "NOTE_BACK"),
        *("NOTES_PLACE", "NOTES_WIPE", "NOTES_LAST"),
        *("T_ANSWER", "T_AGREE", "T_SHARE", "T_CH_WILLING", "T_SWAP"),
    }
)
"""Gates other than the challenge's own whose yes opens something."""


NEED_ANSWERS = frozenset({"JUST_LISTEN", "EXPLORE", "ASK_ME", "UNSURE", "DEFAULT", "SKIP"})
"""What moves T_NEED on to the other person."""


def doubtful(state: str, turn: Turn, memory: Memory) -> bool:
    """Whether a wish is taken as unclear: heard over the coach, not clean, or a single press (I-08, I-09)."""
    if not is_wish(state, turn.intent):
        return False
    if turn.by == "voice":
        return turn.while_speaking or not turn.clean
    if turn.by == "key":
        return not _pressed_twice(turn, memory)
    return False


def _pressed_twice(turn: Turn, memory: Memory) -> bool:
    apart = turn.at - memory.armed_at
    return memory.armed_at >= 0 and KEY_PRESSES_APART <= apart <= KEY_PRESS_WITHIN


def expire(memory: Memory, at: float) -> list[Consent]:
    """Drop a yes that was not used in time."""
    return [
        fact
        for i, person in enumerate(memory.people)
        if person.token and at - person.token_at > TOKEN_SECONDS
        for fact in _clear(person, i)
    ]


def record(memory: Memory, state: str, turn: Turn) -> list[Consent]:
    """Change the locks as this answer, given in this state, demands. Runs before any guard is read."""
    facts: list[Consent] = []
    person, intent = memory.person, turn.intent
    if (intent in WITHDRAWING or intent.startswith("CR_")) and not is_detour(state):
        # Within a detour there is no run to end: the way there has ended it.
        facts += end_run(memory)
    if intent == "WRONG" and (state in CHALLENGE_CARDS or state == "T_CH_CARD"):
        facts += refuse(memory)
    if intent == "JUST_LISTEN":
        if person.curious == "exploring":
            person.curious = "listening"
        if offered(person) or state in CHALLENGE_GATES:
            facts += refuse(memory)
        else:
            person.harder = "unasked"
    if state in CHALLENGE_GATES:
        facts += _at_challenge_gate(memory, state, turn)
    too_early = intent == "REOPEN" and memory.mode in CHALLENGE_MODES and not connected(person)
    if too_early and person.harder == "unasked":
        person.harder = "wished"
    _answers(memory, state, intent)
    if intent == "STIRRED":
        facts += clear(memory)
    return facts


def _at_challenge_gate(memory: Memory, state: str, turn: Turn) -> list[Consent]:
    """Only the taught words open, a plain yes after the confirm; all else is "not ready" (I-05)."""
    person = memory.person
    grants = turn.intent == "ASK_ME" or (turn.intent == "YES" and state not in CHALLENGE_OFFERS)
    if state == "REOPEN_GATE" and grants and may_reopen(memory):
        person.harder = "over"
        memory.crisis = ""
        memory.mode = "look_back"
        memory.length = memory.length or "short"
        return [Consent("reopened", _NAMES[memory.speaker]), *_take(memory, turn.at)]
    if state != "REOPEN_GATE" and grants and person.harder != "refused":
        return _take(memory, turn.at)
    if turn.intent == "REOPEN" or (turn.intent == "YES" and state in CHALLENGE_OFFERS):
        return []
    return refuse(memory)


def _answers(memory: Memory, state: str, intent: str) -> None:
    """The plain answers of the arriving, connecting and exploring states."""
    person = memory.person
    spoke = intent in {"DONE", SPEECH_END, FEELING}
    if state == "CONNECT" and spoke:
        person.connection = "answered"
    elif state == "T_CONNECT" and spoke:
        for each in memory.people:
            each.connection = "answered"
    elif state in {"CONNECT_CHECK", "T_CHECK"} and person.connection != "none":
        person.connection = "checked" if intent in {"STEADY", "BETWEEN"} else "answered"
    elif state in {"NEED", "T_NEED"}:
        if intent == "EXPLORE":
            person.curious = "exploring"
        elif state == "T_NEED" and intent in NEED_ANSWERS:
            person.curious = "listening"
        if intent == "ASK_ME" and person.harder == "unasked":
            person.harder = "wished"
    elif state == "EXPLORE_OFFER":
        person.curious = "exploring" if intent in {"EXPLORE", "YES"} else "listening"
    elif state == "CONSENT" and intent == "YES" and all_heard(memory):
        memory.consented = True


def refuse(memory: Memory) -> list[Consent]:
    """Not ready: it holds until the person reopens it unasked and confirms (I-04)."""
    person = memory.person
    facts = _clear(person, memory.speaker)
    if person.harder != "refused":
        person.harder = "refused"
        facts.append(Consent("not_ready", _NAMES[memory.speaker]))
    return facts


def lock(memory: Memory) -> list[Consent]:
    """After a crisis trigger: no harder or curious question for anyone any more (I-18)."""
    facts = clear(memory)
    for person in memory.people:
        person.harder = "refused"
        person.curious = "listening"
    memory.crisis, memory.checking = "locked", False
    return [*facts, Consent("locked", _NAMES[memory.speaker])]


def spend(memory: Memory, source: str) -> list[Consent]:
    """A harder question is about to be spoken: the yes for it is used up (I-03)."""
    person = memory.person
    person.token = False
    # Reopened by the person's own wish, or between two people: the coach does not go on to "one more?".
    alone = source != "REOPEN_GATE" and memory.mode != "together"
    person.harder = _NEXT.get(person.harder, "over") if alone else "over"
    return [Consent("spent", _NAMES[memory.speaker])]


_NEXT: dict[str, Literal["once", "twice", "over"]] = {"over": "once", "once": "twice", "twice": "over"}
"""Three harder questions in one run of yeses at most (conversation design, part 4)."""


def _take(memory: Memory, at: float) -> list[Consent]:
    person = memory.person
    person.token, person.token_at = True, at
    return [Consent("taken", _NAMES[memory.speaker])]


def _clear(person: Person, index: int) -> list[Consent]:
    if not person.token:
        return []
    person.token = False
    return [Consent("cleared", _NAMES[index])]


def clear(memory: Memory) -> list[Consent]:
    """End any unused yes (help asked twice, a swap of turns, a change of mode)."""
    return [fact for i, person in enumerate(memory.people) for fact in _clear(person, i)]


def end_run(memory: Memory) -> list[Consent]:
    """End any unused yes, and any run of harder questions: there is no "one more?" after this."""
    for person in memory.people:
        if person.harder in {"once", "twice"}:
            person.harder = "over"
    return clear(memory)


_NAMES = ("One", "Two")
