"""What two recognisers heard, brought together: the decision rule and its measured numbers.

In: how likely Moonshine holds each phrase, and PocketSphinx's best phrase with its evidence. Out: how sure a
meaning is, and whether it was heard well enough for a yes that opens something. Pure.

All numbers were fitted on real people's words and synthetic voices of the tuning half, clean and at 20, 10
and 5 dB.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from voice_coach.hearing.acceptance import NEGATIONS, TOLD_ODDS, Evidence, is_lone

LEAST_CHANCE = 0.001
"""A meaning that Moonshine holds less likely is not looked into, unless PocketSphinx hears it."""
DOUBT = 0.7
"""What is surer needs no other ear, unless it may open something."""
LEAST = 1e-11
"""No phrase counts as less likely: that far down the beam search no longer looks."""
MOST_NEAR = 10.0
"""No phrase counts as nearer than this (llr)."""
MEANINGS = 3
"""The likeliest meanings that the other ear chooses among."""
FALLBACKS = frozenset({"okay", "ok", "yeah", "yep", "yup", "mm hm", "uh huh", "sure", "right"})
"""What Moonshine writes when it hears a voice and no word: by itself that opens nothing. "okay" came out
of "cat", "eight" and "go" in noise with up to 0.65. In eight of 4,277 utterances of other words, all of them
lone words in noise, PocketSphinx heard one of these too."""
FALLBACK_ODDS = 1.0
"""Log odds that one of them loses where PocketSphinx does not hear it."""
LEAST_EITHER = -16.0
"""Where one ear is enough, the least log probability that Moonshine must leave to what PocketSphinx hears
well: "hush" and "pause" over the coach came to -4 to -15, twice to less; "no", "zero" and a real "stop",
heard as another, to -16 to -31."""
CLEAN_LONE = 0.75
"""Least probability for a lone word that only Moonshine hears. "yes" came out of other words with up to 0.38;
of real people's "yes", 94 % pass when it is quiet and 86 % at 10 dB."""
CLEAN_LONGER = 0.04
"""The same for a longer phrase, of which the free writing lacks no more than one word in three."""
SURE_LONGER = 0.25
"""With so much, a longer phrase may be written otherwise."""
CLEAN_ODDS = 2.0
"""Least log odds of the very phrase (by_sound.very_phrase). Of 3,100 utterances of the tuning half that were
no consent, the likeliest whose sounds were clear of any negation came to -1.5; for FALLBACKS to -3.3."""
MOST_MORE = 1
"""Words that the free writing may have beside those of a phrase that opens something."""
SURE_ODDS = 2.5
"""From these odds on it may have more where the phrase itself is not in it: in noise it rambles."""
CERTAIN_ODDS, CERTAIN_AGAINST = 5.0, 15.0
"""From these odds on, and with the sounds so far from any negation, Moonshine may have written one: in noise
it makes "don't for it" of "go for it", and "no freddy" when it is quiet.
Of 1,511 wishes with a negation, clean and at 20, 10 and 5 dB, none is farther than 12.1 from it."""


@dataclass(frozen=True)
class Heard:
    """One meaning, as far as it was heard."""

    meaning: str
    text: str
    """Its likeliest phrase."""
    chance: float
    """Moonshine's probability of all its phrases."""
    confidence: float
    """What to make of it, from 0 to 1."""
    both: bool = False
    """PocketSphinx's best phrase means the same."""
    same: str = ""
    """The phrase that PocketSphinx hears."""
    exact: float = 0.0
    """Moonshine's probability of that very phrase."""
    llr: float = 0.0
    """How near PocketSphinx finds it."""
    alone: float = 0.0
    """PocketSphinx's own confidence, where one ear is enough: phones take nothing from it."""
    very: str = ""
    """The phrase that it was, by two of three readings (the sounds are one); "" where they do not agree."""
    odds: float = -math.inf
    """Log odds that it was."""
    near: float = -math.inf
    """How near its sounds are to those of the nearest phrase of this meaning (phones.nearness)."""


def leading(
    chances: Mapping[str, float], meaning: Mapping[str, str], phrases: Set[str], also: str = ""
) -> tuple[Heard, ...]:
    """Meanings that may have been said, the surest first; decoys and unlikely ones are left out.

    `chances`: phrase -> natural log of its probability. `also`: a meaning that stays however unlikely.
    """
    found: dict[str, Heard] = {}
    for text, chance in sorted(chances.items(), key=lambda item: -item[1]):
        if text in phrases:
            means = meaning[text]
            before = found.get(means, Heard(means, text, 0.0, 0.0))
            found[means] = replace(before, chance=min(1.0, before.chance + math.exp(chance)))
    likely = sorted(found.values(), key=lambda heard: -heard.chance)
    judged = [
        replace(heard, confidence=confidence(heard.text, heard.chance))
        for number, heard in enumerate(likely)
        if (heard.chance >= LEAST_CHANCE and number < MEANINGS) or heard.meaning == also
    ]
    return tuple(sorted(judged, key=lambda heard: -heard.confidence))


