"""The notes a person kept: add one, list them, read one, take one or all away.

In: the folder, and what the settings say of dates and days. Out: notes, each whole or not there. What it does
not know it names and leaves alone. It reads no note to list it, and counts nothing beyond what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from voice_coach.errors import RunError
from voice_coach.notes.folder import PART, Folder
from voice_coach.notes.note import (
    LARGEST_BYTES,
    MOST_NUMBERS,
    Foreign,
    Note,
    file_name,
    is_over,
    number_in,
    recognise,
    time_of,
)
from voice_coach.notes.sealing import OWN_FILES, Seal, unsealed

ROOM_FOR_SEAL = 64 * 1024
"""Sealing adds 200 bytes and 16 for every 64 KiB."""


@dataclass(frozen=True)
class Shelf:
    """What stands in the folder."""

    notes: tuple[Note, ...]
    """By number: the last one was kept last."""
    foreign: tuple[Foreign, ...]


class Store:
    """The notes folder."""

    def __init__(self, path: Path, *, keep_days: int = 0, dates: bool = False) -> None:
        """`keep_days`: older notes are removed; 0 keeps them all. `dates`: each note has its day."""
        self._folder = Folder(path)
        self._keep_days, self._dates = keep_days, dates
        self.seal = Seal(self._folder)

    @property
    def path(self) -> Path:
        """Where the notes are."""
        return self._folder.path

    @property
    def exists(self) -> bool:
        """Whether there is a folder: none is made before the first note."""
        return self._folder.exists

    @property
    def sealed(self) -> bool:
        """Whether a note kept now is sealed."""
        return self.exists and self.seal.is_set

    def look(self) -> Shelf:
        """All notes and all that is foreign, read anew. Raises SetupError when the folder is not ours."""
        notes: list[Note] = []
        foreign: list[Foreign] = []
        for name, found in self._folder.entries():
            if name in OWN_FILES or PART.fullmatch(name):
                continue
            known = recognise(name, found)
            if isinstance(known, Note):
                notes.append(known)
            else:
                foreign.append(known)
        notes.sort(key=lambda note: (note.number, note.name))
        return Shelf(tuple(notes), tuple(foreign))

    def add(self, ending: str, data: bytes, today: date) -> Note:
        """Keep a note, sealed if sealing is set; it is on the disk when this returns.

        Raises SetupError or RunError in one sentence; then nothing was kept.
        """
        self._folder.prepare()
        sealed = self.seal.is_set
        if sealed:
            data = self.seal.close(data)
        day = today if self._dates or self._keep_days else None
        number = 1 + max((number_in(name) for name, _ in self._folder.entries()), default=0)
        while number <= MOST_NUMBERS:
            name = file_name(number, ending, sealed=sealed)
            try:
                self._folder.add(name, data, time=time_of(day))
            except FileExistsError:
                number += 1
                continue
            return Note(number, name, "text" if ending == "md" else "voice", sealed, len(data), day)
        raise RunError(f"The notes folder {self.path} is full of numbers; move some notes away.")

    def read(self, note: Note, identity: Any = None) -> bytes:
        """What a note holds; `identity` opens a sealed one. Raises ValueError that says why it cannot be."""
        try:
            data = self._folder.read(note.name, LARGEST_BYTES + ROOM_FOR_SEAL)
        except OSError as problem:
            raise ValueError(f"it cannot be read ({problem.strerror})") from problem
        if not note.sealed:
            return data
        if identity is None:
            raise ValueError("it is sealed")
        return unsealed(data, identity)

    def raw_files(self) -> list[tuple[str, bytes]]:
        """Every note's file, and the keys, as they are: (name, bytes). Raises RunError."""
        names = [note.name for note in self.look().notes]
        names += [name for name in sorted(OWN_FILES) if (self.path / name).is_file()]
        try:
            return [(name, self._folder.read(name, LARGEST_BYTES + ROOM_FOR_SEAL)) for name in names]
        except (OSError, ValueError) as problem:
            raise RunError(f"A file of {self.path} cannot be read: {problem}.") from problem

    def head(self, note: Note) -> bytes:
        """The first bytes of an unsealed note, enough to tell how long its sound is; b"" when unreadable."""
        return self._folder.head(note.name, 42)

    def delete(self, *notes: Note) -> int:
        """Take notes away; returns how many were there."""
        return self._folder.remove(*[note.name for note in notes])

    def wipe(self) -> int:
        """Take every note away (never what is foreign, never the keys); returns how many there were."""
        self._folder.sweep()
        return self.delete(*self.look().notes)

    def tidy(self, today: date) -> int:
        """What every start does: remove unfinished files, and notes whose days are over (counted)."""
        if not self.exists:
            return 0
        self._folder.sweep()
        if not self._keep_days:
            return 0
        return self.delete(*[n for n in self.look().notes if is_over(n.day, today, self._keep_days)])

    # -- sealing what is there ----------------------------------------------------------------------------

    def start_sealing(self, pass_phrase: str) -> None:
        """Make the keys. seal_all() then seals what is there."""
        self._folder.prepare()
        self.seal.make(pass_phrase)

    def seal_all(self) -> int:
        """Seal every open note; returns how many. Stopped midway, it can be run again."""
        count = 0
        for note in self.look().notes:
            if not note.sealed:
                data = self.seal.close(self.read(note))
                self._move(note, f"{note.name}.age", data)
                count += 1
        return count

    def unseal_all(self, identity: Any) -> tuple[int, tuple[Foreign, ...]]:
        """Open every sealed note and take the keys away; what cannot be opened stays, and so do the keys."""
        count, damaged = 0, []
        for note in self.look().notes:
            if note.sealed:
                try:
                    data = self.read(note, identity)
                except ValueError as problem:
                    damaged.append(Foreign(note.name, str(problem)))
                    continue
                self._move(note, note.name.removesuffix(".age"), data)
                count += 1
        if not damaged:
            self.seal.remove()
        return count, tuple(damaged)

    def _move(self, note: Note, name: str, data: bytes) -> None:
        """Put the same note under another name; the old one goes once the new one is on the disk."""
        self._folder.replace(name, data, time=time_of(note.day))
        self._folder.remove(note.name)
