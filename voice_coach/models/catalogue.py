"""Which models can be fetched, with size, licence and sums: the catalogue as data.

In: catalogue.toml beside this file, or a name. Out: frozen entries. It looks at no network and at no folder.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from voice_coach.errors import SetupError

PREFIX = "vosk-model-"
_NAMED_LANGUAGE = re.compile(
    r"vosk-model-(?:small-)?(?P<tag>[a-z]{2,3})(?:-(?P<region>[a-z]{2}))?(?=[-_.]|$)"
)
_OTHER_TAGS = {"cn": "zh", "vn": "vi", "kz": "kk", "gr": "el", "ua": "uk", "spk": ""}
"""What the makers of the models write -> the tag of the language."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Entry:
    """One model that can be fetched."""

    name: str
    url: str
    language: str
    """A tag such as en-us; "" when it is not known."""
    bytes: int
    """Of the archive; 0 when it is not known."""
    licence: str
    """"" when no source for it was at hand."""
    md5: str
    """As its makers publish it; "" when not known."""
    sha256: str
    """As others measured and pinned it; "" when not known."""

    def speaks(self, language: str) -> bool:
        """Whether it is for this language, its region aside."""
        return bool(self.language) and base(self.language) == base(language)


@cache
def catalogue() -> tuple[Entry, ...]:
    """Every model there is, in the order of the file."""
    told = tomllib.loads(files("voice_coach.models").joinpath("catalogue.toml").read_text(encoding="utf-8"))
    source = str(told.pop("from"))
    return tuple(
        Entry(
            name=name,
            url=f"{source}{name}.zip",
            language=facts["language"],
            bytes=facts["bytes"],
            licence=facts.get("licence", ""),
            md5=facts.get("md5", ""),
            sha256=facts.get("sha256", ""),
        )
        for name, facts in told.items()
    )


def find(name: str) -> Entry | None:
    """The entry of this name, with or without vosk-model- in front."""
    return next(
        (entry for entry in catalogue() if name in {entry.name, entry.name.removeprefix(PREFIX)}), None
    )


def first_for(language: str) -> Entry | None:
    """The entry to take for a language when none is named: its very tag, else the first of its kind."""
    of_it = [entry for entry in catalogue() if entry.speaks(language)]
    return next((entry for entry in of_it if entry.language == language.lower()), of_it[0] if of_it else None)


def check_name(name: str) -> str:
    """The name, when it can be a folder's here. Raises SetupError."""
    if not _NAME.fullmatch(name):
        raise SetupError(f"{name!r} is no name of a model: letters, digits, dots, - and _ only.")
    return name


def language_of(name: str) -> str:
    """The language a model's name tells, as a tag without region; "" when it tells none."""
    entry = find(name)
    if entry is not None:
        return base(entry.language)
    told = _NAMED_LANGUAGE.match(name.lower())
    return _OTHER_TAGS.get(told["tag"], told["tag"]) if told else ""


def base(language: str) -> str:
    """A language's tag without its region."""
    return re.split(r"[-_]", language.lower())[0]
