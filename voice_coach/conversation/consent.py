"""The consent rules: who may be asked what, and how each answer changes it.

Comes in: the memory of a session and one outcome of listening. Goes out: the changed memory and the facts
for the event log. No content file can widen a rule here; a doubt always closes, never opens.
"""

from __future__ import annotations

from voice_coach.conversation.cues import FEELING, SPEECH_END, Consent, Turn
from voice_coach.conversation.memory import ALL_FACTS, Memory, Person
from voice_coach.conversation.protected import CHALLENGE_GATES, CHALLENGE_OFFERS

TOKEN_SECONDS = 120.0
"""A yes that was not used for this long is no yes any more (conversation design, 5.2)."""
KEY_PRESSES_APART = 0.6
"""Seconds between the two presses of a consent key: nearer together is one bump in a pocket."""
KEY_PRESS_WITHIN = 10.0

OPENING = frozenset({"YES", "ASK_ME", "EXPLORE", "KEEP_IT", "REOPEN"})
"""Intents that may open something. All others are harmless when misheard."""
WITHDRAWING = frozenset({"JUST_LISTEN", "NO", "UNSURE", "STOP", "PAUSE", "HUSH", "BACK", "REMIND", "WRONG"})
"""Any of these ends an unused yes."""
INTERRUPTING = frozenset({"STOP", "PAUSE", "HUSH", "JUST_LISTEN"})
"""All that may be heard while the coach speaks (I-08); a key may also ask for the numbers."""
CHALLENGE_MODES = frozenset({"look_back", "together"})


def connected(person: Person) -> bool:
    """Connection was answered, and a later check-in was too (I-02)."""
    return person.connect_answered and person.check in {"steady", "between"}


def may_offer_challenge(memory: Memory) -> bool:
    """Whether a harder question may be offered unasked: once a session, to someone who is curious (I-06)."""
    person = memory.person
    return (
        connected(person)
        and not person.not_ready
        and not memory.crisis
        and not person.offered
        and memory.mode in CHALLENGE_MODES
        and (person.exploring or person.wants_challenge)
    )


def may_offer_again(memory: Memory) -> bool:
    """Whether "one more?" may follow a harder question: it belongs to the same yes."""
    person = memory.person
    return (
        connected(person)
        and person.in_run
        and not person.not_ready
        and not memory.crisis
        and memory.mode in CHALLENGE_MODES
    )


def may_ask_challenge(memory: Memory) -> bool:
    """Whether exactly one harder question may be spoken now (I-01 to I-04)."""
    person = memory.person
    return (
        connected(person)
        and person.token
        and not person.not_ready
        and not memory.crisis
        and memory.mode in CHALLENGE_MODES
        and (memory.mode != "together" or memory.listener_willing)
    )


def may_reopen(memory: Memory) -> bool:
    """Whether the person's own wish for a harder question may be checked: in any mode but rehearsal."""
    return (
        connected(memory.person)
        and memory.crisis in {"", "other"}
        and memory.consented
        and memory.mode in CHALLENGE_MODES | {"heard"}
    )


def may_explore(memory: Memory) -> bool:
    """Whether a curious question may be asked: not in "be heard", not after a crisis trigger (I-17, I-18)."""
    return memory.mode != "heard" and memory.crisis in {"", "other"}


def is_wish(state: str, intent: str) -> bool:
    """Whether this answer would open something in this state, so that doubt must be kept out of it."""
    return intent in OPENING and (state in CHALLENGE_GATES or state in GATES_THAT_OPEN or intent == "REOPEN")


GATES_THAT_OPEN = frozenset(
    {
        "CONSENT",
        "EXPLORE_OFFER",
        "T_ANSWER",
        "T_AGREE",
        "T_SHARE",
        "T_CH_WILLING",
        "T_SWAP",
        "NOTE_OFFER",
        "NOTE_BACK",
    }
)
"""Gates other than the challenge's own whose yes opens something."""


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
    person, name = memory.person, memory.speaker
    intent = turn.intent
    if intent in WITHDRAWING or intent.startswith("CR_"):
        for i, each in enumerate(memory.people):
            facts += _clear(each, i)
            each.in_run = False
    if intent == "JUST_LISTEN":
        person.exploring = False
        person.wants_challenge = False
        if person.offered or state in CHALLENGE_GATES:
            facts += refuse(memory)
    if state in CHALLENGE_GATES:
        facts += _at_challenge_gate(memory, state, turn)
    if intent.startswith("CR_"):
        memory.crisis = "checking"
    _answers(memory, state, turn)
    if state == "CONNECT_CHECK" and person.check == "stirred":
        facts += _clear(person, name)
    return facts


def _at_challenge_gate(memory: Memory, state: str, turn: Turn) -> list[Consent]:
    person = memory.person
    grants = turn.intent == "ASK_ME" or (turn.intent == "YES" and state not in CHALLENGE_OFFERS)
    if state == "REOPEN_GATE" and grants and may_reopen(memory):
        person.not_ready = False
        memory.crisis = ""
        if memory.mode == "heard":
            memory.mode = "look_back"
        return [Consent("reopened", _NAMES[memory.speaker]), *_take(memory, turn.at)]
    if state != "REOPEN_GATE" and grants and not person.not_ready:
        return _take(memory, turn.at)
    if turn.intent == "YES" and state in CHALLENGE_OFFERS:
        return []
    if turn.intent == "REOPEN":
        return []
    return refuse(memory)


def _answers(memory: Memory, state: str, turn: Turn) -> None:
    """The plain answers of the arriving, connecting and exploring states."""
    person, intent = memory.person, turn.intent
    spoke = intent in {"DONE", SPEECH_END, FEELING}
    if state == "CONNECT" and spoke:
        person.connect_answered = True
    elif state == "T_CONNECT" and spoke:
        for each in memory.people:
            each.connect_answered = True
    elif state in {"CONNECT_CHECK", "T_CHECK"}:
        checks = {"STEADY": "steady", "BETWEEN": "between", "STIRRED": "stirred"}
        person.check = checks.get(intent, "none")  # type: ignore[assignment]
    elif state in {"NEED", "T_NEED"}:
        if intent == "EXPLORE":
            person.exploring = True
        elif intent == "ASK_ME":
            person.wants_challenge = True
    elif state == "EXPLORE_OFFER":
        person.exploring = intent in {"EXPLORE", "YES"}
    elif state == "CONSENT":
        memory.consented = memory.consented or (intent == "YES" and memory.facts_heard == ALL_FACTS)
        if memory.consented:
            memory.facts_heard = ALL_FACTS


def refuse(memory: Memory) -> list[Consent]:
    """Not ready: it holds until the person reopens it unasked and confirms (I-04)."""
    person = memory.person
    facts = _clear(person, memory.speaker)
    person.in_run = False
    person.wants_challenge = False
    if not person.not_ready:
        person.not_ready = True
        facts.append(Consent("not_ready", _NAMES[memory.speaker]))
    return facts


def lock(memory: Memory) -> list[Consent]:
    """After a crisis trigger: no harder question for anyone any more (I-18)."""
    facts = clear(memory)
    for person in memory.people:
        person.offered = person.not_ready = True
        person.wants_challenge = person.in_run = False
    return [*facts, Consent("locked", _NAMES[memory.speaker])]


def spend(memory: Memory) -> list[Consent]:
    """A harder question is about to be spoken: the yes for it is used up (I-03)."""
    person = memory.person
    person.token = False
    person.in_run = True
    person.offered = True
    person.challenges += 1
    return [Consent("spent", _NAMES[memory.speaker])]


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


_NAMES = ("One", "Two")
