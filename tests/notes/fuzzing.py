"""Spoilt input, made from good input by chance, for everything that reads what others may have written.

In: a kind and a seed. Out: nothing; any error that is no plain sentence comes through.
"""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from voice_coach.errors import RunError, SetupError
from voice_coach.notes.folder import NO_DAY
from voice_coach.notes.note import printable, readable, recognise, voice_seconds
from voice_coach.notes.recording import from_sound, to_flac
from voice_coach.notes.sealing import unsealed
from voice_coach.packs.build import build_pack
from voice_coach.packs.load import pack_folder
from voice_coach.packs.read import File, read_folder
from voice_coach.rehearsal.plan import parse_plan
from voice_coach.settings_file import TEMPLATE, parse_settings

PLAIN = (SetupError, RunError)
HERE = Path("here.toml")
_BITS = (
    b"\x00",
    b"\xff",
    b"\n",
    b'"',
    b"[",
    b"]",
    b"=",
    b"\\",
    b"{note}",
    b"\xe2\x80\xae",
    b"\x1b[2J",
    b"9" * 40,
)
_WORDS = (
    "true",
    "-1",
    "1e400",
    "nan",
    '""',
    "[]",
    "{}",
    '"\\u0000"',
    "1979-05-27",
    "[[[[",
    "'''",
    "inf",
    "0x1",
)


def spoil(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, left out, doubled or put in."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        size = chance.choice((1, 1, 2, 8, 64))
        match chance.randrange(5):
            case 0:
                data = data[:at] + data[at + size :]
            case 1:
                data = data[:at] + data[max(0, at - size) : at] * 2 + data[at:]
            case 2:
                data = data[:at] + chance.choice(_BITS) + data[at:]
            case 3:
                data = data[:at] + chance.randbytes(size) + data[at + size :]
            case _:
                data = data[:at]
    return data


def spoil_toml(text: str, chance: random.Random) -> bytes:
    """As spoil, or another value in one place."""
    lines = text.splitlines()
    places = [place for place, line in enumerate(lines) if "=" in line]
    if places and chance.random() < 0.5:
        place = chance.choice(places)
        lines[place] = f"{lines[place].partition('=')[0]}= {chance.choice(_WORDS)}"
        return "\n".join(lines).encode()
    return spoil(text.encode(), chance)


# -- notes ------------------------------------------------------------------------------------------------


@cache
def _sound() -> bytes:
    return to_flac((np.sin(np.arange(4_000) / 7) * 9_000).astype(np.int16))


@cache
def _identity() -> object:
    import pyrage

    return pyrage.x25519.Identity.generate()


@cache
def _sealed() -> bytes:
    import pyrage

    return bytes(pyrage.encrypt(b"a short thought\n", [_identity().to_public()]))  # type: ignore[attr-defined]


def _note_text(chance: random.Random) -> None:
    _expect(lambda: readable(spoil("a short thought, ünd more\n".encode(), chance)), ValueError)


def _note_sound(chance: random.Random) -> None:
    data = spoil(_sound(), chance)
    voice_seconds(data[:42], chance.choice(("flac", "wav")), len(data))
    _expect(lambda: from_sound(data), ValueError)


def _note_sealed(chance: random.Random) -> None:
    _expect(lambda: unsealed(spoil(_sealed(), chance), _identity()), ValueError)


def _note_name(chance: random.Random) -> None:
    name = spoil(b"note-0012.flac.age", chance).decode("utf-8", "surrogateescape")
    times = (NO_DAY, 0, -1, 2**31, 2**40, -(2**40), 1 << 62)
    facts = (chance.choice((0o100600, 0o120777, 0o040700, 0o010600)), 0, 0, 1, os.geteuid(), 0)
    size = chance.choice((0, 1, 10**6, 10**12))
    time = chance.choice(times)
    known = recognise(name, os.stat_result((*facts, size, time, time, time)))
    assert "\n" not in printable(known.name)


# -- settings, plans, packs -------------------------------------------------------------------------------


def _settings(chance: random.Random) -> None:
    text = "\n".join(line.removeprefix("# ") if " = " in line else line for line in TEMPLATE.splitlines())
    _expect(lambda: parse_settings(spoil_toml(text, chance), HERE), *PLAIN)


@cache
def _plan_text() -> str:
    return (pack_folder("content", "en") / "plans" / "demo.toml").read_text(encoding="utf-8")


def _plan(chance: random.Random) -> None:
    text = spoil_toml(_plan_text(), chance).decode("utf-8", "replace")
    _expect(lambda: parse_plan(text, HERE), *PLAIN)


@cache
def _pack() -> tuple[tuple[File, ...], tuple[File, ...]]:
    content, _ = read_folder(pack_folder("content", "en"))
    grammars, _ = read_folder(pack_folder("grammars", "en"))
    small = [
        file
        for file in content
        if file.name in {"lines", "feelings", "contacts", "style", "notes", "towards"}
    ]
    return tuple(small), tuple(file for file in grammars if file.name in {"rules", "notes"})


@cache
def _texts() -> dict[str, str]:
    return {
        f"{kind}/{name}": (pack_folder(kind, "en") / f"{name}.toml").read_text(encoding="utf-8")
        for kind, name in (
            ("content", "notes"),
            ("content", "contacts"),
            ("grammars", "notes"),
            ("grammars", "rules"),
        )
    }


@cache
def _folder() -> Path:
    held = tempfile.TemporaryDirectory(prefix="voice-coach-fuzz-")
    _HELD.append(held)
    return Path(held.name)


_HELD: list[tempfile.TemporaryDirectory[str]] = []


def _pack_file(chance: random.Random) -> None:
    """One file of a pack is spoilt, on the disk as a stranger would give it; the rest is good."""
    name = chance.choice(sorted(_texts()))
    kind, short = name.split("/")
    (_folder() / f"{short}.toml").write_bytes(spoil_toml(_texts()[name], chance))
    try:
        read, faults = read_folder(_folder())
    except PLAIN:
        return
    finally:
        (_folder() / f"{short}.toml").unlink()
    content, grammars = (list(files) for files in _pack())
    spoilt = content if kind == "content" else grammars
    spoilt[:] = [file for file in spoilt if file.name != short] + read
    pack, more = build_pack("en", content, grammars)
    assert pack is not None or faults + more
    assert all(str(fault) for fault in faults + more)


def _expect(read: Callable[[], object], *plain: type[Exception]) -> None:
    """Read it; a plain refusal is as good as a value."""
    with contextlib.suppress(*plain):
        read()


_READERS: dict[str, Callable[[random.Random], None]] = {
    "note names": _note_name,
    "text notes": _note_text,
    "voice notes": _note_sound,
    "sealed notes": _note_sealed,
    "settings": _settings,
    "plans": _plan,
    "packs": _pack_file,
}
KINDS = tuple(_READERS)


def fuzz_one(kind: str, seed: str) -> None:
    """One input of a kind; the same seed makes the same input."""
    _READERS[kind](random.Random(f"{kind} {seed}"))
