"""When PocketSphinx's best phrase is believed, and how much: the rejection rules and their measured numbers.

In: the evidence of one piece. Out: a confidence, and whether a second opinion agrees. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST_CONFIDENCE = 0.2
"""Below it nothing was heard. On half of the recorded speakers, kept apart from the fit: 86 % of yes, 91 % of
no and 69 % of stop pass, and 35 % of other single words; who acts on a phrase asks for more (turns/rules)."""
HOPELESS_LLR = -40.0
"""So far below the loop of phones no other evidence helps: the dearer searches are spared."""
LONGEST_BASE = 0.75
LONGEST_PER_LETTER = 0.11
NEGATIONS = frozenset({"not", "no", "never", "don't", "won't", "can't", "isn't", "nor", "nope", "cannot"})


@dataclass(frozen=True)
class Evidence:
    """What is known of the best phrase of one piece."""

    text: str
    taught: bool
    """Whether it is one of the phrases that people are told to say."""
    seconds: float
    """From the beginning of its first word to the end of its last."""
    phone_llr: float
    """(Log score of the phrase - log score of a free loop of phones) / frames of 10 ms."""
    word_llr: float
    """(Log score of the phrase - log score of the best common word) / frames of 10 ms."""


def longest(text: str) -> float:
    """Seconds the words of this phrase may take (recognition study, part 2)."""
    return LONGEST_BASE + LONGEST_PER_LETTER * len(text.replace(" ", ""))


def confidence(evidence: Evidence) -> float:
    """How likely the phrase is what was said, from 0 to 1; 0 when its words cannot take so long.

    A logistic fit on half of the recorded speakers and of the synthetic voices.
    """
    if evidence.seconds > longest(evidence.text):
        return 0.0
    single = " " not in evidence.text
    letters = len(evidence.text.replace(" ", ""))
    sum_ = 1.9 + 0.15 * evidence.phone_llr + (0.16 if single else 0.09) * evidence.word_llr
    sum_ += 0.57 * single + 1.35 * evidence.taught + 1.37 * math.log(evidence.seconds + 0.05)
    sum_ -= 0.79 * math.log(letters + 1)
    return 1.0 / (1.0 + math.exp(-sum_))


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
