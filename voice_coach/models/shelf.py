"""The models on this machine: which there are, whether they are as they were fetched, and removing one.

In: the folder of models. Out: what is in it. A model appears and goes by one rename; what begins with a dot
is work in progress, never a model.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from voice_coach.errors import RunError, SetupError
from voice_coach.models.catalogue import PREFIX, language_of

RECORD = "voice-coach.json"
"""In a fetched model's folder: where it came from, its sum, and the size of each of its files."""
FETCHING, UNPACKING, REMOVING = ".fetching-", ".unpacking-", ".removing-"


@dataclass(frozen=True)
class Installed:
    """One model's folder."""

    name: str
    path: Path
    bytes: int
    language: str
    """A tag without region; "" when nothing tells it."""
    fault: str
    """What keeps it from being used, as the end of a sentence; "" when nothing does."""


def folders(place: Path) -> list[Path]:
    """The folders of models in a place, sorted; [] when it is not there or cannot be read."""
    try:
        return sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []


def installed(place: Path) -> list[Installed]:
    """Every folder in the place of models, also those that are none, with what is wrong with them."""
    from voice_coach.hearing.vosk_model import fault_of

    return [
        Installed(path.name, path, size_of(path), model_language(path), fault_of(path))
        for path in folders(place)
    ]


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def model_language(folder: Path) -> str:
    """The language of a model by its record, else by its folder's name; "" when neither tells."""
    told = read_record(folder).get("language")
    return str(told) if told else language_of(folder.name)


# -- as it was fetched, or changed ------------------------------------------------------------------------


def write_record(folder: Path, source: str, sha256: str, called: str) -> None:
    """Note beside the files what they are, so that a change of them is noticed.

    `called`: the folder's name in the archive, which may tell the language where the chosen one does not.
    """
    sizes = {name: size for name, size, _ in _files(folder)}
    language = language_of(folder.name) or language_of(called)
    record = {"from": source, "sha256": sha256, "language": language, "files": sizes}
    with (folder / RECORD).open("w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_record(folder: Path) -> dict[str, object]:
    """What was noted when the model was fetched; {} for one the person put there."""
    try:
        told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def changed(folder: Path) -> str:
    """The first file that is no longer of the size it was fetched with; "" when none is."""
    sizes = read_record(folder).get("files")
    if not isinstance(sizes, dict):
        return ""
    now = {name: size for name, size, _ in _files(folder)}
    return next((str(name) for name, size in sizes.items() if now.get(str(name)) != size), "")


def fingerprint(folder: Path) -> str:
    """The same for the same files, by name, size and time of change: to notice that a model was swapped."""
    try:
        return hashlib.sha256(repr(sorted(_files(folder))).encode()).hexdigest()
    except OSError:
        return ""


def _files(folder: Path) -> list[tuple[str, int, int]]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and path.name != RECORD:
            about = path.stat()
            found.append((path.relative_to(folder).as_posix(), about.st_size, about.st_mtime_ns))
    return found


# -- removing ---------------------------------------------------------------------------------------------


def remove(place: Path, name: str) -> int:
    """Take a model away, and what was fetched of it; returns the bytes freed. Raises SetupError, RunError."""
    matching = [path for path in folders(place) if path.name in {name, PREFIX + name}]
    parts = [path for path in _parts(place) if _part_name(path) in {name, PREFIX + name}]
    if not matching and not parts:
        raise SetupError(f"There is no model {name} in {place}; to see them: voice-coach model list.")
    freed = 0
    try:
        for path in matching:
            freed += _take_away(place, path)
        for path in parts:
            freed += path.stat().st_size
            path.unlink()
    except OSError as problem:
        raise RunError(f"The model {name} cannot be removed from {place} ({problem.strerror}).") from problem
    return freed


def _take_away(place: Path, path: Path) -> int:
    """One rename, then the rest: a model half removed is none."""
    if path.is_symlink():
        path.unlink()
        return 0
    freed = size_of(path)
    away = Path(tempfile.mkdtemp(prefix=REMOVING, dir=place))
    path.rename(away / path.name)
    shutil.rmtree(away)
    return freed


def sweep(place: Path) -> None:
    """Remove what an unpacking or a removing that was interrupted has left; what was fetched stays."""
    for path in place.iterdir() if place.is_dir() else ():
        if path.name.startswith((UNPACKING, REMOVING)) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


def _parts(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if path.name.startswith(FETCHING)] if place.is_dir() else []


def _part_name(path: Path) -> str:
    return path.name.removeprefix(FETCHING).removesuffix(".json").removesuffix(".part").removesuffix(".lock")
