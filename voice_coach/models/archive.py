"""Unpacks a model's archive, trusting nothing in it.

In: a zip file of unknown making and an empty folder. Out: the one folder it holds, unpacked there; or a
SetupError that names the first thing wrong, before anything was written. No name leads out of the folder,
nothing but plain files and folders is made, and no more is written than was announced and allowed.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

from voice_coach.errors import RunError, SetupError

MOST_FILES = 500
"""A model has about 15."""
MOST_BYTES = 6 << 30
"""Unpacked; the largest model that is published has under 4 GB."""
MOST_TIMES = 100
"""Times a file over SMALL bytes may grow when it is unpacked; weights are hardly compressible (under 10)."""
SMALL = 1 << 20
LONGEST_NAME = 200
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in range(10))}
"""Names that are no files on Windows, whatever their ending."""
BLOCK = 1 << 18
DAMAGED = "The archive is damaged or no zip file: fetch it again."
_SPOILT = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)
"""What the standard library raises for one."""


def unpack(archive: Path, into: Path) -> Path:
    """Unpack into an empty folder; returns the model's folder in it. Raises SetupError, RunError."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members = check(opened)
            for member in members:
                _write(opened, member, into)
    except _SPOILT as problem:
        raise SetupError(DAMAGED) from problem
    except OSError as problem:
        if problem.errno in (None, errno.EINVAL):  # a place in the archive before its beginning
            raise SetupError(DAMAGED) from problem
        raise RunError(f"The archive could not be unpacked into {into} ({problem.strerror}).") from problem
    return into / _parts(members[0])[0]


def unpacked_bytes(archive: Path) -> int:
    """How many bytes the archive says it unpacks to. Raises SetupError."""
    try:
        with zipfile.ZipFile(archive) as opened:
            return sum(member.file_size for member in check(opened))
    except (*_SPOILT, OSError) as problem:
        raise SetupError(DAMAGED) from problem


def check(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members of a safe archive. Raises SetupError at the first that is not."""
    members = opened.infolist()
    if not members:
        raise SetupError("The archive is empty.")
    if len(members) > MOST_FILES:
        raise SetupError(f"The archive holds {len(members)} files, which no model does: it is refused.")
    seen: set[str] = set()
    files: set[str] = set()
    for member in members:
        fault = _fault(member)
        name = _folded(member)
        if not fault and (name in seen or any(parent in files for parent in _parents(name))):
            fault = "stands in it twice"
        if fault:
            raise SetupError(f"The archive is refused: {_shown(member.filename)} {fault}.")
        seen.add(name)
        if not member.is_dir():
            files.add(name)
    if any(name != other and other.startswith(name + "/") for name in files for other in seen):
        raise SetupError("The archive is refused: a file in it is also a folder.")
    if len({_parts(member)[0] for member in members}) != 1 or not any("/" in name for name in files):
        raise SetupError("The archive is refused: a model's archive holds one folder with all in it.")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise SetupError("The archive is refused: it would unpack to more than any model has.")
    return members


def _fault(member: zipfile.ZipInfo) -> str:
    """What is wrong with one member, as the end of a sentence; "" when nothing is."""
    # ZipInfo has turned this system's separators and cut the name at a null: look at what stood there.
    name = member.orig_filename
    parts = _parts(member)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if not parts or len(name) > LONGEST_NAME:
        return "is no name for a file"
    if name.startswith("/") or "\\" in name or ":" in name:
        return "names a place of its own"
    if any(part in (".", "..", "") for part in parts):
        return "leads out of its folder"
    if any(unicodedata.category(letter)[0] == "C" for letter in name):
        return "has hidden signs in its name"
    if any(part.split(".")[0].upper() in _DEVICES or part[-1] in ". " for part in parts):
        return "is no name for a file on every system"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device, not a file"
    if member.flag_bits & 0x1:
        return "is locked with a pass phrase"
    if member.compress_type not in _METHODS:
        return "is compressed in an unusual way"
    if member.file_size > SMALL and member.file_size > MOST_TIMES * max(1, member.compress_size):
        return "would grow beyond all measure"
    return ""


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    """One member, never over anything that is there."""
    target = into.joinpath(*_parts(member))
    if member.is_dir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file, opened.open(member) as source:
        while block := source.read(BLOCK):  # zipfile gives no more than the size it announced, and its sum
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _parts(member: zipfile.ZipInfo) -> list[str]:
    return member.orig_filename.rstrip("/").split("/") if member.orig_filename.strip("/") else []


def _folded(member: zipfile.ZipInfo) -> str:
    """The name as a system that knows no capitals sees it."""
    return unicodedata.normalize("NFC", "/".join(_parts(member))).casefold()


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _shown(name: str) -> str:
    return ascii(name[:80])
