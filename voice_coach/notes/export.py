"""Copies of notes outside the notes folder, where the person asks for them.

In: notes and their bytes. Out: files of mode 0600 that were not there before. It never overwrites, and what
it began and could not finish it takes away again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from voice_coach.errors import RunError, SetupError
from voice_coach.notes.note import Note, readable


def to_folder(files: Iterable[tuple[str, bytes]], target: Path) -> list[Path]:
    """Write each (name, bytes) into a folder, made if need be. Raises SetupError, RunError."""
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise SetupError(
            f"The folder {target} cannot be made ({problem.strerror}); name another."
        ) from problem
    files = list(files)
    for name, _ in files:
        if os.path.lexists(target / name):
            raise SetupError(f"There is a file {target / name} already; name another folder.")
    made: list[Path] = []
    try:
        for name, data in files:
            to_file(data, target / name)
            made.append(target / name)
    except BaseException:
        for path in made:
            with contextlib.suppress(OSError):
                path.unlink()
        raise
    return made


def to_file(data: bytes, target: Path) -> None:
    """Write one new file. Raises SetupError when the name is taken, RunError when it cannot be written."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(target, flags, 0o600)
    except FileExistsError as problem:
        raise SetupError(f"There is a file {target} already; name another.") from problem
    except OSError as problem:
        raise SetupError(f"{target} cannot be made ({problem.strerror}); name another place.") from problem
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except BaseException as problem:
        with contextlib.suppress(OSError):
            target.unlink()
        if isinstance(problem, OSError):
            raise RunError(
                f"{target} could not be written ({problem.strerror}); it was removed."
            ) from problem
        raise


def as_markdown(notes: Iterable[tuple[Note, bytes]], *, dates: bool) -> str:
    """All notes as one page: text as it is, a voice note by its number. Raises ValueError for spoilt text."""
    parts = []
    for note, data in notes:
        day = f" ({note.day.isoformat()})" if dates and note.day is not None else ""
        words = readable(data) if note.kind == "text" else "(in your own voice: it is not in this file)"
        parts.append(f"## Note {note.number}{day}\n\n{words}\n")
    return "\n".join(parts)
