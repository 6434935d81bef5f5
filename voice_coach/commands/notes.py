"""voice-coach notes: list, show, play, export, delete and seal the notes a person kept.

Nothing is opened to list it; nothing is deleted without a yes; a pass phrase is typed on a terminal only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from voice_coach.errors import RunError, SetupError
from voice_coach.notes.note import Foreign, Note, printable, readable, voice_seconds
from voice_coach.notes.store import Store
from voice_coach.places import notes_folder, settings_path
from voice_coach.settings import Options
from voice_coach.settings_file import read_settings, switch_notes

NO_ERASURE = (
    "Removed from this folder. That is not erasure: flash storage, snapshots and backups may still hold a "
    "copy, and only a sealed note or an encrypted disk is proof against that."
)


@dataclass(frozen=True)
class _Notes:
    """What every one of the commands needs."""

    store: Store
    options: Options
    given: argparse.Namespace


def run(given: argparse.Namespace) -> int:
    """Do one of them."""
    options = Options(**read_settings(settings_path()))
    folder = Path(options.notes_folder).expanduser() if options.notes_folder else notes_folder()
    store = Store(folder, keep_days=options.keep_days, dates=options.note_dates)
    if given.what not in {"path", "on", "off"}:
        store.tidy(date.today())
    return _COMMANDS[given.what](_Notes(store, options, given))


# -- looking ----------------------------------------------------------------------------------------------


def _path(notes: _Notes) -> int:
    print(notes.store.path)
    return 0


def _list(notes: _Notes) -> int:
    shelf = notes.store.look()
    facts = [_facts(notes, note) for note in shelf.notes]
    if notes.given.json:
        foreign = [{"name": each.name, "why": each.why} for each in shelf.foreign]
        about = {"folder": str(notes.store.path), "sealing": notes.store.sealed}
        print(json.dumps({**about, "notes": facts, "foreign": foreign}, ensure_ascii=True))
        return 0
    if not facts:
        print("There are no notes." + ("" if notes.options.notes else " They are off: voice-coach notes on"))
    for fact in facts:
        seconds = "" if fact["seconds"] is None else f"{fact['seconds']:g} s"
        sealed = "sealed" if fact["sealed"] else ""
        line = f"{fact['number']:5}  {fact['kind']:5}  {seconds:>7}  {fact['bytes']:>8} bytes"
        print("  ".join([line, sealed, fact["day"] or ""]).rstrip())
    _tell_foreign(shelf.foreign)
    open_ones = sum(not note.sealed for note in shelf.notes)
    if notes.store.sealed and open_ones:
        print(f"{open_ones} of them not sealed yet; to seal them: voice-coach notes seal", file=sys.stderr)
    return 0


def _facts(notes: _Notes, note: Note) -> dict[str, Any]:
    head = b"" if note.sealed or note.kind == "text" else notes.store.head(note)
    return {
        "number": note.number,
        "name": note.name,
        "kind": note.kind,
        "sealed": note.sealed,
        "bytes": note.bytes,
        "seconds": voice_seconds(head, note.ending, note.bytes) if head else None,
        "day": note.day.isoformat() if notes.options.note_dates and note.day is not None else None,
    }


def _tell_foreign(foreign: Sequence[Foreign]) -> None:
    for each in foreign:
        print(f"left alone: {printable(each.name)}: {each.why}", file=sys.stderr)


def _show(notes: _Notes) -> int:
    failed = 0
    chosen = _chosen(notes)
    identity = _identity_for(notes, [note for note in chosen if note.kind == "text"])
    for note in chosen:
        if note.kind == "voice":
            print(f"{note.number}: in your own voice; to hear it: voice-coach notes play {note.number}")
            continue
        try:
            words = readable(notes.store.read(note, identity))
        except ValueError as problem:
            failed += _unreadable(note, problem)
            continue
        print(f"{note.number}: {words}")
    return 1 if failed else 0


def _play(notes: _Notes) -> int:
    from voice_coach.commands.play_notes import play

    chosen = _chosen(notes) if notes.given.number else list(notes.store.look().notes[-1:])
    if not chosen:
        raise SetupError("There are no notes to play.")
    if sys.stdin.isatty():
        input("This plays aloud. Look who can hear you, then press Enter (or Ctrl-C to leave it). ")
    identity = _identity_for(notes, chosen)
    failed = 0
    for note in chosen:
        try:
            play(note, notes.store.read(note, identity), notes.given.speaker or notes.options.speaker)
        except ValueError as problem:
            failed += _unreadable(note, problem)
    return 1 if failed else 0


def _export(notes: _Notes) -> int:
    from voice_coach.notes.export import as_markdown, to_file, to_folder

    target: Path = notes.given.target
    every = list(notes.store.look().notes)
    if not every:
        raise SetupError("There are no notes to export.")
    if notes.given.sealed:
        made = to_folder(notes.store.raw_files(), target)
        print(f"{len(made)} files copied as they are to {target}.")
        return 0
    identity = _identity_for(notes, every)
    opened: list[tuple[Note, bytes]] = []
    failed = 0
    for note in every:
        try:
            data = notes.store.read(note, identity)
            if note.kind == "text":
                readable(data)
            opened.append((note, data))
        except ValueError as problem:
            failed += _unreadable(note, problem)
    if target.suffix.lower() == ".md":
        to_file(as_markdown(opened, dates=notes.options.note_dates).encode(), target)
    else:
        to_folder([(note.name.removesuffix(".age"), data) for note, data in opened], target)
    print(
        f"{len(opened)} notes exported to {target}. They are open there: whoever can read it can read them."
    )
    return 1 if failed else 0


# -- deleting ---------------------------------------------------------------------------------------------


def _delete(notes: _Notes) -> int:
    chosen = _chosen(notes)
    numbers = ", ".join(str(note.number) for note in chosen)
    if not _agreed(notes, f"Delete note {numbers}?", "yes"):
        return 0
    notes.store.delete(*chosen)
    print(f"{len(chosen)} deleted. {NO_ERASURE}")
    return 0


def _wipe(notes: _Notes) -> int:
    count = len(notes.store.look().notes)
    if not _agreed(notes, f"Delete all {count} notes?", "wipe them"):
        return 0
    wiped = notes.store.wipe()
    if notes.given.keys:
        notes.store.seal.remove()
    print(f"{wiped} deleted. {NO_ERASURE}")
    _tell_foreign(notes.store.look().foreign)
    return 0


def _agreed(notes: _Notes, question: str, words: str) -> bool:
    if notes.given.yes:
        return True
    if not sys.stdin.isatty():
        raise SetupError(f"{question} Nothing was deleted: add --yes where there is no terminal to ask on.")
    if input(f'{question} Type "{words}" to do it: ').strip().lower() == words:
        return True
    print("Nothing was deleted.")
    return False


# -- sealing ----------------------------------------------------------------------------------------------


def _seal(notes: _Notes) -> int:
    from voice_coach.notes.pass_phrase import new_pass_phrase, open_identity

    store = notes.store
    if notes.given.change:
        if not store.sealed:
            raise SetupError("Notes are not sealed; to seal them: voice-coach notes seal")
        identity = open_identity(store.seal)
        store.seal.change(identity, new_pass_phrase())
        print("The pass phrase was changed. Copies of the old key file still open with the old one.")
        return 0
    if not store.sealed:
        print("Whoever knows this pass phrase can open your notes. If it is forgotten, they are gone.")
        store.start_sealing(new_pass_phrase())
    sealed = store.seal_all()
    print(f"{sealed} notes sealed, and every one to come. {NO_ERASURE if sealed else ''}".rstrip())
    return 0


def _unseal(notes: _Notes) -> int:
    from voice_coach.notes.pass_phrase import open_identity

    if not notes.store.sealed:
        raise SetupError("Notes are not sealed.")
    count, damaged = notes.store.unseal_all(open_identity(notes.store.seal))
    print(f"{count} notes opened; new ones are kept open too, unless some are still sealed.")
    _tell_foreign(damaged)
    if damaged:
        raise RunError(
            f"{len(damaged)} could not be opened, so the keys stay; delete those, then run it again."
        )
    return 0


def _identity_for(notes: _Notes, chosen: Sequence[Note]) -> Any:
    """The secret key if one of these notes needs it."""
    if not any(note.sealed for note in chosen):
        return None
    from voice_coach.notes.pass_phrase import open_identity

    return open_identity(notes.store.seal)


# -- switching --------------------------------------------------------------------------------------------


def _on(notes: _Notes) -> int:
    from voice_coach.commands.say import speak_line

    speak_line(notes.options, "NOTES_ON")
    if not sys.stdin.isatty():
        raise SetupError(
            f"Notes stay off: answer on a terminal, or write on = true below [notes] in {settings_path()}."
        )
    if input('Type "yes" to turn notes on: ').strip().lower() != "yes":
        print("Notes stay off.")
        return 0
    switch_notes(settings_path(), True)
    print(f"Notes are on. They go to {notes.store.path}.")
    return 0


def _off(notes: _Notes) -> int:
    switch_notes(settings_path(), False)
    left = len(notes.store.look().notes)
    print(
        "Notes are off."
        + (f" {left} are still there; to delete them: voice-coach notes wipe" if left else "")
    )
    return 0


# -- small parts ------------------------------------------------------------------------------------------


def _chosen(notes: _Notes) -> list[Note]:
    """The notes the numbers mean, all when there is no number. Raises SetupError for one there is not."""
    there = notes.store.look().notes
    wanted: list[int] = list(dict.fromkeys(notes.given.number))
    missing = sorted(set(wanted) - {note.number for note in there})
    if missing:
        numbers = ", ".join(str(number) for number in missing)
        raise SetupError(f"There is no note {numbers}; to see which there are: voice-coach notes list")
    if not wanted:
        return list(there)
    return [note for number in wanted for note in there if note.number == number]


def _unreadable(note: Note, problem: ValueError) -> int:
    why = "it is no text" if isinstance(problem, UnicodeDecodeError) else str(problem)
    print(f"{note.number} ({note.name}) was left alone: {why}.", file=sys.stderr)
    return 1


_COMMANDS: dict[str, Callable[[_Notes], int]] = {
    "path": _path,
    "list": _list,
    "show": _show,
    "play": _play,
    "export": _export,
    "delete": _delete,
    "wipe": _wipe,
    "seal": _seal,
    "unseal": _unseal,
    "on": _on,
    "off": _off,
}
