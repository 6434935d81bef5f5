"""What was heard, weighed by its sound alone: the phones of each phrase, and three words known whole.

In: meanings as far as the two recognisers heard them, and what the networks over the encoders make
of the piece. Out: the same, surer or less sure. Pure.

The numbers were fitted on the tuning half, clean and at 10 and 5 dB; the phones were read by networks that
had learned from the other voice and the other speakers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import replace

from voice_coach.hearing.acceptance import NEGATIONS, is_lone
from voice_coach.hearing.agreement import FALLBACKS, LEAST_CHANCE, MOST_NEAR, Heard

UNHEARD = 0.02
"""Confidence in a meaning that no recogniser heard, before its sound is asked."""
NEAREST = 2
"""Phrases nearest by their sounds are looked at even if no recogniser heard them."""
LETTER = 0.8
"""A phrase's nearness counts for each 1.25 letters of it."""
FARTHEST = -6.0
MOST_AHEAD = 12.0
LEAST_SHARE = 1e-7
"""No phrase of Moonshine's counts as less likely here."""
SO_SELDOM = 2.0
"""Odds that a longer phrase loses which Moonshine finds less likely than a lone word of the same meaning."""
OUTSHONE = 0.98
"""The most that another word's sound is believed against what else was heard."""
AGAINST, AGAINST_LOUD = 8.0, 16.0
"""How much nearer than any of its negations the sounds must be to a phrase that opens something; in a loud
room, where a short "don't" drowns, more.

Of 753 wishes with "no", "not", "don't", "never" or "please don't" said before or within them by slt and rms
at 10 dB, to networks that had not learned from the voice, none is farther than 4.2 from a negation; at 5 dB
three are (the farthest 17.1). Of wishes with no negation one in forty, at 10 dB, lies nearer than 8.
"""
AGAINST_WRITTEN = 2.0
"""The same where the room is not loud and Moonshine, free to write anything, writes a phrase of that meaning:
a third reading without the negation.

Of 1,511 wishes with a negation, clean and at 20, 10 and 5 dB, it left the negation out of one, which lay 0.5
nearer to it; of 3,100 other utterances that were no wish it wrote none as one.
"""
OTHER_WORD_LONGER = -12.0
"""The least by which a longer phrase that opens something must be nearer than any common word; of a lone word
the sounds must be nearer to it than to any other.

In noise "mess", "gas" and "guess" are "yes" to every recogniser. Of 66 such words by two voices, clean and at
20, 10 and 5 dB, 191 of 1,320 opened a harder question without this, and 104 do with it; it costs none of the
tuning half's real "yes". To ask for 5 more leaves 50, and loses more of another half's (docs/hearing.md).
"""
SOUNDS_ALONE = 0.9
"""From this probability by its own sound on, a word needs no more: that ear has learned from real people."""
LOUD_ROOM_DB = 8.0
"""A room is loud where speech stands out of it by less: of phrases at 10 dB 6 % do, at 5 dB 87 %."""
FAR_LLR = -14.0
"""A phrase that PocketSphinx finds farther it has not heard: one wish in a hundred, at 10 dB and better."""
OTHER_WORDS = 2.0
"""Log odds that a phrase loses where PocketSphinx hears another of the same meaning, "ask me then" for "ask
me": of the tuning half less would bring no more wishes."""
SOUNDS, SOUNDS_HEARD = 0.8, 0.6
"""Least probability of a word by its own sound, and least confidence in its meaning, for a lone word that
opens nothing as it was heard: 19 of 452 real "yes", most of them "yeah" to the recognisers, are "yes" by
their sound. Of what else the tuning half says, what comes to 0.6 has 0.34 at most."""
LEAST_SURE, DOUBTED = {"no": 0.75}, 0.35
"""A lone "no" that is less sure counts as not heard, as "go", "learn" and "row" sound like it: of the tuning
half, clean and at 20 and 10 dB, so sure are 316 of 319 real ones and one of five other words.
"""
Phrases = Mapping[str, str]
"""Phrase -> meaning, decoys among them."""


