"""Reads the TOML files of one folder, and refuses what a pack has no business holding.

Comes in: a folder. Goes out: each file's tables by its name, and faults. It never follows a link out
of the folder, never reads more than the caps, and never lets a hidden mark through to voice or screen.
"""

from __future__ import annotations

import os
import stat
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voice_coach.packs.faults import Fault

MAX_FILE_BYTES = 256 * 1024
"""Ten times the longest file of the English pack."""
MAX_FILES = 64
"""Files in one folder; the English pack has 17."""
MAX_NESTING = 12
"""Tables and lists within one another; a pack needs four."""

_HIDDEN = set(
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
"""Direction and width marks: what is shown would no longer be what is said (some scripts need joiners)."""


@dataclass(frozen=True)
class File:
    """One TOML file, read."""

    name: str
    """Stem of the file: arrive."""
    label: str
    """As a writer knows it: content/en/arrive.toml."""
    tables: dict[str, Any]


def read_folder(folder: Path) -> tuple[list[File], list[Fault]]:
    """Read every .toml file of a folder, in the order of their names."""
    shown = f"{folder.parent.name}/{folder.name}"
    found: list[File] = []
    faults: list[Fault] = []
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    if len(paths) > MAX_FILES:
        return [], [Fault(shown, "", f"it holds {len(paths)} files; a pack may have {MAX_FILES}.")]
    root = folder.resolve()
    for path in paths:
        file, more = read_file(path, f"{shown}/{path.name}", root)
        faults += more
        if file is not None:
            found.append(file)
    return found, faults


def read_file(path: Path, label: str, root: Path) -> tuple[File | None, list[Fault]]:
    """Read one TOML file that stands below `root`, named `label` in faults; None where it is no TOML."""
    text = _text(path, root)
    if isinstance(text, _Refusal):
        return None, [Fault(label, "", text.sentence)]
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [Fault(label, "", f"it is not TOML: {_lowered(str(error))}.")]
    except RecursionError:
        return None, [Fault(label, "", "its values are nested too deep to be read.")]
    return File(path.stem, label, tables), [
        Fault(label, key, sentence) for key, sentence in _marks(tables, "", 0)
    ]


@dataclass(frozen=True)
class _Refusal:
    sentence: str


def _text(path: Path, root: Path) -> str | _Refusal:
    if not path.resolve().is_relative_to(root):
        return _Refusal("it is a link that leaves the pack's folder; put the file itself there.")
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return _Refusal("it is not a plain file.")
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return _Refusal(f"it cannot be read ({error.strerror or error}).")
    if len(data) > MAX_FILE_BYTES:
        return _Refusal(f"it is longer than {MAX_FILE_BYTES // 1024} kB.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _Refusal(f"byte {error.start + 1} is not UTF-8; save the file as UTF-8.")
    hidden = _HIDDEN.intersection(text)
    if hidden:
        return _Refusal(f"it holds the hidden mark U+{ord(min(hidden)):04X}; take it out.")
    return text


def _without_waiting(path: str, flags: int) -> int:
    # A named pipe would otherwise hold the start up for ever.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _marks(value: Any, key: str, depth: int) -> Iterator[tuple[str, str]]:
    """Find control characters and hidden marks that an escape has brought into a value or a key."""
    if depth > MAX_NESTING:
        yield key, f"it is nested more than {MAX_NESTING} deep."
    elif isinstance(value, str):
        if not value.isprintable() or not value.isascii():
            yield from ((key, sentence) for sentence in _bad_characters(value))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _marks(name, f"{key}.{name!a}".lstrip("."), depth)
            yield from _marks(inner, f"{key}.{name}".lstrip("."), depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _marks(inner, f"{key}.{place}", depth + 1)


def _bad_characters(value: str) -> Iterator[str]:
    for mark in sorted(set(value)):
        if mark in _HIDDEN or unicodedata.category(mark) in {"Cc", "Cs", "Co"}:
            yield f"it holds the character U+{ord(mark):04X}, which is not text; take it out."


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
