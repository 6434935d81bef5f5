"""What answers and arrivals change besides the locks: mode, length, cards, where a detour returns.

Comes in: the memory, a state and an intent. Goes out: the changed memory. Consent itself is in consent.py.
"""

from __future__ import annotations

from voice_coach.conversation import consent
from voice_coach.conversation.cues import Consent
from voice_coach.conversation.memory import CONSENT_FACTS, WELCOME_FACTS, Memory, Mode
from voice_coach.conversation.protected import CHALLENGE_OFFERS, ENDINGS, EXPLORE_CARDS
from voice_coach.conversation.targets import DETOURS, LAST_WORDS, resume_point

_MODES: dict[tuple[str, str], Mode] = {
    ("MODE", "PAIR"): "together",
    ("MODE", "REMIND"): "reminder",
    ("SOLO_CHOICE", "BE_HEARD"): "heard",
    ("SOLO_CHOICE", "UNSURE"): "heard",
    ("SOLO_CHOICE", "DEFAULT"): "heard",
    ("SOLO_CHOICE", "SKIP"): "heard",
    ("SOLO_CHOICE", "JUST_LISTEN"): "heard",
    ("SOLO_CHOICE", "LOOK_BACK"): "look_back",
    ("SOLO_CHOICE", "GET_READY"): "get_ready",
}
_LEADS_AWAY = frozenset({"PAUSE", "REMIND", "NUMBERS", "MOVE"})


def record(memory: Memory, state: str, intent: str) -> list[Consent]:
    """Let a plain answer change the memory, before the way is chosen."""
    facts: list[Consent] = []
    mode = _MODES.get((state, intent))
    if mode is not None:
        facts += consent.clear(memory)
        memory.mode = mode
    if state == "TIME":
        lengths = {"LONG": "long", "WALKING": "walking"}
        memory.length = lengths.get(intent, "short")  # type: ignore[assignment]
    if intent == "IN_HEAD" and state in {"PLACE", "PLACE_FIX"}:
        memory.quiet = True
    if state == "R_WHO" and intent.endswith("_POWER"):
        memory.powers = intent
    if state == "EASE":
        memory.eased += intent in {"REST", "DEFAULT"} and memory.eased < 2
    if _starts_detour(memory, state, intent):
        memory.came_from = resume_point(state)
    _together(memory, state, intent)
    return facts + _crisis(memory, state, intent)


def _starts_detour(memory: Memory, state: str, intent: str) -> bool:
    leads = (
        intent in _LEADS_AWAY
        or intent.startswith("CR_")
        or (state == "PLACE_FIX" and intent in {"DEFAULT", "SKIP"})
    )
    return leads and state not in DETOURS | LAST_WORDS and not state.startswith("CR_")


def _together(memory: Memory, state: str, intent: str) -> None:
    person = memory.person
    if state == "T_ANSWER":
        memory.two_agreed = memory.two_agreed or intent == "YES"
    elif state == "T_NEED":
        person.need_asked = True
        memory.speaker = 1 - memory.speaker
    elif state == "T_AGREE" and intent == "YES":
        person.agreed = True
        memory.speaker = 1 - memory.speaker
    elif state == "T_CH_WILLING":
        memory.listener_willing = intent == "YES"
    elif state == "T_SWAP" and intent == "YES":
        memory.speaker = 1 - memory.speaker
        memory.listener_willing = False


def _crisis(memory: Memory, state: str, intent: str) -> list[Consent]:
    """What a crisis check changes: heard wrong clears it, someone else lowers it, all else locks for good."""
    if state == "CR_CHECK" and intent in {"ABOUT_ME", "YES", "UNSURE", "DEFAULT", "NO", "SKIP"}:
        memory.crisis = "locked"
        return consent.lock(memory)
    if (state == "CR_CHECK" and intent == "ABOUT_OTHER") or intent == "CR_OTHER":
        memory.crisis = "other"
        for person in memory.people:
            person.offered = True
            person.wants_challenge = False
    heard_wrong = intent in {"MISHEARD", "WRONG"} or (intent == "NO" and state != "CR_CHECK")
    if state in _CHECKS and heard_wrong and memory.crisis == "checking":
        memory.crisis = ""
    return []


_CHECKS = frozenset({"CR_CHECK", "CR_DANGER", "CR_MEDICAL", "CR_HURT_OTHER"})


def arrive(memory: Memory, source: str, state: str, intent: str) -> list[Consent]:
    """What entering a state changes; `source` is the state left, `intent` what led here."""
    person = memory.person
    moved = source != state
    memory.rung = memory.unclear = memory.lines_said = memory.helped = 0
    memory.resting = False
    memory.armed_at = -1.0
    memory.defaults = min(memory.defaults + 1, 3) if intent == "DEFAULT" else 0
    if state not in DETOURS and not state.startswith("CR_"):
        memory.came_from = ""
    if intent in {"BACK", "WRONG"} or state in DETOURS or state.startswith("CR_"):
        memory.previous = ""
    elif moved and source not in DETOURS and not source.startswith("CR_"):
        memory.previous = source
    if state in {"CONNECT", "LISTEN", "T_CONNECT", "T_TURN"}:
        for each in memory.people if state == "T_CONNECT" else (person,):
            each.check = "none"
    if state in CHALLENGE_OFFERS:
        person.offered = True
    if state in EXPLORE_CARDS or state == "T_CARD":
        memory.cards = min(memory.cards + 1, 3)
        person.exploring = True
    if state == "LENS":
        memory.lens_used = True
    if state == "EXPLORE_OFFER":
        person.explore_offered = True
    if state in {"MODE", "SOLO_CHOICE"} and intent in {"BACK", "WRONG"}:
        memory.mode = ""
    if memory.crisis == "checking" and state not in _CHECKS | DETOURS | ENDINGS:
        memory.crisis = "locked"
        return consent.lock(memory)
    return []


def heard_in_full(memory: Memory, state: str, prompt: str) -> None:
    """A prompt was said to its end: two hold the facts consent rests on (conversation design, 10.3)."""
    if state == "WELCOME" and ".prompts." in prompt:
        memory.facts_heard |= WELCOME_FACTS
    elif state == "CONSENT" and ".prompts." in prompt:
        memory.facts_heard |= CONSENT_FACTS