def with_phones(
    found: tuple[Heard, ...], near: Mapping[str, float], meaning: Phrases, phrases: Set[str]
) -> tuple[Heard, ...]:
    """The same in the light of how near each phrase's sounds are (phones.nearness), the surest first."""
    if not near:
        return found
    heard = {each.meaning: each for each in found}
    closest = sorted(near, key=lambda phrase: -near[phrase])
    for text in closest[:NEAREST]:
        if text in phrases:
            heard.setdefault(meaning[text], Heard(meaning[text], text, 0.0, UNHEARD))
    best: dict[str, str] = {}
    for text in reversed(closest):
        best[meaning.get(text, text)] = text
    order = [text for text in closest if best[meaning.get(text, text)] == text]
    judged = []
    for each in heard.values():
        text, sure = each.text, each.confidence
        nearest, closeness = best.get(each.meaning), -math.inf
        if nearest is not None:
            closeness = near[nearest]
            other = next((near[text] for text in order if text != nearest), -math.inf)
            sure = _sure(each, _per_letter(nearest, closeness), closeness - other)
        very, odds = _very(each, near, nearest if nearest == closest[0] else "")
        if very and not is_lone(very) and (whole := _chance(odds - SO_SELDOM)) > sure:
            text, sure = very, whole
        sure = max(sure, each.alone)
        judged.append(replace(each, text=text, confidence=sure, very=very, odds=odds, near=closeness))
    return tuple(sorted(judged, key=lambda each: -each.confidence))


def very_phrase(exact: float, llr: float, nearness: float, *, both: bool = True) -> float:
    """Log odds that a wish was said, from the phrase it would be: what may open something rests on it.

    `exact`: Moonshine's probability of the phrase. `nearness`: of its sounds, for each 1.25 letters. `both`:
    PocketSphinx hears that very phrase; `llr`: how near it finds it.
    """
    share = math.log(max(exact, LEAST_SHARE))
    return 6.6 + 0.195 * share + 1.47 * nearness + (3.15 + 0.1 * min(MOST_NEAR, llr) if both else 0.0)


def _very(heard: Heard, near: Mapping[str, float], nearest: str | None) -> tuple[str, float]:
    """The phrase of a meaning with the best odds, of the two that more than one reading tells of.

    `nearest`: the nearest phrase of all by its sounds; "" where that means something else. What Moonshine
    writes of a voice without a word is no reading of it, nor is it PocketSphinx's of other words.
    """
    odds: dict[str, float] = {}
    if nearest and heard.chance >= LEAST_CHANCE and heard.text not in FALLBACKS:
        odds[nearest] = very_phrase(heard.chance, 0.0, _per_letter(nearest, near[nearest]), both=False)
    if heard.both and heard.llr >= FAR_LLR and heard.same in near:
        odds[heard.same] = very_phrase(heard.exact, heard.llr, _per_letter(heard.same, near[heard.same]))
        if nearest and nearest != heard.same and heard.same not in FALLBACKS:
            whole = very_phrase(heard.chance, heard.llr, _per_letter(nearest, near[nearest]))
            odds[nearest] = max(odds.get(nearest, -math.inf), whole - OTHER_WORDS)
    very = max(odds, key=lambda text: odds[text], default="")
    return very, odds.get(very, -math.inf)


