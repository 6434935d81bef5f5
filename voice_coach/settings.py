"""The options of a session, frozen, each with its unit: from the command line.

It reads and holds; it never changes while a session runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice_coach.conversation.memory import Mode
from voice_coach.errors import SetupError

MODES: dict[str, Mode] = {
    "heard": "heard",
    "look-back": "look_back",
    "get-ready": "get_ready",
    "together": "together",
    "reminder": "reminder",
}
"""As written on the command line -> as the conversation knows it."""
LENGTHS = ("short", "long", "walking")
RECOGNIZERS = ("auto", "vosk", "pocketsphinx")
ON_OFF = ("on", "off")
SUPPRESSIONS = ("auto", "on", "off")
LONGEST_KEEP_DAYS = 36_500
VOLUMES = range(-4, 3)
PACES = range(-4, 4)


@dataclass(frozen=True)
class Options:
    """Everything a session can be told before it begins."""

    mode: str | None = None
    """A key of MODES; None is asked for by voice."""
    time: str | None = None
    """One of LENGTHS; None is asked for by voice."""
    microphone: str | None = None
    """Name or number of a device, or wav:PATH; None is the system's default."""
    speaker: str | None = None
    """Name or number of a device, wav:PATH or none; None is the system's default."""
    recognizer: str = "auto"
    model: str | None = None
    """Folder of a Vosk model."""
    noise_suppression: str = "auto"
    """One of SUPPRESSIONS: for the recogniser that gains by it, for everything, or for nothing."""
    second_ear: str = "on"
    """One of ON_OFF: whether Moonshine listens beside PocketSphinx."""
    language: str = "en"
    seed: int | None = None
    """Makes the choice of wordings repeatable."""
    events: str | None = None
    """Path of the event log, or - for standard output."""
    headphones: bool = False
    """The coach's voice does not reach the microphone: it may be interrupted by voice."""
    open_speakers: bool = False
    """Its voice is taken out of the microphone: stop, pause, hush and just listen are heard over it."""
    headset_keys: bool = False
    """The key of a headset is read (Linux)."""
    voice: str | None = None
    patience: float = 1.0
    """Every wait is multiplied by this (1 to 10); 0 turns time limits off."""
    volume: int = 0
    """Steps of 3 dB softer (below 0) or louder: one of VOLUMES."""
    pace: int = 0
    """Steps slower (below 0) or faster, in speech and in waits: one of PACES."""
    personal: bool = False
    """Only one person uses this device: the short welcome is enough."""
    operator_file: str | None = None
    """The operator's own numbers; None is contacts.toml beside the settings file."""
    notes: bool = False
    """Notes may be offered and kept."""
    keep_days: int = 0
    """Notes older than so many days are removed; 0 keeps them."""
    note_dates: bool = False
    """Each note has the day it was kept."""
    notes_folder: str | None = None
    """Where notes go; None is the platform's data folder."""

    def check(self, where: str) -> None:
        """Raise SetupError, naming `where` they stand, when an option has a value there is none of."""
        choices: dict[str, tuple[str | None, Sequence[str]]] = {
            "mode": (self.mode, tuple(MODES)),
            "time": (self.time, LENGTHS),
            "recognizer": (self.recognizer, RECOGNIZERS),
            "noise_suppression": (self.noise_suppression, SUPPRESSIONS),
            "second_ear": (self.second_ear, ON_OFF),
        }
        for name, (value, allowed) in choices.items():
            if value is not None and value not in allowed:
                raise SetupError(f"{where}: {name} cannot be {value!r}; choose one of {', '.join(allowed)}.")
        if self.headphones and self.open_speakers:
            raise SetupError(f"{where}: choose headphones or open_speakers, not both.")
        if self.patience != 0 and not 1 <= self.patience <= 10:
            raise SetupError(
                f"{where}: patience cannot be {self.patience}; choose 1 to 10, or 0 for no limits."
            )
        for name, number, steps in (("volume", self.volume, VOLUMES), ("pace", self.pace, PACES)):
            if number not in steps:
                raise SetupError(f"{where}: {name} cannot be {number}; choose {steps[0]} to {steps[-1]}.")
        if not 0 <= self.keep_days <= LONGEST_KEEP_DAYS:
            raise SetupError(
                f"{where}: keep_days cannot be {self.keep_days}; choose 1 to {LONGEST_KEEP_DAYS},"
                " or 0 to keep notes until you delete them."
            )

    @property
    def conversation_mode(self) -> Mode:
        """The mode as the conversation knows it; "" is asked for."""
        return MODES[self.mode] if self.mode else ""
