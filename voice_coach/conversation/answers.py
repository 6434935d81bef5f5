"""What answers change besides the locks: mode, length, whose turn it is, where a detour returns.

Comes in: the memory, a state and an intent. Goes out: the changed memory. Consent itself is in consent.py,
what entering a state changes in arrivals.py.
"""

from __future__ import annotations

from voice_coach.conversation import consent
from voice_coach.conversation.cues import Consent
from voice_coach.conversation.keeping import WISHES
from voice_coach.conversation.memory import CONSENT_FACTS, WELCOME_FACTS, Length, Memory, Mode
from voice_coach.conversation.preset import take_time
from voice_coach.conversation.protected import CHECKS, CURIOUS, DETOURS
from voice_coach.conversation.targets import SAFETY, resume_point

ARRIVING = frozenset({"PLACE", "PLACE_FIX", "MODE", "SOLO_CHOICE", "TIME"})
"""Questions at which a person may say at once what they want; consent is asked all the same."""
_MODES: dict[str, Mode] = {
    "SOLO": "solo",
    "PAIR": "together",
    "BE_HEARD": "heard",
    "LOOK_BACK": "look_back",
    "GET_READY": "get_ready",
}
_LENGTHS: dict[str, Length] = {"SHORT": "short", "LONG": "long", "WALKING": "long"}
_WITHOUT_AN_ANSWER = frozenset({"UNSURE", "DEFAULT", "SKIP"})
_TAKEN_BACK = frozenset({"BACK", "WRONG"})
MISHEARD_AT_MOST = 2
"""A kind of danger is checked no more after it was misheard so often in a session (9.2)."""


def record(memory: Memory, state: str, intent: str, also: tuple[str, ...] = ()) -> list[Consent]:
    """Let a plain answer change the memory, before the way is chosen."""
    facts: list[Consent] = []
    if state in ARRIVING:
        facts += _arriving(memory, state, (intent, *also))
    if "IN_HEAD" in (intent, *also) and state in {"PLACE", "PLACE_FIX"}:
        memory.quiet = memory.unhurried = True
    elif state == "R_WHO" and intent.endswith("_POWER"):
        memory.powers = intent
    elif state == "CR_NUMBERS" and intent in {"SKIP", "YES", "UNSURE"}:
        memory.contact += 1
    if intent == "JUST_LISTEN":
        _come_back_gentler(memory)
    _detour(memory, state, intent)
    _together(memory, state, intent)
    return facts + _crisis(memory, state, intent)


def _arriving(memory: Memory, state: str, intents: tuple[str, ...]) -> list[Consent]:
    """Take all that was said about what for and how long; what a question did not get has its default."""
    before = memory.mode
    for intent in intents:
        memory.mode = _MODES.get(intent, memory.mode)
        memory.length = _LENGTHS.get(intent, memory.length)
        if intent == "WALKING":
            memory.walking = memory.unhurried = True
    if intents[0] in _WITHOUT_AN_ANSWER:
        if state == "MODE":
            memory.mode = "solo"
        elif state == "SOLO_CHOICE":
            memory.mode = "heard"
        elif state == "TIME":
            memory.length = "short"
    if state == "MODE" and intents[0] == "REMIND":
        memory.mode = "reminder"
    if state == "SOLO_CHOICE" and intents[0] == "JUST_LISTEN":
        memory.mode = "heard"
    take_time(memory)
    return consent.clear(memory) if memory.mode != before else []


def _detour(memory: Memory, state: str, intent: str) -> None:
    """Remember where a pause, a reminder, the numbers or a check leads back to."""
    if intent in {"PAUSE", "MOVE"} or (state == "PLACE_FIX" and intent in {"DEFAULT", "SKIP"}):
        if state != "PAUSED":
            memory.paused_from = resume_point(state)
        return
    if intent not in {"REMIND", "NUMBERS", *WISHES} and intent not in SAFETY:
        return
    origin = memory.paused_from if state == "PAUSED" else state
    if origin not in DETOURS and not origin.startswith("CR_") and memory.mode != "reminder":
        memory.came_from = resume_point(origin)
    elif origin == "CR_BYE":
        memory.came_from = origin


