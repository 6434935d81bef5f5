"""The ear that waits for a call: one phrase against all else, quick to let go, slow to believe.

In: a grammar of one phrase and its near misses, then finished pieces of speech as they came. Out: the phrase
where it was called, else "". PocketSphinx (or Vosk) listens to a piece with the room taken out. Moonshine,
where it is there, is asked only about what that believed, and may only say no. It keeps no sound and writes
nothing.
"""

from __future__ import annotations

import time
from pathlib import Path

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.hearing.moonshine import Moonshine
from voice_coach.hearing.quieten import quietened
from voice_coach.hearing.recognizer import Grammar, GrammarReport, Hypothesis, Recognizer
from voice_coach.hearing.spare_memory import give_back
from voice_coach.hearing.spelling import OtherSpellings, Spellings

ALONE = 0.35
"""Least confidence where no other ear is asked: in noise the same voice has 0.4 less than in quiet."""
LEAST_CHANCE = -18.0
"""Natural log of the least probability that Moonshine gives a call. Of 32 calls by the voices slt and rms,
clean and at 10 dB, 30 have at least -12. Of an hour of other sound, PocketSphinx took 13 pieces for the call
(from 0.2 on); one of them Moonshine reached at all, a recorded "go", with -47 (scripts/bench_waking)."""


class WakingRecognizer:
    """Another recogniser behind the same protocol, and Moonshine's veto."""

    def __init__(self, first: Recognizer, second: Path | None) -> None:
        """`second`: the folder of Moonshine's weights; None where `first` listens alone."""
        self.name = first.name
        self._first = first
        self._folder = second
        self._second: Moonshine | None = None
        self._phrases: tuple[str, ...] = ()
        self._spellings: Spellings | None = None

    def prepare(self) -> None:
        """Load Moonshine (0.5 s, 105 MB), so that a call need not wait for it."""
        if self._folder is not None and self._second is None:
            self._second = Moonshine(self._folder)
            give_back()

    def use(self, grammar: Grammar) -> GrammarReport:
        """Wait for the phrases of this grammar."""
        self._phrases, self._spellings = grammar.phrases, None
        return self._first.use(grammar)

    def decode(self, piece: Pcm) -> Hypothesis:
        """Whether a finished piece of speech (int16, 16 kHz, mono) is the call."""
        started = time.perf_counter()
        quiet = quietened(piece)
        heard = self._first.decode(quiet)
        called = heard.text in self._phrases and self._believed(heard, piece, quiet)
        text, confidence = (heard.text, heard.confidence) if called else ("", 0.0)
        return Hypothesis(text, confidence, False, piece.size / HEARING_RATE, time.perf_counter() - started)

    def dictate(self, piece: Pcm) -> str | None:
        """None: nothing that is said while it waits is written down."""
        return None

    def _believed(self, heard: Hypothesis, piece: Pcm, quiet: Pcm) -> bool:
        self.prepare()
        if self._second is None:
            return heard.confidence >= ALONE
        if self._spellings is None:
            self._spellings = Spellings(self._phrases, self._second.vocabulary, OtherSpellings())
        for sound in (quiet, piece):
            # What takes the room out takes some of a quiet voice too, so both are looked at.
            chances = self._second.weigh(self._second.hear(sound), self._spellings)
            if chances.get(heard.text, LEAST_CHANCE) > LEAST_CHANCE:
                return True
        return False
