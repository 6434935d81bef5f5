"""PocketSphinx with Moonshine as a second ear: two recognisers that share no weights, asked about one piece.

In: a grammar, then finished pieces of speech. Out: a whole phrase of the grammar, or "".
Moonshine is quick and weighs the phrases against all of English; PocketSphinx is asked where that leaves a
doubt, and wherever an answer may open something. The phones are a third reading. What PocketSphinx or the
phones alone tell of never counts as clean. Over open speakers, where next to nothing is offered and Moonshine
hears little in what is left of the coach's voice, a phrase that PocketSphinx hears well is enough, unless
Moonshine holds it impossible.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.hearing.acceptance import LEAST_CONFIDENCE, NEGATIONS, PLEADING, confidence, negated
from voice_coach.hearing.agreement import (
    CLEAN_ODDS,
    FALLBACKS,
    LEAST,
    LEAST_EITHER,
    Heard,
    in_doubt,
    is_clean,
    leading,
    together,
)
from voice_coach.hearing.by_sound import (
    LOUD_ROOM_DB,
    least_against,
    stands_alone,
    with_phones,
    with_words,
    word_for,
)
from voice_coach.hearing.encoders import Encoders, Floats
from voice_coach.hearing.moonshine import Moonshine, Sound
from voice_coach.hearing.phones import PhoneReader, Pronounced, nearness
from voice_coach.hearing.piece_suppression import QUIET_ROOM_DB, stands_out
from voice_coach.hearing.pocketsphinx_recognizer import PocketSphinxRecognizer
from voice_coach.hearing.recognizer import Grammar, GrammarReport, Hypothesis
from voice_coach.hearing.spare_memory import give_back
from voice_coach.hearing.spelling import OtherSpellings, Spellings, plain
from voice_coach.hearing.sphinx_decoder import common_words
from voice_coach.hearing.spoken_words import MOST_SECONDS, SpokenWords

CACHED_GRAMMARS = 4
SHORTEST = HEARING_RATE // 20
LONGEST = 6 * HEARING_RATE
"""A longer piece holds more than any phrase, and would take long."""
MOST_ALONE = 0.55
"""At a gate, the most confidence in what one ear hears and is not clean: too little to keep a note."""
MOST_NEGATED = 0.45
"""At a gate, the most confidence in what may have had a negation: too little for any wish."""
SHORT = 2 * HEARING_RATE
"""In a quiet room, a longer piece in which Moonshine finds no phrase is talk: not gone through again."""
SPELLINGS = Path(__file__).with_name("spellings.txt")


class TwoEars:
    """Both recognisers behind the Recognizer protocol."""

    name = "pocketsphinx"

    def __init__(self, first: PocketSphinxRecognizer, second: Path) -> None:
        """`second`: the folder of Moonshine's weights, loaded here (0.5 s)."""
        self._first = first
        self._second = Moonshine(second)
        self._encoders, self._words, self._phones = Encoders(), SpokenWords(), PhoneReader()
        self._other = OtherSpellings.read(SPELLINGS.read_text(encoding="utf-8"))
        self._ready: OrderedDict[Grammar, tuple[Spellings, Pronounced]] = OrderedDict()
        self._against: dict[str, Pronounced] = {}
        self._others: Pronounced | None = None
        self._grammar = Grammar("", ())
        self._meaning: dict[str, str] = {}
        self._phrases: frozenset[str] = frozenset()
        give_back()

    def prepare(self) -> None:
        """Nothing: both are loaded."""

    def use(self, grammar: Grammar) -> GrammarReport:
        """Switch to a grammar; phrases with a word the dictionary lacks are dropped whole and reported."""
        report = self._first.use(grammar)
        if grammar not in self._ready:
            every = (*grammar.phrases, *grammar.decoys)
            known = [phrase for phrase in every if phrase not in report.dropped]
            self._ready[grammar] = self._spell(known), self._pronounce(known)
            if len(self._ready) > CACHED_GRAMMARS:
                self._ready.popitem(last=False)
        self._ready.move_to_end(grammar)
        if grammar != self._grammar:
            self._against, self._others = {}, None
        self._grammar, self._meaning = grammar, grammar.meaning()
        self._phrases = frozenset(grammar.phrases) - report.dropped.keys()
        if grammar.consent:
            self._other_words()
        give_back()  # Between turns, where its 8 ms delay nothing.
        return report

    def decode(self, piece: Pcm) -> Hypothesis:
        """Recognise one finished piece of speech (int16, 16 kHz, mono)."""
        started = time.perf_counter()
        text, confidence, clean = self._decide(piece)
        spent = time.perf_counter() - started
        return Hypothesis(text, confidence, clean, piece.size / HEARING_RATE, spent)

    def dictate(self, piece: Pcm) -> str | None:
        """What was said, with capitals and punctuation."""
        return self._second.write(self._second.hear(piece)).text

    def _heard(
        self, piece: Pcm, sound: Sound, near: Mapping[str, float], spoken: Mapping[str, float]
    ) -> tuple[Heard, ...]:
        """What is made of a piece, the surest first; empty when there is no phrase in it.

        `near`: how near the sounds of each phrase are. `spoken`: how likely some words are by theirs.
        """
        found = with_phones(self._by_both(piece, sound), near, self._meaning, self._phrases)
        return with_words(found, spoken, self._meaning, self._phrases) if spoken else found

    def _by_both(self, piece: Pcm, sound: Sound) -> tuple[Heard, ...]:
        chances = self._second.weigh(sound, self._ready[self._grammar][0])
        found = leading(chances, self._meaning, self._phrases)
        opens = self._grammar.consent and not (found and found[0].text in self._grammar.at_once)
        if found and not in_doubt(found[0]) and not opens:
            return found
        noisy = stands_out(piece) < QUIET_ROOM_DB
        evidence = self._first.evidence(piece) if found or noisy or piece.size <= SHORT else None
        if evidence is None:
            return together(found, None, None)
        if evidence.text not in chances:
            chances |= {evidence.text: math.log(LEAST)}
            chances |= self._second.weigh(sound, self._spell((evidence.text,)))
        means = self._meaning[evidence.text]
        found = leading(chances, self._meaning, self._phrases, also=means)
        told, exact = frozenset(self._grammar.told), chances[evidence.text]
        enough = self._grammar.either and exact >= LEAST_EITHER
        alone = confidence(evidence, told=evidence.text in told) if enough else 0.0
        return together(found, means, evidence, math.exp(exact), told, noisy=noisy, alone=alone)

    def _against_a_negation(self, heard: Heard, phones: Floats) -> float:
        """How much nearer the sounds are to a phrase than to its denials; all, for what ends or refuses."""
        if heard.text in self._grammar.at_once or NEGATIONS & set(heard.text.split()):
            return math.inf
        denied = nearness(phones, self._denied(heard.meaning))
        return heard.near - max(denied.values(), default=-math.inf)

    def _other_words(self) -> Pronounced:
        """Common words that sound like no phrase or decoy of the grammar."""
        if self._others is None:
            same = {self._first.phones(phrase) for phrase in self._ready[self._grammar][1].phrases}
            known = [word for word in common_words() if self._first.knows(word)]
            self._others = self._pronounce(word for word in known if self._first.phones(word) not in same)
        return self._others

    def _denied(self, means: str) -> Pronounced:
        """All that may be said for the opposite of any phrase of a meaning."""
        if means not in self._against:
            phrases = [phrase for phrase in self._phrases if self._meaning[phrase] == means]
            ways = {way for phrase in phrases for way in (*negated(phrase), f"{PLEADING} {phrase}")}
            known = (way for way in sorted(ways) if all(map(self._first.knows, way.split())))
            self._against[means] = self._pronounce(way for way in known if self._meaning.get(way) != means)
        return self._against[means]

    def _pronounce(self, phrases: Iterable[str]) -> Pronounced:
        return Pronounced({phrase: self._first.phones(phrase) for phrase in phrases})

    def _spell(self, phrases: Iterable[str]) -> Spellings:
        return Spellings(phrases, self._second.vocabulary, self._other)

    def _decide(self, piece: Pcm) -> tuple[str, float, bool]:
        if not self._phrases or not SHORTEST <= piece.size <= LONGEST or not piece.any():
            return "", 0.0, False
        sound = self._second.hear(piece)
        frames = self._encoders(piece, sound.hidden)
        phones = self._phones.read(frames)
        near = nearness(phones, self._ready[self._grammar][1])
        spoken = self._words(frames) if sound.seconds <= MOST_SECONDS else {}
        heard = self._heard(piece, sound, near, spoken)
        if not heard or heard[0].confidence < LEAST_CONFIDENCE:
            return "", 0.0, False
        best = heard[0]
        if not self._grammar.consent:
            return best.text, best.confidence, False
        written = plain(self._second.write(sound).text)
        against = self._against_a_negation(best, phones)
        clean = is_clean(best, written, against)
        if clean and best.odds >= CLEAN_ODDS and best.very not in FALLBACKS:
            best = replace(best, text=best.very)
        elif not clean and spoken:
            word = word_for(best, written, spoken, self._meaning)
            best, clean = replace(best, text=word or best.text), bool(word)
        loud = stands_out(piece) < LOUD_ROOM_DB
        if against < least_against(best, written, self._meaning, loud=loud):
            return best.text, min(best.confidence, MOST_NEGATED), False
        if clean and against < math.inf:
            nearest = max(nearness(phones, self._other_words()).values())
            clean = stands_alone(best, nearest, spoken, self._meaning)
        alone = not clean and not best.both
        return best.text, min(best.confidence, MOST_ALONE) if alone else best.confidence, clean
