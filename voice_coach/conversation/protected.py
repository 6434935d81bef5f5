"""Which states are locked, by name: content cannot rename its way past a guard.

The stance a pack gives these states must be the one demanded here; the guards hang on the names as well.
"""

from __future__ import annotations

from voice_coach.packs.models import Stance, State

CHALLENGE_CARDS = ("CH_CONNECT", "CH_OTHER", "CH_POSSIBLE", "CH_PROBLEM", "CH_BUTTON")
"""In the order they are asked when none was asked more often."""
EXPLORE_CARDS = ("EX_CONNECTION", "EX_WORLDVIEW", "EX_MUTUAL", "EX_UNTOLD")
CURIOUS = frozenset({*EXPLORE_CARDS, "T_CARD", "LENS", "LENS_CARD", "EXPLORE_OFFER"})
"""States that are curious about the story, or offer to be."""
CHALLENGE_OFFERS = frozenset({"CHALLENGE_GATE", "T_CH_GATE"})
CHALLENGE_CONFIRMS = frozenset({"CH_CONFIRM", "T_CH_CONFIRM"})
CHALLENGE_GATES = CHALLENGE_OFFERS | CHALLENGE_CONFIRMS | {"REOPEN_GATE"}
"""Where consent to a harder question is taken, and nowhere else."""

REQUIRED_STANCE: dict[str, Stance] = {
    **dict.fromkeys(CHALLENGE_CARDS, "challenge"),
    "T_CH_CARD": "challenge",
    **dict.fromkeys(EXPLORE_CARDS, "explore"),
    "LENS": "explore",
    "LENS_CARD": "explore",
    "T_CARD": "explore",
    **dict.fromkeys(sorted(CHALLENGE_GATES), "permission"),
    "CONSENT": "permission",
    "EXPLORE_OFFER": "permission",
}

OPEN_GROUPS = frozenset({"arrive", "global", "crisis", "remind", "my_notes"})
"""Journeys' parts that can be reached before the session's own consent was given."""

PAST_RULES = frozenset(
    {
        "T_TURN",
        "T_CHECK",
        "T_EASE",
        "T_SHARE",
        "T_SHARE_TALK",
        "T_CARD",
        "T_CH_WILLING",
        "T_CH_GATE",
        "T_CH_CONFIRM",
        "T_CH_CARD",
        "T_BALANCE",
        "T_SWAP",
        "T_MUTUAL",
    }
)
"""Two together: only with a yes from each to the ground rules (I-20)."""
PAST_ANSWER = PAST_RULES | {
    "T_CONNECT",
    "T_POWER",
    "T_HOPE",
    "T_NEED",
    "T_SPACE",
    "T_AGREE",
    "T_TALK_RULES",
    "T_CLOSE",
}
"""Two together: only with Two's own yes (I-20)."""

ENDINGS = frozenset({"HUSHED", "END"})
"""Targets that are no states of a pack: silence, and off."""
LAST_WORDS = frozenset({"STOPPED", "NOT_STARTED", "T_NOT_NOW", "GOODBYE", "CR_BYE"})
"""States that only say goodbye: stop or hush in them is off at once."""
KEPT_BEFORE = frozenset(
    {
        *("NOTES_PLACE", "NOTES_PLAY", "NOTES_NEXT", "NOTES_END", "NOTES_NONE", "NOTES_SEALED"),
        *("NOTES_WIPE", "NOTES_WIPED", "NOTES_LAST", "NOTES_LAST_GONE"),
    }
)
"""States about notes that were kept before."""
DETOURS = KEPT_BEFORE | {"REM_MENU", "REM_PRINCIPLES", "REM_TASKS", "REM_TRAPS", "REM_AFTER"}
"""States that lead back to where the person was."""
CHECKS = frozenset({"CR_CHECK", "CR_DANGER", "CR_MEDICAL", "CR_HURT_OTHER"})
"""States in which "you misheard" takes the alarm back."""


def is_detour(state: str) -> bool:
    """Whether a person in this state is away from their journey and comes back to it."""
    return state == "PAUSED" or state in DETOURS or state.startswith("CR_")


def is_challenge(state: State) -> bool:
    """Whether saying this state's prompt asks the person to look at what could have been different."""
    return state.stance == "challenge" or REQUIRED_STANCE.get(state.name) == "challenge"


def is_explore(state: State) -> bool:
    """Whether this state's prompt is curious about the story."""
    return state.stance == "explore" or REQUIRED_STANCE.get(state.name) == "explore"
