"""When PocketSphinx's best phrase is believed, and how much: the rejection rules and their measured numbers.

In: the evidence of one piece. Out: a confidence, and whether a second opinion agrees. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST_CONFIDENCE = 0.2
"""Below it nothing was heard; who acts on a phrase asks for more (turns/rules).

Of the recorded words among the 382 phrases of a gate, by least confidence, speakers of the fit / the others:
    0.2   yes, no and stop right 87 / 80 %, other words taken 33 / 33 %, ordinary sentences taken 8 / 10 %
    0.3   85 / 79 %,  27 / 25 %,  6 / 2 %
    0.5   84 / 72 %,  10 / 16 %,  2 / 2 %
    0.6   82 / 70 %,   4 / 12 %,  2 / 0 %
    0.7   78 / 66 %,   0 / 12 %,  2 / 0 %
Among five phrases hardly any other word reaches 0.2: what is not offered is not mistaken.
"""
MOST_BESIDE = 1.3
"""Seconds of a piece beside the words of its phrase, of which 0.5 s are margin: with more, something else was
said too. Of words rightly heard in noisy recordings 98 % stay under 1.12 s."""
MOST_BESIDE_CLEAN = 0.8
"""The same for a phrase that may count as clean."""
TOLD_ODDS = 1.5
"""Log odds that a longer phrase gains where people are told to say it: else the short ones among them, which
the fit saw too few of, were hardly believed ("keep it" at 0.2 to 0.3)."""
LONGEST_BASE = 0.75
LONGEST_PER_LETTER = 0.11
NEGATIONS = frozenset({"not", "no", "never", "don't", "won't", "can't", "isn't", "nor", "nope", "cannot"})
NEGATING = ("no", "not", "don't", "never")
"""What stands before or within a phrase when the opposite is meant."""
PLEADING = "please don't"
"""What may stand before it too."""
DENIED = {
    "can": "can't",
    "do": "don't",
    "will": "won't",
    "is": "isn't",
    "i'm": "i'm not",
    "i'd": "i wouldn't",
    "that's": "that's not",
    "let's": "let's not",
}
"""What words become when the opposite is meant."""


@dataclass(frozen=True)
class Evidence:
    """What is known of the best phrase of one piece."""

    text: str
    seconds: float
    """From the beginning of its first word to the end of its last."""
    beside: float
    """Seconds of the piece beside that."""
    llr: float
    """(Log score of the phrase - log score of what else it may have been) / frames of 10 ms that hold words.
    What else: for a lone word the best common word, for a longer phrase a free loop of phones."""


def longest(text: str) -> float:
    """Seconds the words of this phrase may take (recognition study, part 2)."""
    return LONGEST_BASE + LONGEST_PER_LETTER * len(text.replace(" ", ""))


def confidence(evidence: Evidence, *, told: bool = False) -> float:
    """How likely the phrase is what was said, from 0 to 1; 0 when something else must have been said too.

    Two logistic models, for lone words and for longer phrases, fitted on the recorded words of half of the
    speakers and on two synthetic voices that said phrases and ordinary sentences. No longer phrases of real
    people were to be had, so their constant is 1.1 more lenient than the fit. `told`: people are told to
    say this phrase here.
    """
    if evidence.beside > MOST_BESIDE or evidence.seconds > longest(evidence.text):
        return 0.0
    llr = max(-60.0, min(60.0, evidence.llr))
    seconds = math.log(evidence.seconds + 0.05)
    letters = math.log(len(evidence.text.replace(" ", "")) + 1)
    if is_lone(evidence.text):
        odds = 5.27 + 0.216 * llr + 1.22 * seconds - 1.10 * letters - 1.14 * evidence.beside
    else:
        odds = 2.52 + 0.186 * llr + 2.76 * seconds - 0.23 * letters - 0.26 * evidence.beside
        odds += TOLD_ODDS if told else 0.0
    return 1.0 / (1.0 + math.exp(-odds))


def negated(text: str) -> tuple[str, ...]:
    """What may be said for the opposite: a negation before any word, or within one."""
    words = text.split()
    before = [" ".join((*words[:at], word, *words[at:])) for at in range(len(words)) for word in NEGATING]
    within = [
        " ".join((*words[:at], DENIED[word], *words[at + 1 :]))
        for at, word in enumerate(words)
        if word in DENIED
    ]
    return (*before, *within)


def is_lone(text: str) -> bool:
    """Whether a phrase is a single word."""
    return " " not in text


def may_be_clean(evidence: Evidence) -> bool:
    """Whether nearly nothing was said beside the phrase: else no second opinion makes it clean."""
    return evidence.beside <= MOST_BESIDE_CLEAN


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