def in_doubt(heard: Heard) -> bool:
    """Whether the other ear should be asked."""
    return heard.confidence < DOUBT


def together(
    found: tuple[Heard, ...],
    means: str | None,
    evidence: Evidence | None,
    exact: float = 0.0,
    told: Set[str] = frozenset(),
    *,
    noisy: bool = False,
    alone: float = 0.0,
) -> tuple[Heard, ...]:
    """The same meanings in the light of what PocketSphinx heard, the surest first.

    `exact`: Moonshine's probability of the very phrase. `told`: the longer phrases that people are told to
    say here. `noisy`: the room was heard. `alone`: confidence in PocketSphinx's phrase as of the only ear,
    where one is enough.
    """
    if evidence is None:
        means, evidence = None, Evidence("", 0.0, 0.0, 0.0)
    judged = [
        replace(
            heard,
            confidence=max(
                alone if heard.meaning == means else 0.0,
                confidence(
                    heard.text,
                    heard.chance,
                    agrees=heard.meaning == means,
                    llr=evidence.llr,
                    told=heard.text in told,
                    noisy=noisy,
                ),
            ),
            both=heard.meaning == means,
            same=evidence.text if heard.meaning == means else "",
            alone=alone if heard.meaning == means else 0.0,
            exact=exact if heard.meaning == means else 0.0,
            llr=evidence.llr if heard.meaning == means else 0.0,
        )
        for heard in found
    ]
    return tuple(sorted(judged, key=lambda heard: -heard.confidence))


def confidence(
    text: str,
    chance: float,
    *,
    agrees: bool | None = None,
    llr: float = 0.0,
    told: bool = False,
    noisy: bool = False,
) -> float:
    """How likely a meaning was meant. `agrees`: whether PocketSphinx heard it too; None: it was not asked.

    Lone words and longer phrases apart: nearly nothing else sounds like a whole longer phrase, so that little
    of the probability is enough for one, and least in noise, where Moonshine hears little of what is said.
    """
    share = math.log(max(chance, LEAST))
    near = max(-30.0, min(3.0 if is_lone(text) else MOST_NEAR, llr))
    if agrees and is_lone(text):
        odds = 4.6 + 0.75 * share + 0.14 * near
    elif agrees and noisy:
        odds = phrase_odds(chance, near) + (TOLD_ODDS if told else 0.0)
    elif agrees:
        odds = 4.5 + 0.6 * share + 0.15 * near + (TOLD_ODDS if told else 0.0)
    elif not is_lone(text):
        odds = 4.0 + 0.75 * share
    elif agrees is None:
        odds = 3.4 + 1.75 * share
    else:
        odds = 2.3 + 1.4 * share - (FALLBACK_ODDS if text in FALLBACKS else 0.0)
    return 1.0 / (1.0 + math.exp(-odds))


def phrase_odds(chance: float, llr: float) -> float:
    """Log odds that a phrase was said which both hear, in noise."""
    return 4.67 + 0.25 * math.log(max(chance, LEAST)) + 0.154 * min(MOST_NEAR, llr)


def is_clean(heard: Heard, written: str, against: float = 0.0) -> bool:
    """Whether a meaning may open something. `written`: what Moonshine hears when it may be anything.

    `against`: how much nearer the sounds are to a phrase of this meaning than to any that denies it.
    Two of three readings tell of one phrase with enough odds, or Moonshine alone hears one very well.
    """
    said = list(dict.fromkeys(written.split()))
    certain = heard.odds >= CERTAIN_ODDS and against >= CERTAIN_AGAINST
    denied = _denies(said, heard.very) and not certain
    if heard.odds >= CLEAN_ODDS and not denied:
        rambles = heard.odds >= SURE_ODDS and not set(heard.very.split()) <= set(said)
        if rambles or not _adds(said, heard.very):
            return True
    words = heard.text.split()
    if heard.text in FALLBACKS or _denies(said, heard.text) or _adds(said, heard.text):
        return False
    if is_lone(heard.text):
        return heard.chance >= CLEAN_LONE
    alike = len(set(words) - set(said)) <= len(words) // 3
    return heard.chance >= (CLEAN_LONGER if alike else SURE_LONGER)


def _adds(said: list[str], phrase: str) -> bool:
    """More than a word beside the phrase closes it."""
    return len(said) > len(phrase.split()) + MOST_MORE


def _denies(said: list[str], phrase: str) -> bool:
    """A negation that the phrase has not closes it, whatever the rest."""
    words = phrase.split()
    return any(word in NEGATIONS and word not in words for word in said)
