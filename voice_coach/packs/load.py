"""Reads a language pack from its TOML files.

Comes in: a language, and perhaps a person's own folder. Goes out: a Pack, or one error that names
every fault with its file and key. It never runs anything of a pack and never reads outside its folder.
Whether the words are *good* is packs.check's question.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from voice_coach.errors import SetupError
from voice_coach.packs.build import build_pack
from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Pack
from voice_coach.packs.read import read_folder
from voice_coach.places import packs_folder

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
"""A language tag such as en or pt-BR: also what keeps a path from leaving the pack's folder."""


class PackError(SetupError):
    """A pack that cannot be used; `faults` holds every reason, the message one line for each."""

    def __init__(self, language: str, faults: list[Fault]) -> None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f'the language pack "{language}" has {count}; mend each and start again:\n{lines}')
        self.faults = tuple(faults)


def is_language(name: str) -> bool:
    """Whether a folder's name can be a language: other folders (pictures) hold no pack."""
    return _LANGUAGE.fullmatch(name) is not None


def load_pack(language: str, folder: Path | None = None) -> Pack:
    """Load the words of one language; raises PackError with every fault.

    `folder/content/xx` and `folder/grammars/xx` are a person's own and win over what ships, each
    for itself; without them the installed package is read, and in a checkout the top folder. With no
    `folder` it is the one below this device's data (`places.packs_folder`).
    """
    if not is_language(language):
        raise SetupError(f'"{language}" is no language tag; write one such as en or pt-BR.')
    content, faults = read_folder(pack_folder("content", language, folder))
    grammars, more = read_folder(pack_folder("grammars", language, folder))
    pack, rest = build_pack(language, content, grammars)
    faults = faults + more + rest
    if pack is None or faults:
        raise PackError(language, faults)
    return pack


def is_own(language: str) -> bool:
    """Whether any of a language comes from the person's own folder and not from what ships."""
    own = packs_folder()
    return any(own in pack_folder(kind, language).parents for kind in ("content", "grammars"))


def pack_folder(kind: str, language: str, folder: Path | None = None) -> Path:
    """Where the content or grammars of a language stand. Raises SetupError when there are none."""
    package = files("voice_coach")
    shipped = [Path(str(package)) / "_packs", Path(str(package)).parent]
    places = [packs_folder() if folder is None else folder, *shipped]
    for place in places:
        if (place / kind / language).is_dir():
            return place / kind / language
    looked = ", ".join(str(place / kind / language) for place in places)
    raise SetupError(f'there is no {kind} for the language "{language}" (looked in {looked}).')
