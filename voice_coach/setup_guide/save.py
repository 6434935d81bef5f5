"""Puts the answers of the setup talk into the settings file, and leaves the rest of it as it stands.

In: answers and a path. Out: a file whose comments and other lines are what they were. It never writes a file
that could not be read again.
"""

from __future__ import annotations

import re
from pathlib import Path

from voice_coach.errors import SetupError
from voice_coach.settings_file import TEMPLATE, parse_settings, read_settings, settings_folder, switch_notes
from voice_coach.setup_guide.guide import Answers


def save(answers: Answers, path: Path) -> None:
    """Write them. Raises SetupError when the file there cannot be read or written."""
    read_settings(path)
    text = path.read_text(encoding="utf-8") if path.exists() else TEMPLATE
    for name, value in _settled(answers):
        text = _with(text, name, _toml(value))
        if parse_settings(text.encode(), path).get(name) != value:
            raise SetupError(f"Please write this line at the top of {path} yourself: {name} = {_toml(value)}")
    settings_folder(path).replace(path.name, text.encode())
    switch_notes(path, answers.notes)


def _settled(answers: Answers) -> list[tuple[str, float | bool]]:
    """Option and value of what was answered; volume and pace are always known."""
    settled: list[tuple[str, float | bool]] = [("volume", answers.volume), ("pace", answers.pace)]
    if answers.personal is not None:
        settled.append(("personal", answers.personal))
    if answers.patience is not None:
        settled.append(("patience", answers.patience))
    return settled


def _toml(value: float | bool) -> str:
    return str(value).lower()


def _with(text: str, name: str, value: str) -> str:
    """The text with this option: in place of the line that has it, or in a line of its own at the top."""
    top, table, rest = re.split(r"(?m)(^\[|\Z)", text, maxsplit=1)
    line = f"{name} = {value}"
    for kept in (rf"(?m)^{name}[ \t]*=[^\n#]*", rf"(?m)^#[ \t]*{name}[ \t]*=[^\n#]*"):
        changed, count = re.subn(kept, line + "            ", top, count=1)
        if count:
            return changed + table + rest
    return f"{line}\n{top}{table}{rest}"
