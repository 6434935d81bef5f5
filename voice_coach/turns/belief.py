"""Whether a hypothesis is sure enough for what it would do.

In: a hypothesis, an intent, the kind of turn or the state. Out: yes or no. Pure. The numbers and their
reasons are in rules.py; a doubt always closes, never opens.
"""

from __future__ import annotations

from voice_coach.hearing.recognizer import Hypothesis
from voice_coach.turns.rules import (
    ANSWER_CONFIDENCE,
    AT_ONCE,
    COMMAND_CONFIDENCE,
    GATE_CONFIDENCE,
    NOTE_CONFIDENCE,
    NOTE_GATES,
    QUICK_CONFIDENCE,
    STOP_CONFIDENCE,
    STOP_QUIET_SECONDS,
    STRICT_GATES,
    TALK,
    TALK_CONFIDENCE,
)
from voice_coach.understanding.table import PhraseTable
from voice_coach.understanding.understand import Meaning


def vouched(heard: Hypothesis, state: str) -> bool:
    """Whether a wish may count: at the challenge's own gates only with a second opinion that agrees."""
    if heard.clean:
        return True
    least = NOTE_CONFIDENCE if state in NOTE_GATES else GATE_CONFIDENCE
    return state not in STRICT_GATES and heard.confidence >= least


def believed(
    intent: str | None, heard: Hypothesis, turn: str, least_answer: float = ANSWER_CONFIDENCE
) -> bool:
    """Whether a hypothesis is sure enough for what it would do: in talk, most of what is said is talk."""
    if turn not in TALK:
        return heard.confidence >= least_answer
    least = TALK_CONFIDENCE.get(intent or "", COMMAND_CONFIDENCE)
    return heard.confidence >= (least / 2 if heard.clean else least)


def tells_enough(meaning: Meaning, heard: Hypothesis, *, consents: bool) -> bool:
    """Whether a quick look needs no other with more of the quiet after the words."""
    sure = meaning.intent is not None and heard.confidence >= QUICK_CONFIDENCE
    return sure and (heard.clean or not consents or meaning.intent in AT_ONCE)


def is_a_stop(meaning: Meaning, heard: Hypothesis, quiet: float) -> bool:
    """Whether this is a "stop" that need not wait for the turn's own quiet (`quiet`: seconds since it)."""
    sure = meaning.intent == "STOP" and heard.confidence >= STOP_CONFIDENCE
    return sure and quiet >= STOP_QUIET_SECONDS


def is_settled(meaning: Meaning, table: PhraseTable) -> bool:
    """Whether something was understood after which neither a longer phrase nor another answer may come."""
    return meaning.intent is not None and not table.goes_on(meaning.phrase)


def is_urgent(intent: str) -> bool:
    """Whether an intent counts at once in talk, with no grace in which more may be said."""
    return intent in AT_ONCE or intent.startswith("CR_")
