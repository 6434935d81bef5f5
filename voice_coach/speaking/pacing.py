"""Where the voice pauses: text parts and a pace in, sentences and pauses out. Pure.

The lengths are the conversation design's (6.1): 150 words a minute, 0.45 s between sentences, 0.9 s before
the last question, 0.6 s between choices, 1.2 s between parts. Pauses are ours and not the engine's, so that
they are the same with every voice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SENTENCE_GAP = 0.45
QUESTION_GAP = 0.9
CHOICE_GAP = 0.6
PART_GAP = 1.2

_LADDER = (
    (2.0, 120),
    (2.0, 135),
    (2.0, 150),
    (1.5, 150),
    (1.0, 150),
    (0.7, 150),
    (0.7, 165),
    (0.7, 180),
)
"""Factor on the pauses and spoken words a minute, slowest first: first the gaps change, then the words."""
_NORMAL = 4

_CLOSING = "\"'\u201d\u2019)"
"""Quotation marks and brackets that may follow a sentence's end."""
_SENTENCE_END = re.compile(rf"(?<=[.!?\u2026])[{_CLOSING}]*\s+")
_WORD = re.compile(r"[\w'\u2019-]+")
_SHORT_LIST_WORDS = 3


@dataclass(frozen=True)
class Pace:
    """How fast it speaks: a step of a fixed ladder, 0 is normal, below 0 slower."""

    step: int = 0

    def __post_init__(self) -> None:
        if not -_NORMAL <= self.step < len(_LADDER) - _NORMAL:
            raise ValueError(f"no such pace: {self.step}")

    @property
    def gap_factor(self) -> float:
        """What every pause is multiplied by."""
        return _LADDER[self.step + _NORMAL][0]

    @property
    def words_per_minute(self) -> int:
        """Spoken words a minute within a sentence."""
        return _LADDER[self.step + _NORMAL][1]

    def slower(self) -> Pace:
        """One step slower; the slowest stays."""
        return Pace(max(self.step - 1, -_NORMAL))

    def faster(self) -> Pace:
        """One step faster; the fastest stays."""
        return Pace(min(self.step + 1, len(_LADDER) - _NORMAL - 1))


NORMAL_PACE = Pace()


@dataclass(frozen=True)
class Sentence:
    """One piece of text to be rendered in one go."""

    text: str
    words_per_minute: int
    """Spoken, within the sentence."""


@dataclass(frozen=True)
class Pause:
    """Silence of a length in seconds."""

    seconds: float


def plan(
    parts: Sequence[str],
    pace: Pace,
    *,
    say_as: Mapping[str, str] | None = None,
    choice_words: Sequence[str] = (),
    words_per_minute: int | None = None,
) -> tuple[Sentence | Pause, ...]:
    """What to render and where to be quiet, in order; begins and ends with a sentence.

    `say_as`: shown word -> spelling for the voice (whole words, any case). `choice_words`: what stands before
    the last of several choices in this language. `words_per_minute`: instead of the pace's.
    """
    phrases = _phrases(parts, tuple(choice_words))
    rate = words_per_minute or pace.words_per_minute
    steps: list[Sentence | Pause] = []
    for at, (gap, text) in enumerate(phrases):
        if at > 0:
            steps.append(Pause(gap * pace.gap_factor))
        steps.append(Sentence(_respelt(text, say_as or {}), rate))
    return tuple(steps)


def sentences(text: str) -> list[str]:
    """A text cut after each full stop, question mark or exclamation mark."""
    return [piece.strip() for piece in _SENTENCE_END.split(text) if _WORD.search(piece)]


def choices(sentence: str, choice_words: tuple[str, ...]) -> list[str]:
    """A sentence cut before each of its choices; one piece when it offers none.

    Choices are what stands between commas before a choice word, or a list of at least three short fragments
    (words on offer, groups of digits).
    """
    pieces = re.split(r"(?<=,)\s+", sentence)
    if not any(_offers(piece, choice_words) for piece in pieces[1:]):
        pieces = _cut_last_choice(pieces, choice_words)
        short = sum(len(_WORD.findall(piece)) <= _SHORT_LIST_WORDS for piece in pieces)
        if len(pieces) < 3 or short < len(pieces) - 1:
            return [sentence]
    return pieces


def _offers(piece: str, choice_words: tuple[str, ...]) -> bool:
    return any(re.match(rf"{re.escape(word)}\b", piece, re.IGNORECASE) for word in choice_words)


def _cut_last_choice(pieces: list[str], choice_words: tuple[str, ...]) -> list[str]:
    """["Say skip,", "pause or stop."] -> ["Say skip,", "pause", "or stop."], where a comma went before."""
    first, _, rest = pieces[-1].partition(" ")
    if len(pieces) < 2 or not _offers(rest, choice_words):
        return pieces
    return [*pieces[:-1], first, rest]


def _phrases(parts: Sequence[str], choice_words: tuple[str, ...]) -> list[tuple[float, str]]:
    """Each phrase with the gap before it at normal pace."""
    found: list[tuple[float, str]] = []
    for part in parts:
        for at, sentence in enumerate(sentences(part)):
            gap = PART_GAP if at == 0 else SENTENCE_GAP
            if at > 0 and _offers(sentence, choice_words):
                gap = CHOICE_GAP
            for number, piece in enumerate(choices(sentence, choice_words)):
                found.append((gap if number == 0 else CHOICE_GAP, piece))
    last = [sentence for part in parts for sentence in sentences(part)][-1:]
    if not last or not last[0].rstrip(_CLOSING).endswith("?"):
        return found
    at = len(found) - len(choices(last[0], choice_words))
    gap, text = found[at]
    return [*found[:at], (max(gap, QUESTION_GAP), text), *found[at + 1 :]]


def _respelt(text: str, say_as: Mapping[str, str]) -> str:
    for shown, spelling in say_as.items():
        whole_word = rf"(?<!\w){re.escape(shown)}(?!\w)"
        text = re.sub(whole_word, spelling.replace("\\", r"\\"), text, flags=re.IGNORECASE)
    return text
