"""What goes into the conversation and what comes out of it: plain frozen data.

In: Turn, one outcome of listening. Out: cues, to be carried out in order. Neither holds sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AUTO = "AUTO"
"""The prompt of a state that does not listen has been said to its end."""
SILENCE = "SILENCE"
"""The next rung of patience was reached with nobody speaking."""
UNCLEAR = "UNCLEAR"
"""Somebody spoke in a choice or gate turn and it was no phrase of the table."""
SPEECH_END = "SPEECH_END"
"""Somebody talked in a think or short turn and has been quiet long enough."""
FEELING = "FEELING"
"""Exactly one word of the feelings list, and nothing else."""

By = Literal["voice", "key", "text"]


@dataclass(frozen=True)
class Turn:
    """One outcome of listening, at an audio time."""

    intent: str
    by: By = "voice"
    at: float = 0.0
    """Seconds of audio time since the session began."""
    while_speaking: bool = False
    """It began while the coach spoke or within the settle time after: it can stop, never consent."""
    clean: bool = True
    """The hearing vouches for it (full endpoint, clean audio, no competing reading): may consent."""
    word: str = ""
    """The feeling word, for FEELING only."""
    rung: int = 0
    """Which step of patience was reached, for SILENCE only."""
    also: tuple[str, ...] = ()
    """Further answers in the same breath ("short, walking"); only the arriving questions take them."""


@dataclass(frozen=True)
class Say:
    """Speak these parts, one after another."""

    state: str
    id: str
    """Where the words stand in the pack: LISTEN.prompts.0, lines.SKIPPED.2."""
    stance: str
    parts: tuple[str, ...]
    """A part may hold {note}: there the note is played or read back."""

    @property
    def text(self) -> str:
        """The words as spoken and shown."""
        return " ".join(self.parts)


@dataclass(frozen=True)
class Listen:
    """Open the microphone for one turn."""

    state: str
    turn: str
    """choice, gate, short, think, free, rest or paused."""
    patience: tuple[float, ...]
    """Seconds of silence after which SILENCE is reported, since the last speech or line; () is for ever."""
    rung: int = 0
    """The step of patience to start at; speech starts it again at 0."""
    scale: float = 1.0
    """How many times longer than usual every wait is (walking, "slower", the person's settings)."""
    consent: bool = False
    """Wait for the full endpoint and a second opinion: an answer here may open something."""
    bell_at: float | None = None
    """Audio time of one soft bell, if this turn is still open then; the turn goes on as it was."""
    bell_after: float | None = None
    """The same, in seconds since the microphone opened."""


@dataclass(frozen=True)
class Next:
    """When all that was to be said has been said, come back with AUTO."""

    state: str


@dataclass(frozen=True)
class Wait:
    """Be quiet and deaf until so many seconds have passed since the microphone last opened, then go on."""

    seconds: float


@dataclass(frozen=True)
class Chime:
    """Play an earcon: tick, bell, or paused (stopped, too); open and closed are the microphone's own."""

    name: Literal["tick", "bell", "paused"]


@dataclass(frozen=True)
class Adjust:
    """Change how it speaks: a step slower or faster, louder or softer."""

    what: Literal["pace", "volume"]
    step: int


@dataclass(frozen=True)
class Consent:
    """A fact for the event log: a permission was taken, spent or cleared, or refused for good."""

    what: Literal["taken", "spent", "cleared", "not_ready", "reopened", "locked"]
    person: str = "One"


@dataclass(frozen=True)
class KeepNote:
    """The person said keep it: keep the note they heard back."""


@dataclass(frozen=True)
class ForgetNote:
    """Let go of the note being made."""


@dataclass(frozen=True)
class FetchNote:
    """Take up a note that was kept before, to be told where {note} stands: the newest, or the next older."""

    first: bool


@dataclass(frozen=True)
class WipeNotes:
    """The person said wipe them: take every note away."""


@dataclass(frozen=True)
class DropLastNote:
    """The person said bin it of the note kept last: take that one away."""


@dataclass(frozen=True)
class End:
    """Switch off: sound, microphone, memory."""

    why: str
    silent: bool = False


NoteCue = KeepNote | ForgetNote | FetchNote | WipeNotes | DropLastNote
Cue = Say | Listen | Next | Wait | Chime | Adjust | Consent | NoteCue | End
