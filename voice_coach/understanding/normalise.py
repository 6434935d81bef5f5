"""Brings what was said, and what a pack lists, to the same spelling.

In: text of a recogniser or a keyboard, and a pack's Rules. Out: words with one space between them.
It never keeps what it was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from voice_coach.packs.models import Rules

MAX_REPEAT = 4
"""Longest run of words that is taken for a stutter when said twice ("just listen just listen")."""

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u2032\u00b4`", "'"))
_NO_WORD = re.compile(r"[^\w' ]+|_")
_LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'|'(?!\w)")


def surface(text: str) -> str:
    """Lower case, straight apostrophes, no punctuation: as a recogniser's dictionary spells it.

    NFC and lower(), never casefold(), which would turn a German ß into another word.
    """
    lowered = unicodedata.normalize("NFC", text).lower().translate(_APOSTROPHES)
    return " ".join(_LOOSE_APOSTROPHE.sub(" ", _NO_WORD.sub(" ", lowered)).split())


class Normaliser:
    """The spelling rules of one pack, made ready."""

    def __init__(self, fillers: Iterable[str], contractions: Iterable[tuple[str, str]]) -> None:
        pairs = [(surface(long), surface(short)) for long, short in contractions]
        self._words = {long: short for long, short in pairs if " " not in long}
        self._runs = {tuple(long.split()): short for long, short in pairs if " " in long}
        self._run_lengths = _lengths(self._runs)
        self._fillers = {tuple(self.plain(filler).split()) for filler in fillers} - {()}
        self._filler_lengths = _lengths(self._fillers)
        self._listed: dict[str, tuple[str, str]] = {}

    def plain(self, text: str) -> str:
        """Surface form with contractions brought to one spelling: "I am" and "I'm" are the same."""
        words = " ".join(self._words.get(word, word) for word in surface(text).split()).split()
        found: list[str] = []
        at = 0
        while at < len(words):
            for length in self._run_lengths.get(words[at], ()):
                short = self._runs.get(tuple(words[at : at + length]))
                if short is not None:
                    found.append(short)
                    at += length
                    break
            else:
                found.append(words[at])
                at += 1
        return " ".join(found)

    def lean(self, plain: str) -> str:
        """A plain form without fillers and stutters: "no, um, no no" is "no"."""
        words = plain.split()
        kept: list[str] = []
        at = 0
        while at < len(words):
            for length in self._filler_lengths.get(words[at], ()):
                if tuple(words[at : at + length]) in self._fillers:
                    at += length
                    break
            else:
                kept.append(words[at])
                at += 1
                _drop_repeat(kept)
        return " ".join(kept)

    def listed(self, phrase: str) -> tuple[str, str]:
        """Plain and lean form of a pack's own phrase, remembered; never call it with what a person said."""
        forms = self._listed.get(phrase)
        if forms is None:
            plain = self.plain(phrase)
            forms = self._listed[phrase] = (plain, self.lean(plain))
        return forms


def normaliser(rules: Rules) -> Normaliser:
    """The normaliser of a pack's rules; made once for equal rules."""
    return _normaliser(tuple(rules.fillers), tuple(rules.contractions.items()))


@lru_cache(maxsize=8)
def _normaliser(fillers: tuple[str, ...], contractions: tuple[tuple[str, str], ...]) -> Normaliser:
    return Normaliser(fillers, contractions)


def _lengths(runs: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    """First word -> lengths of the runs that begin with it, the longest first."""
    found: dict[str, set[int]] = {}
    for run in runs:
        found.setdefault(run[0], set()).add(len(run))
    return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in found.items()}


def _drop_repeat(words: list[str]) -> None:
    for length in range(1, MAX_REPEAT + 1):
        if len(words) >= 2 * length and words[-length:] == words[-2 * length : -length]:
            del words[-length:]
            return
