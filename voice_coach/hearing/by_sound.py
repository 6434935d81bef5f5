"""What was heard, weighed by its sound alone: the phones of each phrase, and three words known whole.

In: meanings as far as the two recognisers heard them, and what the networks over Moonshine's encoder make
of the piece. Out: the same, surer or less sure. Pure.

The numbers were fitted on the tuning half, clean and at 10 and 5 dB; the phones were read by networks that
had learned from the other voice and the other speakers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import replace

from voice_coach.hearing.acceptance import NEGATIONS, is_lone
from voice_coach.hearing.agreement import LEAST, MOST_NEAR, Heard

UNHEARD = 0.02
"""Confidence in a meaning that no recogniser heard, before its sound is asked."""
NEAREST = 2
"""Phrases nearest by their sounds are looked at even if no recogniser heard them."""
LETTER = 0.8
"""A phrase's nearness counts for each 1.25 letters of it."""
FARTHEST = -5.0
MOST_AHEAD = 12.0
SO_SELDOM = 1.0
"""Odds that a longer phrase loses which Moonshine finds less likely than a lone word of the same meaning."""
OUTSHONE = 0.98
"""The most that another word's sound is believed against what else was heard."""
AGAINST = 8.0
"""How much nearer than any of its negations the sounds must be to a phrase that opens something.

Of 906 wishes with "no", "not", "don't" or "never" said before them by slt and rms, clean and at 10 and 5
dB, seven would be granted without this rule, the farthest of them 6.4 apart (5.8 by networks that had not
learned from the voice). Of wishes with no negation one in sixty, at 10 dB, lies between 6 and 8.
"""
SOUNDS, SOUNDS_HEARD = 0.9, 0.6
"""Least probability of a word by its own sound, and least confidence in its meaning, for a lone word that
opens nothing as it was heard: eight of 345 real "yes", most of them "yeah" to the recognisers, are "yes" by
their sound, and nothing else of the tuning half was."""
Phrases = Mapping[str, str]
"""Phrase -> meaning, decoys among them."""


def with_phones(
    found: tuple[Heard, ...], near: Mapping[str, float], meaning: Phrases, phrases: Set[str]
) -> tuple[Heard, ...]:
    """The same in the light of how near each phrase's sounds are (phones.nearness), the surest first."""
    if not near:
        return found
    heard = {each.meaning: each for each in found}
    for text in sorted(near, key=lambda phrase: -near[phrase])[:NEAREST]:
        if text in phrases:
            heard.setdefault(meaning[text], Heard(meaning[text], text, 0.0, UNHEARD))
    best: dict[str, str] = {}
    for text, score in near.items():
        if score > near.get(best.get(meaning.get(text, text), ""), -math.inf):
            best[meaning.get(text, text)] = text
    order = sorted(best.values(), key=lambda phrase: -near[phrase])
    judged = []
    for each in heard.values():
        text, sure, odds = each.text, each.confidence, -math.inf
        nearest = best.get(each.meaning)
        if nearest is not None:
            other = next((near[text] for text in order if text != nearest), -math.inf)
            sure = _sure(each, _per_letter(nearest, near[nearest]), near[nearest] - other)
        if each.both and each.same in near:
            odds = very_phrase(each.exact, each.llr, _per_letter(each.same, near[each.same]))
            if not is_lone(each.same) and (whole := _chance(odds - SO_SELDOM)) > sure:
                text, sure = each.same, whole
        judged.append(replace(each, text=text, confidence=max(sure, each.alone), odds=odds))
    return tuple(sorted(judged, key=lambda each: -each.confidence))


def very_phrase(exact: float, llr: float, nearness: float) -> float:
    """Log odds that a phrase was said which both recognisers hear: what may open something rests on it.

    `exact`: Moonshine's probability of it. `llr`: how near PocketSphinx finds it. `nearness`: of its sounds.
    """
    share = math.log(max(exact, LEAST))
    return 6.65 + 0.19 * share + 0.081 * min(MOST_NEAR, llr) + 1.07 * nearness


def speaks_against_a_negation(text: str, near: Mapping[str, float]) -> bool:
    """Whether the sounds are clearly nearer to a phrase than to its negations (all of them in `near`)."""
    return near[text] - max(score for phrase, score in near.items() if phrase != text) >= AGAINST


def with_words(
    found: tuple[Heard, ...], spoken: Mapping[str, float], meaning: Phrases, phrases: Set[str]
) -> tuple[Heard, ...]:
    """The same in the light of how likely some lone words are by their sound, the surest first.

    `spoken`: word -> probability. It makes nothing clean.
    """
    judged = {heard.meaning: heard for heard in found}
    known = {word: chance for word, chance in spoken.items() if word in phrases}
    for word, chance in known.items():
        heard = judged.get(meaning[word], Heard(meaning[word], word, 0.0, 0.0))
        if heard.text == word and heard.confidence > 0.0:
            judged[heard.meaning] = replace(heard, confidence=_word(heard.confidence, chance))
        elif (alone := _word(UNHEARD, chance)) > heard.confidence:
            judged[heard.meaning] = replace(heard, confidence=alone)
    for means, heard in judged.items():
        others = sum(chance for word, chance in known.items() if meaning[word] != means)
        odds = _odds(heard.confidence) + math.log(1.0 - min(OUTSHONE, others))
        judged[means] = replace(heard, confidence=_chance(odds))
    return tuple(sorted(judged.values(), key=lambda heard: -heard.confidence))


def word_for(heard: Heard, written: str, spoken: Mapping[str, float], meaning: Phrases) -> str:
    """The word of the same meaning that a lone word was by its sound; "" where it may have been another."""
    other = len(written.split()) > 1 or written in NEGATIONS
    if not is_lone(heard.text) or heard.confidence < SOUNDS_HEARD or other:
        return ""
    sure = (word for word, chance in spoken.items() if chance >= SOUNDS)
    return next((word for word in sure if meaning.get(word) == heard.meaning), "")


def _sure(heard: Heard, nearness: float, ahead: float) -> float:
    """`nearness`: of the meaning's nearest phrase. `ahead`: of the nearest that means something else."""
    before = _odds(min(max(heard.confidence, 1e-4), 1.0 - 1e-4))
    unheard = 1.0 if heard.confidence <= UNHEARD else 0.0
    lead = max(-MOST_AHEAD, min(MOST_AHEAD, ahead)) / 5.0
    if is_lone(heard.text):
        return _chance(1.25 + 0.45 * before + 0.75 * nearness + 0.57 * lead - 0.66 * unheard)
    return _chance(3.96 + 0.75 * before + 1.36 * nearness + 0.15 * lead - 0.51 * unheard)


def _per_letter(text: str, score: float) -> float:
    return max(FARTHEST, score / max(2.0, LETTER * len(text.replace(" ", ""))))


def _word(confidence: float, chance: float) -> float:
    """Both as one. What no recogniser heard comes to half at most: too little to end anything at once."""
    return _chance(1.8 + 0.45 * _odds(confidence) + math.log(chance + 1e-4))


def _odds(confidence: float) -> float:
    sure = min(max(confidence, 1e-6), 1.0 - 1e-6)
    return math.log(sure / (1.0 - sure))


def _chance(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))