def with_words(
    found: tuple[Heard, ...], spoken: Mapping[str, float], meaning: Phrases, phrases: Set[str]
) -> tuple[Heard, ...]:
    """The same in the light of how likely some lone words are by their sound, the surest first.

    `spoken`: word -> probability. It makes nothing clean, and what no recogniser heard comes to half at most:
    too little to end anything at once.
    """
    judged = {heard.meaning: heard for heard in found}
    known = {word: chance for word, chance in spoken.items() if word in phrases}
    for word, chance in known.items():
        heard = judged.get(meaning[word], Heard(meaning[word], word, 0.0, 0.0))
        if heard.text == word and heard.confidence > 0.0:
            judged[heard.meaning] = replace(heard, confidence=_word(heard.confidence, chance))
        elif (alone := chance / (1.0 + chance)) > heard.confidence:
            judged[heard.meaning] = replace(heard, confidence=alone)
    for means, heard in judged.items():
        others = sum(chance for word, chance in known.items() if meaning[word] != means)
        odds = _odds(heard.confidence) + math.log(1.0 - min(OUTSHONE, others))
        judged[means] = replace(heard, confidence=_chance(odds))
    surest = sorted(judged.values(), key=lambda heard: -heard.confidence)
    return tuple(_doubted(heard) for heard in surest)


def _doubted(heard: Heard) -> Heard:
    least = LEAST_SURE.get(heard.text, 0.0)
    return heard if heard.confidence >= least else replace(heard, confidence=min(heard.confidence, DOUBTED))


def word_for(heard: Heard, written: str, spoken: Mapping[str, float], meaning: Phrases) -> str:
    """The word of the same meaning that a lone word was by its sound; "" where it may have been another."""
    other = len(written.split()) > 1 or written in NEGATIONS
    if not is_lone(heard.text) or heard.confidence < SOUNDS_HEARD or other:
        return ""
    sure = (word for word, chance in spoken.items() if chance >= SOUNDS)
    return next((word for word in sure if meaning.get(word) == heard.meaning), "")


def least_against(heard: Heard, written: str, meaning: Mapping[str, str], *, loud: bool) -> float:
    """How much nearer than any of its negations a meaning must be to open something. `loud`: the room."""
    if loud:
        return AGAINST_LOUD
    told = meaning.get(written) == heard.meaning and written not in FALLBACKS
    return AGAINST_WRITTEN if told else AGAINST


def stands_alone(heard: Heard, word: float, spoken: Mapping[str, float], meaning: Mapping[str, str]) -> bool:
    """Whether no other word sounds nearer. `word`: how near the nearest common word is that is no phrase."""
    sounds = (chance for known, chance in spoken.items() if meaning.get(known) == heard.meaning)
    if max(sounds, default=0.0) >= SOUNDS_ALONE:
        return True
    return heard.near - word >= (0.0 if is_lone(heard.very or heard.text) else OTHER_WORD_LONGER)


def _sure(heard: Heard, nearness: float, ahead: float) -> float:
    """How sure a meaning is. `nearness`: of its nearest phrase. `ahead`: of the nearest that means another.

    The first number for longer phrases is 1.5 more than was fitted: of the tuning half at 10 dB that hears
    three more of 170, and takes two more of 114 other sentences.
    """
    before = _odds(min(max(heard.confidence, 1e-4), 1.0 - 1e-4))
    unheard = 1.0 if heard.confidence <= UNHEARD else 0.0
    lead = max(-MOST_AHEAD, min(MOST_AHEAD, ahead)) / 5.0
    if is_lone(heard.text):
        return _chance(2.11 + 0.46 * before + 0.78 * nearness + 0.47 * lead + 0.07 * unheard)
    return _chance(4.95 + 0.43 * before + 1.51 * nearness + 0.11 * lead - 0.29 * unheard)


def _per_letter(text: str, score: float) -> float:
    return max(FARTHEST, score / max(2.0, LETTER * len(text.replace(" ", ""))))


def _word(confidence: float, chance: float) -> float:
    """Both as one."""
    return _chance(2.9 + 0.43 * _odds(confidence) + 1.7 * math.log(chance + 1e-4))


def _odds(confidence: float) -> float:
    sure = min(max(confidence, 1e-6), 1.0 - 1e-6)
    return math.log(sure / (1.0 - sure))


def _chance(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))
