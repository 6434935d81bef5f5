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
    if answers.patience is not None:
        text = _with_patience(text, answers.patience)
    if parse_settings(text.encode(), path).get("patience", answers.patience) != answers.patience:
        raise SetupError(
            f"Please write this line at the top of {path} yourself: patience = {answers.patience}"
        )
    settings_folder(path).replace(path.name, text.encode())
    switch_notes(path, answers.notes)


def _with_patience(text: str, patience: float) -> str:
    """The text with this patience: in place of the line that has it, or in a line of its own at the top."""
    top, table, rest = re.split(r"(?m)(^\[|\Z)", text, maxsplit=1)
    line = f"patience = {patience}"
    for kept in (r"(?m)^patience[ \t]*=[^\n#]*", r"(?m)^#[ \t]*patience[ \t]*=[^\n#]*"):
        changed, count = re.subn(kept, line + "            ", top, count=1)
        if count:
            return changed + table + rest
    return f"{line}\n{top}{table}{rest}"
