"""The recogniser that needs no download: PocketSphinx and the English model in its own package.

In: a grammar, then finished pieces of speech. Out: a whole phrase of the grammar, or "".
A closed grammar always answers something, so a hypothesis has to earn its acceptance: it must be a whole
phrase, last no longer than its letters can, and score near what else may have been said. It never hears a
word that is not in the grammar, keeps no sound and writes nothing.
"""

from __future__ import annotations

import time
from collections import OrderedDict

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.hearing.acceptance import (
    LEAST_CONFIDENCE,
    Evidence,
    agrees,
    confidence,
    is_lone,
    longest,
    may_be_clean,
    negated,
)
from voice_coach.hearing.piece_suppression import PieceSuppression
from voice_coach.hearing.recognizer import Grammar, GrammarReport, Hypothesis
from voice_coach.hearing.sphinx_decoder import COMMON_WORDS, FREE, PHONE_LOOP, SphinxDecoder, set_peak

SURE = 0.6
"""From this confidence on a "stop" is obeyed 0.2 s sooner: what a second opinion takes."""
NEGATIONS_OF_ONE = "negations of one phrase"
CACHED_GRAMMARS = 1
"""Grammars kept ready: each takes 10 MB, and a new one, made while the coach speaks, 20 ms."""


class PocketSphinxRecognizer:
    """PocketSphinx behind the Recognizer protocol."""

    name = "pocketsphinx"

    def __init__(self, suppress: PieceSuppression | None = None) -> None:
        """Load the acoustic model and the dictionary (0.15 s). Raises SetupError without the model.

        `suppress` takes the room's noise out of pieces before they are searched for phrases.
        """
        self._suppress = suppress
        self._decoder = SphinxDecoder()
        self._free = False
        self._ready: OrderedDict[Grammar, tuple[str, GrammarReport]] = OrderedDict()
        self._made = 0
        self._search = ""
        self._phrases: frozenset[str] = frozenset()
        self._told: frozenset[str] = frozenset()
        self._at_once: frozenset[str] = frozenset()
        self._consent = False

    def prepare(self) -> None:
        """Load what the first consent turn will need: the large-vocabulary search for the second opinion."""
        if not self._free:
            self._decoder.add_free_search()
            self._free = True

    def use(self, grammar: Grammar) -> GrammarReport:
        """Switch to a grammar; phrases with a word the dictionary lacks are dropped whole and reported."""
        if grammar not in self._ready:
            self._add(grammar)
        self._ready.move_to_end(grammar)
        self._search, report = self._ready[grammar]
        self._phrases = frozenset(grammar.phrases) - report.dropped.keys()
        self._told = frozenset(grammar.told)
        self._at_once = frozenset(grammar.at_once)
        self._consent = grammar.consent
        return report

    def decode(self, piece: Pcm) -> Hypothesis:
        """Recognise one finished piece of speech (int16, 16 kHz, mono)."""
        started = time.perf_counter()
        evidence = self.evidence(piece)
        worth = confidence(evidence, told=evidence.text in self._told) if evidence is not None else 0.0
        text = evidence.text if evidence is not None and worth >= LEAST_CONFIDENCE else ""
        clean = False
        sure = text in self._at_once and worth >= SURE
        if evidence is not None and text and self._consent and not sure and may_be_clean(evidence):
            clean = self._second_opinion(text, piece) and not self._may_be_negated(text, piece)
        return Hypothesis(text, worth if text else 0.0, clean, *_seconds(piece, started))

    def evidence(self, piece: Pcm) -> Evidence | None:
        """What speaks for the grammar's best phrase; None when it has none (or a decoy won)."""
        if not self._search or piece.size < HEARING_RATE // 20:
            return None
        levelled = set_peak(self._suppress(piece) if self._suppress is not None else piece)
        best = self._decoder.decode(levelled, self._search)
        if best is None or best.words not in self._phrases:
            return None
        seconds = best.spoken_frames / 100
        if seconds > longest(best.words):
            return None
        other = self._decoder.decode(levelled, COMMON_WORDS if is_lone(best.words) else PHONE_LOOP)
        if other is None:
            return None
        score = best.score if is_lone(best.words) else best.score - best.prior
        llr = (score - other.score) / max(10, best.spoken_frames)
        return Evidence(best.words, seconds, piece.size / HEARING_RATE - seconds, llr)

    def knows(self, word: str) -> bool:
        """Whether the dictionary holds a word."""
        return self._decoder.knows(word)

    def phones(self, phrase: str) -> tuple[str, ...]:
        """The sounds of a phrase whose words the dictionary knows, as PHONES names them."""
        return tuple(phone for word in phrase.split() for phone in self._decoder.pronunciation(word))

    def dictate(self, piece: Pcm) -> str | None:
        """None: its free decoding has a word error rate of 32-40 % (recognition study, part 4)."""
        return None

    def _second_opinion(self, text: str, piece: Pcm) -> bool:
        self.prepare()
        heard = self._decoder.decode(set_peak(piece), FREE)
        return heard is not None and agrees(text, heard.words)

    def _may_be_negated(self, text: str, piece: Pcm) -> bool:
        """Whether one of the phrase's negations fits the piece better than the phrase itself."""
        known = [way for way in negated(text) if all(map(self.knows, way.split()))]
        levelled = set_peak(self._suppress(piece) if self._suppress is not None else piece)
        self._decoder.add_grammar(NEGATIONS_OF_ONE, (text, *known))
        best = self._decoder.decode(levelled, NEGATIONS_OF_ONE)
        self._decoder.remove_grammar(NEGATIONS_OF_ONE)
        return best is None or best.words != text

    def _add(self, grammar: Grammar) -> None:
        known, report = self._split(grammar)
        search = ""
        if known:
            self._made += 1
            search = f"grammar {self._made}"
            self._decoder.add_grammar(search, known, grammar.taught)
        self._ready[grammar] = (search, report)
        while len(self._ready) > CACHED_GRAMMARS:
            _, (oldest, _report) = self._ready.popitem(last=False)
            if oldest:
                self._decoder.remove_grammar(oldest)

    def _split(self, grammar: Grammar) -> tuple[tuple[str, ...], GrammarReport]:
        dropped: dict[str, tuple[str, ...]] = {}
        known: dict[str, None] = {}
        for phrase in (*grammar.phrases, *grammar.decoys):
            words = phrase.split()
            lacking = tuple(word for word in words if not _is_plain(word) or not self._decoder.knows(word))
            if lacking or not words:
                dropped[phrase] = lacking
            else:
                known[phrase] = None
        return tuple(known), GrammarReport(dropped)


def _is_plain(word: str) -> bool:
    """Whether a word can stand in a JSGF grammar as it is."""
    return all(letter.isalpha() or letter in "'-." for letter in word) and not word.startswith("phone_")


def _seconds(piece: Pcm, started: float) -> tuple[float, float]:
    return piece.size / HEARING_RATE, time.perf_counter() - started
