"""What every recogniser does: take a grammar and a piece of speech, give a hypothesis.

In: phrases and 16 kHz int16 sound. Out: a hypothesis of words, with what is known of its worth.
It never decides what words mean and never keeps sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from voice_coach.audio.ports import Pcm


@dataclass(frozen=True)
class Grammar:
    """The phrases of one listening turn."""

    name: str
    """The state's name (or a file's): recognisers cache by it."""
    phrases: tuple[str, ...]
    decoys: tuple[str, ...] = ()
    consent: bool = False
    """A second opinion on this turn's hypotheses is wanted."""
    taught: tuple[str, ...] = ()
    """The lone words that people are told to say: favoured where the sound leaves it open."""
    told: tuple[str, ...] = ()
    """The longer phrases that people are told to say: believed a little sooner."""
    at_once: tuple[str, ...] = ()
    """Phrases that end things: one that is sure enough waits for no second opinion."""
    meanings: tuple[str, ...] = ()
    """What each phrase means, in their order: those that mean the same do not compete. () is each its own."""
    either: bool = False
    """Nothing can open here, and a mistake is cheap: of two ears one that hears a phrase well is enough."""

    def meaning(self) -> dict[str, str]:
        """Phrase -> meaning; decoys and phrases without one mean themselves."""
        own = {phrase: phrase for phrase in (*self.decoys, *self.phrases)}
        return own | dict(zip(self.phrases, self.meanings, strict=False))


@dataclass(frozen=True)
class Hypothesis:
    """What was heard in one piece of speech."""

    text: str
    """Words of one whole phrase of the grammar, or "" when it was nothing of the grammar."""
    confidence: float
    """0 to 1; the scale is the recogniser's own, thresholds live beside it."""
    clean: bool
    """The stricter test for consent was passed (a second opinion agreed, the sound was good enough)."""
    audio_seconds: float
    compute_seconds: float


@dataclass(frozen=True)
class Growing:
    """Words heard so far in a piece that is not over: to be looked at, never to be acted on."""

    words: str
    """Not yet a phrase, and perhaps never one; the next may take them back."""
    seconds: float
    """How much of the piece they were heard in."""


@dataclass(frozen=True)
class GrammarReport:
    """What a recogniser could not take of a grammar."""

    dropped: dict[str, tuple[str, ...]]
    """Phrase -> the words its dictionary lacks; the whole phrase is left out."""


NOTHING = Hypothesis("", 0.0, False, 0.0, 0.0)
"""The hypothesis of a piece in which nothing was recognised."""


class Recognizer(Protocol):
    """One loaded model. Lives in the hearing process; not thread-safe."""

    name: str

    def prepare(self) -> None:
        """Load now what later turns need and the first does not; a turn that needs it loads it otherwise."""

    def use(self, grammar: Grammar) -> GrammarReport:
        """Switch to a grammar; words missing from the dictionary drop their whole phrase."""

    def decode(self, piece: Pcm) -> Hypothesis:
        """Recognise one finished piece of speech (int16, 16 kHz, mono, any length)."""

    def dictate(self, piece: Pcm) -> str | None:
        """Free text of a piece; None where this recogniser is not fit for it."""
