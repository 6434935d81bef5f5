"""The toy model as an archive."""

from __future__ import annotations

import io
import zipfile

from toy_model import TOY_MODEL

NAME = "vosk-model-small-en-toy-0.1"


def zipped(folder: str = NAME, leave_out: str = "", spoil: str = "") -> bytes:
    """The toy model's archive, its folder named so; without one file, or with one cut short."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(TOY_MODEL.rglob("*")):
            if file.is_file() and file.name != leave_out:
                data = file.read_bytes()
                name = f"{folder}/{file.relative_to(TOY_MODEL).as_posix()}"
                archive.writestr(name, data[:64] if file.name == spoil else data)
    return into.getvalue()
