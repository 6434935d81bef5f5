"""How hard a spoken sentence is: words, seconds, syllables, reading grade.

Comes in: text without placeholders. Goes out: numbers. It never reads anything but the English
pronouncing dictionary that PocketSphinx's own distribution carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

WORDS_PER_MINUTE = 150
"""Spoken pace the design starts from (people reading along preferred about 150; design, part 2.3)."""
SENTENCE_GAP = 0.45
QUESTION_GAP = 0.9
"""Seconds of quiet between sentences, and before the question (conversation design, part 6.1)."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*|\d+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<![aeiouy])(?:e|es|ed)$")
_VOWEL_SOUNDS = frozenset(
    ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, by their full stops, question and exclamation marks."""
    return [part for part in _SENTENCE_END.split(text.strip()) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """The words of a text, lower case, straight apostrophes."""
    return [word.lower().replace("\u2019", "'") for word in _WORD.findall(text)]


def seconds(text: str) -> float:
    """How long a text takes to say at the default pace, with its gaps."""
    parts = sentences(text)
    gaps = SENTENCE_GAP * max(0, len(parts) - 1)
    if len(parts) > 1 and parts[-1].endswith("?"):
        gaps += QUESTION_GAP - SENTENCE_GAP
    return len(words(text)) * 60 / WORDS_PER_MINUTE + gaps


def grade(text: str, syllables: dict[str, int]) -> float:
    """The Flesch-Kincaid reading grade; words not in `syllables` are counted by their vowels."""
    said = words(text)
    count = max(1, len(sentences(text)))
    if not said:
        return 0.0
    total = sum(syllables.get(word) or _by_vowels(word) for word in said)
    return 0.39 * len(said) / count + 11.8 * total / len(said) - 15.59


def syllables_of(wanted: Iterable[str]) -> dict[str, int]:
    """Syllables of English words: exact from the pronouncing dictionary, else counted by vowels."""
    left = set(wanted)
    found = {word: _by_vowels(word) for word in left}
    for line in dictionary_lines():
        word, _, sounds = line.partition(" ")
        if word in left:
            found[word] = max(1, sum(sound in _VOWEL_SOUNDS for sound in sounds.split()))
    return found


def _by_vowels(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word))))


@cache
def dictionary_lines() -> list[str]:
    """PocketSphinx's English pronouncing dictionary, a word and its phones a line; [] where there is none."""
    # Importing pocketsphinx would load its decoder only to learn where its files are.
    spec = find_spec("pocketsphinx")
    if spec is None or spec.origin is None:
        return []
    path = Path(spec.origin).parent / "model" / "en-us" / "cmudict-en-us.dict"
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
