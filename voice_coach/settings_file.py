"""The settings file: what a person set once, read at every start and written only when they say so.

In: a TOML file in the platform's configuration folder. Out: values for the options of a session; the command
line goes before them. It holds no fact of any session and no date of use.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

from voice_coach.errors import SetupError
from voice_coach.notes.folder import Folder
from voice_coach.settings import Options

LARGEST_BYTES = 64 * 1024
NOTES = {"on": "notes", "keep_days": "keep_days", "dates": "note_dates", "folder": "notes_folder"}
"""Key in the [notes] table -> option."""
_NOT_IN_FILE = {*NOTES.values(), "events", "seed"}
"""A log that is on for every session, or the same wordings each time, is nothing to set once."""

TEMPLATE = """\
# Settings of voice-coach. A line that begins with # is not in force; take the # away to set it.
# What is given on the command line goes before what stands here.

# mode = "look-back"        # heard, look-back, get-ready, together or reminder; asked by voice when not set
# time = "short"            # short, long or walking; asked by voice when not set
# language = "en"
# patience = 1.0            # every wait times this, 1 to 10; 0 turns all time limits off
# volume = 0                # 3 dB steps: -4 (softest) to 2 (loudest)
# pace = 0                  # -4 (slowest) to 3 (fastest), how it waits and, beyond -2 and 1, speaks
# personal = false          # true: nobody else uses this device; the welcome is shorter
# operator_file = "~/contacts.toml"  # numbers that go before those that ship; contacts.toml beside this file
# microphone = "headset"    # part of its name, as `voice-coach devices` shows it
# speaker = "headset"
# headphones = false        # true: you may talk over the coach
# open_speakers = false     # true: without headphones, stop and pause are heard over it (see docs/turns.md)
# headset_keys = false      # true: the key of a headset counts (Linux); see docs/screen.md
# voice = "en-gb"
# noise_suppression = "auto"  # on: in front of everything; off: nowhere; see docs/hearing.md
# second_ear = "on"         # off: 100 MB less memory, but far more is misheard; see docs/hearing.md

[notes]
on = false                  # true: one short thought may be kept at the end of a session
keep_days = 0               # notes older than so many days are removed; 0 keeps them
dates = false               # true: each note has the day it was kept
"""


def read_settings(path: Path) -> dict[str, Any]:
    """Option -> value, for what the file sets; {} where there is none. Raises SetupError with every fault."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise SetupError(f"The settings {path} cannot be read ({problem.strerror}).") from problem
    return parse_settings(data, path)


def parse_settings(data: bytes, path: Path) -> dict[str, Any]:
    """As read_settings, from bytes already read; `path` is named in faults."""
    if len(data) > LARGEST_BYTES:
        raise SetupError(
            f"The settings {path} are far too large; begin again with: voice-coach settings init"
        )
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise SetupError(f"The settings {path} are no text (UTF-8).") from problem
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as problem:
        raise SetupError(f"The settings {path} are not good TOML: {str(problem)[:200]}.") from problem
    values, faults = _values(tables)
    if faults:
        raise SetupError(f"The settings {path} have faults: {'; '.join(faults)}.")
    Options(**values).check(str(path))
    return values


def settings_folder(path: Path) -> Folder:
    """The folder the file stands in, ready to write to."""
    folder = Folder(path.parent, "settings folder")
    folder.prepare()
    return folder


def write_template(path: Path) -> None:
    """Put a commented file there. Raises SetupError when there is one already."""
    try:
        settings_folder(path).add(path.name, TEMPLATE.encode())
    except FileExistsError as problem:
        raise SetupError(f"There are settings already: {path}; edit that file.") from problem


def switch_notes(path: Path, on: bool) -> None:
    """Set notes on or off in the file and leave the rest as it stands. Raises SetupError."""
    text = path.read_text(encoding="utf-8") if path.exists() else TEMPLATE
    if path.exists():
        read_settings(path)
    word = "true" if on else "false"
    changed, count = re.subn(
        r"(?ms)^(\[notes\][^\n]*\n(?:(?!\[).*?\n)*?on[ \t]*=[ \t]*)(?:true|false)",
        rf"\g<1>{word}",
        text,
        count=1,
    )
    if not count:
        changed, count = re.subn(r"(?m)^\[notes\][^\n]*$", rf"\g<0>\non = {word}", text, count=1)
    if not count:
        changed = f"{text.rstrip()}\n\n[notes]\non = {word}\n".lstrip()
    if parse_settings(changed.encode(), path).get("notes") is not on:
        raise SetupError(f"Please write this line below [notes] in {path} yourself: on = {word}")
    settings_folder(path).replace(path.name, changed.encode())


def _values(tables: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    kinds = {field.name: str(field.type) for field in dataclasses.fields(Options)}
    known = {name: name for name in kinds if name not in _NOT_IN_FILE}
    notes = tables.pop("notes", {})
    faults = [] if isinstance(notes, dict) else ["notes must be a table: write [notes] and its keys below"]
    values: dict[str, Any] = {}
    for table, names, where in ((tables, known, ""), (notes, NOTES, "notes.")):
        for key, value in table.items() if isinstance(table, dict) else ():
            option = names.get(key.replace("-", "_"))
            if option is None:
                there = ", ".join(sorted(names))
                faults.append(f"{where}{_short(key)} is not known (there are: {there})")
            elif (fault := _fault(value, kinds[option])) is not None:
                faults.append(f"{where}{key} must be {fault}")
            else:
                values[option] = float(value) if kinds[option] == "float" else value
    return values, faults


def _fault(value: Any, kind: str) -> str | None:
    """What a value should have been, or None when it is that."""
    plain = kind.removesuffix(" | None")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if plain == "str":
        return None if isinstance(value, str) and value.isprintable() else "text in quotes"
    if plain == "bool":
        return None if isinstance(value, bool) else "true or false"
    if plain == "int":
        return None if number and isinstance(value, int) else "a whole number"
    return None if number and abs(value) < 1e6 else "a number"


def _short(key: str) -> str:
    return repr(key[:40]) if not key.isprintable() else key[:40]
