"""voice-coach privacy: what is kept on this device now, file by file, and what is promised.

The promise is the pack's own line, the one that is spoken to "what do you keep?". Looking changes nothing,
and no note is opened.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from voice_coach.errors import RunError, SetupError
from voice_coach.notes.folder import PART
from voice_coach.notes.note import printable
from voice_coach.notes.sealing import IDENTITY, RECIPIENT
from voice_coach.notes.store import Store
from voice_coach.places import (
    contacts_path,
    models_folder,
    notes_folder,
    packs_folder,
    prompts_folder,
    settings_path,
)
from voice_coach.settings import Options
from voice_coach.settings_file import read_settings

PROMISE = "RECORD_Q"
"""The line of the pack that is spoken to "what do you keep?"."""
NOT_KEPT = (
    ("what you say, as sound", "a few seconds, in memory; written nowhere"),
    ("what you say, as words", "in memory until the turn is matched; written nowhere"),
    ("choices, permissions, cards used", "in memory until the session ends"),
    ("that or when you used it, or how often", "not kept at all"),
)
"""What a session holds and for how long (conversation design, 10.1)."""


@dataclass(frozen=True)
class Kept:
    """One file, or many of a kind."""

    path: str
    bytes: int
    what: str


def run(given: argparse.Namespace) -> int:
    """Say it."""
    from voice_coach.packs.load import load_pack

    promise = load_pack(given.language).lines[PROMISE][0]
    options = Options(**read_settings(settings_path()))
    kept = list(kept_here(options))
    if given.json:
        facts = {"promise": promise, "notes_on": options.notes, "files": [asdict(each) for each in kept]}
        print(json.dumps(facts))
        return 0
    print(f"{promise}\n\nOn this device now:")
    for each in kept:
        print(f"  {each.bytes:>12,} bytes  {each.what}\n{'':22}{each.path}")
    if not kept:
        print("  nothing")
    print("\nNever on disk:")
    for what, where in NOT_KEPT:
        print(f"  {what}: {where}")
    state = "on" if options.notes else "off"
    print(f"\nNotes are {state}. Only this program's own promises are listed here: what the system writes of")
    print("its memory (swap, hibernation) is under the system's control; docs/threat-model.md says more.")
    return 0


def kept_here(options: Options) -> Iterator[Kept]:
    """Every file of this program that is a person's, with its size and purpose."""
    path = settings_path()
    if path.is_file():
        yield Kept(str(path), path.stat().st_size, "settings: what you set once; no fact of any session")
    if contacts_path().is_file():
        size = contacts_path().stat().st_size
        yield Kept(str(contacts_path()), size, "numbers you wrote down, read out when asked for")
    folder = Path(options.notes_folder).expanduser() if options.notes_folder else notes_folder()
    yield from _notes(Store(folder))
    yield from _models()
    for file in sorted(prompts_folder().glob("*")):
        yield Kept(str(file), file.lstat().st_size, "the coach's own prompts as sound: no data of yours")
    for file in sorted(packs_folder().rglob("*")):
        if file.is_file():
            yield Kept(str(file), file.lstat().st_size, "words of your own for the coach")


def _notes(store: Store) -> Iterator[Kept]:
    if not store.exists:
        return
    try:
        shelf = store.look()
    except (SetupError, RunError) as problem:
        yield Kept(str(store.path), 0, str(problem))
        return
    for note in shelf.notes:
        what = f"note {note.number}: {note.kind}, {'sealed' if note.sealed else 'open to this account'}"
        yield Kept(str(store.path / note.name), note.bytes, what)
    for name, what in (
        (RECIPIENT, "public key of sealed notes: it adds, and opens nothing"),
        (IDENTITY, "secret key of sealed notes, locked with your pass phrase"),
    ):
        if (store.path / name).is_file():
            yield Kept(str(store.path / name), (store.path / name).lstat().st_size, what)
    for each in shelf.foreign:
        yield Kept(printable(str(store.path / each.name)), 0, f"not ours, left alone: {each.why}")
    for left in sorted(store.path.iterdir()):
        if PART.fullmatch(left.name):
            yield Kept(
                str(left), left.lstat().st_size, "left by an interrupted write; the next start removes it"
            )


def _models() -> Iterator[Kept]:
    folder = models_folder()
    for model in sorted(folder.iterdir()) if folder.is_dir() else ():
        files = [model] if model.is_file() else [file for file in model.rglob("*") if file.is_file()]
        yield Kept(
            str(model),
            sum(file.lstat().st_size for file in files),
            "a recogniser's model, or part of one: no data of yours",
        )
