"""What a note is: a numbered file, text or voice, sealed or open, perhaps with a day.

In: names, sizes and times, as the folder lists them. Out: notes, and what among them is foreign and why.
A name tells the number and the kind, never a date and never a word of the note.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from voice_coach.notes.folder import NO_DAY

Kind = Literal["text", "voice"]

LONGEST_TEXT = 4_000
"""Characters; half a minute of speech has about 500."""
LARGEST_BYTES = 8 * 1024 * 1024
"""Nothing larger is read: half a minute of voice takes about 0.5 MB as FLAC, 1 MB as WAV."""
MOST_NUMBERS = 999_999

_NAME = re.compile(r"note-(?P<number>[0-9]{4,6})\.(?P<ending>md|flac|wav)(?P<sealed>\.age)?")


@dataclass(frozen=True)
class Note:
    """One kept note, as its file's name and size tell it: nothing of it has been read."""

    number: int
    name: str
    kind: Kind
    sealed: bool
    bytes: int
    day: date | None = None
    """The day it was kept, where that was asked for."""

    @property
    def ending(self) -> str:
        """md, flac or wav."""
        return self.name.removesuffix(".age").rpartition(".")[2]


@dataclass(frozen=True)
class Foreign:
    """Something among the notes that is none: it is named and left alone."""

    name: str
    why: str


def file_name(number: int, ending: str, *, sealed: bool) -> str:
    """The name of a note's file."""
    return f"note-{number:04d}.{ending}" + (".age" if sealed else "")


def number_in(name: str) -> int:
    """The number in a name that looks like a note's; 0 for any other."""
    found = _NAME.fullmatch(name)
    return int(found["number"]) if found else 0


def recognise(name: str, found: os.stat_result) -> Note | Foreign:
    """What a file of this name and these facts is."""
    match = _NAME.fullmatch(name)
    if match is None:
        return Foreign(name, "its name is not a note's")
    if not stat.S_ISREG(found.st_mode):
        link = stat.S_ISLNK(found.st_mode)
        return Foreign(name, "it is a link, and links are not followed" if link else "it is not a plain file")
    if os.name == "posix" and found.st_uid != os.geteuid():
        return Foreign(name, "it belongs to another user")
    if found.st_size == 0:
        return Foreign(name, "it is empty")
    if found.st_size > LARGEST_BYTES:
        return Foreign(name, "it is far too large for a note")
    return Note(
        number=int(match["number"]),
        name=name,
        kind="text" if match["ending"] == "md" else "voice",
        sealed=match["sealed"] is not None,
        bytes=found.st_size,
        day=day_of(found.st_mtime),
    )


def time_of(day: date | None) -> int:
    """The file time that stands for a day (its noon), or for none."""
    if day is None:
        return NO_DAY
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


def day_of(time: float) -> date | None:
    """The day a file time stands for; None where no date was asked for, or it is none a calendar has."""
    if int(time) == NO_DAY:
        return None
    try:
        return datetime.fromtimestamp(time, tz=UTC).date()
    except (OverflowError, OSError, ValueError):
        return None


def is_over(day: date | None, today: date, keep_days: int) -> bool:
    """Whether a note's time is up. One from the future (the clock was set back) is never over."""
    return day is not None and keep_days > 0 and (today - day).days > keep_days


def readable(data: bytes) -> str:
    """A text note's words, safe to print: no control characters but line breaks. Raises ValueError."""
    text = data.decode("utf-8")
    return printable(text.replace("\r\n", "\n"), keep="\n\t").strip()


def printable(text: str, keep: str = "") -> str:
    """Text in which nothing can steer a terminal: control and format characters become a question mark."""
    return "".join(char if char in keep or char.isprintable() else "?" for char in text)


def voice_seconds(head: bytes, ending: str, size: int) -> float | None:
    """How long a voice note is, from the first 42 bytes of its file; None when they are no such file's."""
    if ending == "wav":
        if len(head) < 36 or head[:4] != b"RIFF" or head[8:16] != b"WAVEfmt ":
            return None
        rate = int.from_bytes(head[28:32], "little")
        return round(max(0, size - 44) / rate, 1) if rate else None
    if len(head) < 42 or head[:4] != b"fLaC" or head[4] & 0x7F != 0:
        return None
    packed = int.from_bytes(head[18:26], "big")
    rate, samples = packed >> 44, packed & 0xF_FFFF_FFFF
    return round(samples / rate, 1) if rate else None
