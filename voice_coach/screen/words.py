"""The words that only the screen and the card show: the page's own, and the one word on each key.

In: content/<language>/screen/words.toml. Out: Words, or one sentence that says what is wrong with the file.
Nothing of it is ever spoken or recognised.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from voice_coach.errors import SetupError
from voice_coach.packs.load import pack_folder


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CardWords(_Shape):
    """Headings of the printed card."""

    any_time: str
    when_asked: str
    numbers: str


class CalledWords(_Shape):
    """While the coach waits to be called: a caption, and the word on the key that begins."""

    caption: str
    begin: str


class Words(_Shape):
    """What the screen shows beside what is spoken."""

    language: str
    direction: Literal["ltr", "rtl"]
    title: str
    choices: str
    always: str
    shortcuts: str
    phases: dict[str, str]
    signs: dict[str, str]
    card: CardWords
    called: CalledWords
    keys: dict[str, str] = {}
    """Intent -> the one word on its key, where the phrase that the pack teaches has several."""


def load_words(language: str, folder: Path | None = None) -> Words:
    """The words of a language; English where it has none. Raises SetupError where they cannot be used."""
    file = words_file(language, folder)
    if not file.is_file():
        language, file = "en", words_file("en")
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
        return Words.model_validate({**read, "language": language})
    except (OSError, ValueError) as problem:
        raise SetupError(f"the words of the screen in {file} cannot be used: {_first(problem)}.") from problem


def words_file(language: str, folder: Path | None = None) -> Path:
    """Where a language keeps them, whether it has any or not."""
    return pack_folder("content", language, folder) / "screen" / "words.toml"


def _first(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        fault = problem.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
    return str(problem)
