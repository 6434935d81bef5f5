"""The numbers an operator wrote down, in the place of those that ship.

Comes in: a pack, and a contacts.toml that need not be there. Goes out: the pack with these numbers, or one
error that names every fault by its line. It rings nobody and never mends a number.
"""

from __future__ import annotations

import re
from pathlib import Path

from voice_coach.errors import SetupError
from voice_coach.packs.build import contacts_of
from voice_coach.packs.contacts import check_listed
from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Pack
from voice_coach.packs.read import read_file

_HEADING = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def with_own_contacts(pack: Pack, path: Path) -> Pack:
    """The pack with the contacts of this file, where it is there. Raises SetupError with every fault.

    A kind that the file holds replaces the whole kind of the pack; the others stay as they are.
    """
    if not path.exists() and not path.is_symlink():
        return pack
    file, faults = read_file(path, str(path), path.resolve().parent)
    listed = dict(pack.contacts)
    if file is not None:
        own, more = contacts_of(file)
        listed |= own
        faults += more or [
            fault for fault in check_listed(listed, str(path)) if fault.key.partition(".")[0] in own
        ]
    if faults:
        lines = _lines(path) if file is not None else {}
        shown = "\n".join(f"  {_said(fault, lines)}" for fault in faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise SetupError(f"The numbers in {path} have {count}; mend each and start again:\n{shown}")
    return pack.model_copy(update={"contacts": listed})


def _said(fault: Fault, lines: dict[str, int]) -> str:
    """A fault with the line of its key, or of the entry where the key is missing."""
    key = fault.key
    while key and key not in lines:
        key = key.rpartition(".")[0]
    where = f"line {lines[key]}, {fault.key}" if key else fault.key
    return f"{where}: {fault.sentence}" if where else fault.sentence


def _lines(path: Path) -> dict[str, int]:
    """Dotted key -> its line: crisis.0.dial; TOML's reader does not tell."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    entry = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if heading := _HEADING.match(line):
            kind = heading[1]
            counts[kind] = counts.get(kind, -1) + 1
            entry = f"{kind}.{counts[kind]}"
            found.setdefault(kind, number)
            found[entry] = number
        elif key := _KEY.match(line):
            found[f"{entry}.{key[1]}".lstrip(".")] = number
    return found