def _come_back_gentler(memory: Memory) -> None:
    """Just listen, said in a detour: it leads back to no question about the story (I-16)."""
    gentler = "T_BALANCE" if memory.mode == "together" else "LISTEN"
    if memory.came_from in CURIOUS:
        memory.came_from = gentler
    if memory.paused_from in CURIOUS:
        memory.paused_from = gentler


def _together(memory: Memory, state: str, intent: str) -> None:
    person = memory.person
    if state == "T_ANSWER":
        memory.two_agreed = intent == "YES"
    elif state == "T_NEED" and intent in consent.NEED_ANSWERS:
        memory.speaker = 1 - memory.speaker
    elif state == "T_AGREE" and intent == "YES":
        person.agreed = True
        memory.speaker = 1 - memory.speaker
    elif state == "T_CH_WILLING":
        memory.listener_willing = intent == "YES"
    elif state == "T_SWAP" and intent == "YES":
        memory.speaker = 1 - memory.speaker


def _crisis(memory: Memory, state: str, intent: str) -> list[Consent]:
    """What a check changes: heard wrong takes it back, someone else lowers it, all else locks for good."""
    if intent in SAFETY:
        memory.checking = intent != "CR_OTHER"
        memory.asked_sure = False
        memory.harm = intent == "CR_HARM"
        memory.numbers_for = {"CR_DANGER": "danger", "CR_POISON": "poison"}.get(intent, "")  # type: ignore[assignment]
    elif intent == "NUMBERS" and not state.startswith("CR_"):
        memory.numbers_for = ""
    if intent == "CR_OTHER" or (state == "CR_CHECK" and intent == "ABOUT_OTHER"):
        return _about_somebody_else(memory)
    if state not in CHECKS:
        return []
    if state == "CR_CHECK" and intent == "NO" and not memory.asked_sure:
        memory.asked_sure = True
    elif intent in {"MISHEARD", "WRONG"} or (intent == "NO" and state != "CR_CHECK"):
        memory.checking = False
        memory.misheard += (_KINDS.get(state, "") if not memory.harm else "CR_HARM",)
    elif state == "CR_CHECK" and intent in {"ABOUT_ME", "YES", "NO", *_WITHOUT_AN_ANSWER}:
        return consent.lock(memory)
    return []


_KINDS = {
    "CR_CHECK": "CR_SELF",
    "CR_DANGER": "CR_DANGER",
    "CR_MEDICAL": "CR_MEDICAL",
    "CR_HURT_OTHER": "CR_HURT_OTHER",
}


def _about_somebody_else(memory: Memory) -> list[Consent]:
    """Curious questions may come again; a harder one only if the person asks for it (9.2)."""
    memory.checking = False
    if memory.crisis != "locked":
        memory.crisis = "other"
    return consent.end_run(memory)


def misheard_often(memory: Memory, intent: str) -> bool:
    """Whether this kind of danger was said to be misheard so often that it is not checked again (9.2)."""
    kind = "CR_MEDICAL" if intent == "CR_POISON" else intent
    return intent in SAFETY and memory.misheard.count(kind) >= MISHEARD_AT_MOST


def heard_in_full(memory: Memory, state: str, prompt: str) -> None:
    """A prompt was said to its end: two hold the facts consent rests on (conversation design, 10.3)."""
    if state == "WELCOME" and ".prompts." in prompt:
        memory.facts_heard |= WELCOME_FACTS
    elif state == "CONSENT" and ".prompts." in prompt:
        memory.facts_heard |= CONSENT_FACTS


def taken_back(state: str, intent: str, memory: Memory) -> None:
    """Arriving at a question again by "go back": its answer is asked for anew."""
    if intent not in _TAKEN_BACK:
        return
    if state in {"MODE", "SOLO_CHOICE"}:
        memory.mode = "" if state == "MODE" else "solo"
        memory.length = ""
    elif state == "TIME":
        memory.length = ""
