"""How phrases may be written by a recogniser that writes in pieces of words: what may follow what.

In: the texts of a recogniser's tokens, and phrases. Out: for a beginning of a phrase, the tokens that go on
with one of the phrases, whatever their case and punctuation. Pure.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
_IGNORED = frozenset('.,!?;:"-\u2026')
_WORD = "abcdefghijklmnopqrstuvwxyz' "
"""What a phrase is made of: a token that holds anything else is of no use, and all of them took 10 MB."""
LONGEST_TOKEN = 16
"""Letters of the longest token that is looked for."""


def plain(text: str) -> str:
    """A written text in small letters, without punctuation, single-spaced."""
    kept = "".join(letter for letter in text.lower().replace("\u2019", "'") if letter not in _IGNORED)
    return " ".join(kept.split())


class Vocabulary:
    """The tokens of a recogniser, found by what they read without case and punctuation."""

    def __init__(self, texts: Iterable[str]) -> None:
        """`texts` in the order of their ids; "" for a token that writes nothing by itself."""
        found: list[tuple[str, int]] = []
        silent: list[int] = []
        for number, text in enumerate(texts):
            letters = text.lower().replace("\u2019", "'")
            read = "".join(letter for letter in letters if letter not in _IGNORED)
            if read and not read.strip(_WORD):
                found.append((read, number))
            elif text and not read:
                silent.append(number)
        found.sort()
        self._reads = [read for read, _ in found]
        self._ids = np.array([number for _, number in found], dtype=np.int64)
        self.silent: Ids = np.array(silent, dtype=np.int64)
        """Tokens that are punctuation only."""

    def ids(self, read: str) -> Ids | None:
        """The tokens that read like this; None when there are none."""
        first = bisect.bisect_left(self._reads, read)
        last = bisect.bisect_right(self._reads, read)
        return self._ids[first:last] if last > first else None


@dataclass(frozen=True)
class OtherSpellings:
    """What may be written for the same sounds."""

    words: dict[str, str] = field(default_factory=dict)
    """Words that are also written in another way, as "okay" is written "ok"."""
    breaths: tuple[str, ...] = ()
    """What a breath before a lone word is written as."""

    @classmethod
    def read(cls, text: str) -> OtherSpellings:
        """From lines of a word and its other spelling, or of an asterisk and a breath."""
        lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
        words = {word: other for word, other in lines if word != "*"}
        return cls(words, tuple(other for word, other in lines if word == "*"))


@dataclass(frozen=True)
class Step:
    """What may come after one beginning: punctuation stands between words only, where it ends."""

    ids: Ids
    ends: tuple[str, ...]
    """For each id, the beginning that it leads to."""
    phrase: str | None
    """The phrase that is whole here."""


class Spellings:
    """The ways to write some phrases with a vocabulary; worked out where they are first needed."""

    def __init__(self, phrases: Iterable[str], vocabulary: Vocabulary, other: OtherSpellings) -> None:
        """`other`: what else stands for the phrases' words."""
        self._vocabulary = vocabulary
        self._whole: dict[str, str] = {}
        for phrase in phrases:
            for way in _ways(phrase, other.words):
                self._whole.setdefault(f" {way}", phrase)
        for phrase in [whole for whole in self._whole.values() if " " not in whole]:
            for breath in other.breaths:
                self._whole.setdefault(f" {breath} {phrase}", phrase)
        self._steps: dict[str, Step] = {}

    def step(self, beginning: str) -> Step:
        """What may follow; "" is the beginning of all."""
        if beginning not in self._steps:
            self._steps[beginning] = self._make(beginning)
        return self._steps[beginning]

    def _make(self, beginning: str) -> Step:
        at = len(beginning)
        nexts = {
            written[at : at + length]
            for written in self._whole
            if written.startswith(beginning)
            for length in range(1, min(LONGEST_TOKEN, len(written) - at) + 1)
        }
        parts, ends = [], []
        for read in sorted(nexts):
            ids = self._vocabulary.ids(read)
            if ids is not None:
                parts.append(ids)
                ends += [beginning + read] * ids.size
        written_on = any(written.startswith(f"{beginning} ") for written in self._whole)
        if beginning and (written_on or beginning in self._whole):
            parts.append(self._vocabulary.silent)
            ends += [beginning] * self._vocabulary.silent.size
        ids = np.concatenate(parts) if parts else np.zeros(0, np.int64)
        return Step(ids, tuple(ends), self._whole.get(beginning))


def _ways(phrase: str, other: dict[str, str]) -> set[str]:
    words = phrase.split()
    ways = {tuple(words)}
    for index, word in enumerate(words):
        if word in other:
            ways |= {(*way[:index], other[word], *way[index + 1 :]) for way in list(ways)}
    return {" ".join(way) for way in ways}
