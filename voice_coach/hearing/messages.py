"""What travels to and from the hearing process, and what the coach finds on its queue.

Plain frozen data. Sound goes to the child only; words come back only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.recognizer import Grammar, GrammarReport, Hypothesis


@dataclass(frozen=True)
class RecognizerChoice:
    """Which recogniser to load, and why."""

    kind: str
    """vosk or pocketsphinx."""
    model: Path | None
    """The folder of a Vosk model."""
    notice: str
    """One plain line for the person who started the program."""
    second: Path | None = None
    """The folder of Moonshine's weights, where a second ear is to listen too."""
    suppress: bool = False
    """Whether PocketSphinx hears pieces without the room's noise."""
    waking: bool = False
    """It only waits for a call."""
    seal: str = ""
    """The model's fingerprint when it was chosen, so that no other is loaded later; "" is not compared."""


@dataclass(frozen=True)
class Load:
    """To the child: load this recogniser."""

    choice: RecognizerChoice


@dataclass(frozen=True)
class UseGrammar:
    """To the child: listen for this from now on."""

    grammar: Grammar


@dataclass(frozen=True)
class DecodePiece:
    """To the child: recognise this piece."""

    request: int
    piece: Pcm


@dataclass(frozen=True)
class WriteDown:
    """To the child: write down freely what is said in this piece (for a note the person asked for)."""

    request: int
    piece: Pcm


@dataclass(frozen=True)
class Prepare:
    """To the child: nothing is urgent now, load what later turns need."""


HearingRequest = Load | UseGrammar | DecodePiece | WriteDown | Prepare


@dataclass(frozen=True)
class HearingReady:
    """The recogniser is loaded."""

    name: str
    notice: str


@dataclass(frozen=True)
class GrammarUsed:
    """The grammar of this name is in use."""

    report: GrammarReport
    name: str


@dataclass(frozen=True)
class Recognized:
    """The answer to one decode request; exactly one follows each."""

    request: int
    hypothesis: Hypothesis


@dataclass(frozen=True)
class WrittenDown:
    """The answer to one WriteDown; exactly one follows each."""

    request: int
    text: str | None
    """None where the recogniser is not fit for it, or has gone."""


@dataclass(frozen=True)
class HearingFailed:
    """There will be no more hearing: keys only from now on."""

    sentence: str


HearingEvent = HearingReady | GrammarUsed | Recognized | WrittenDown | HearingFailed
