"""When PocketSphinx's best phrase is believed, and how much: the rejection rules and their measured numbers.

In: the evidence of one piece. Out: a confidence, and whether a second opinion agrees. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST_LLR = -20.0
LONGEST_BASE = 0.75
LONGEST_PER_LETTER = 0.11
NEGATIONS = frozenset({"not", "no", "never", "don't", "won't", "can't", "isn't", "nor", "nope", "cannot"})


@dataclass(frozen=True)
class Evidence:
    """What is known of the best phrase of one piece."""

    text: str
    seconds: float
    """From the beginning of its first word to the end of its last."""
    llr: float
    """(Log score of the phrase - log score of a free phone loop) / frames of 10 ms; 0 is the best."""


def longest(text: str) -> float:
    """Seconds the words of this phrase may take (recognition study, part 2)."""
    return LONGEST_BASE + LONGEST_PER_LETTER * len(text.replace(" ", ""))


def confidence(evidence: Evidence) -> float:
    """0 when the phrase is rejected, else above 0.5 up to 1."""
    if evidence.llr < LEAST_LLR or evidence.seconds > longest(evidence.text):
        return 0.0
    return 0.5 + 0.5 / (1.0 + math.exp(-(evidence.llr - LEAST_LLR / 2) / 4.0))


def agrees(text: str, heard: str) -> bool:
    """Whether a free decoding backs a phrase: one word lacking or different, one added, no added negation."""
    expected, words = text.split(), heard.split()
    if any(word in NEGATIONS and word not in expected for word in words):
        return False
    shared = _common(expected, words)
    lacking, added = len(expected) - shared, len(words) - shared
    if len(expected) == 1 and lacking:
        return False
    return lacking <= 1 and added <= 1 + lacking


def _common(a: list[str], b: list[str]) -> int:
    """Length of the longest common subsequence of words."""
    row = [0] * (len(b) + 1)
    for word in a:
        previous = row[:]
        for j, other in enumerate(b):
            row[j + 1] = previous[j] + 1 if word == other else max(row[j], previous[j + 1])
    return row[-1]
