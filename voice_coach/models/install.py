"""From an address to a model in its place: fetch, compare, unpack, try, and one rename.

In: what is wanted and how to know it. Out: the model's folder, whole; or one sentence, and nothing but what
was fetched so far. Nothing stands under a model's name before it was compared and loaded once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from voice_coach.errors import RunError, SetupError
from voice_coach.models import archive, download, shelf
from voice_coach.models.download import Progress, Sums

ROOM_TIMES = 3
"""The archive, what it unpacks to (about 1.7 times as much), and some air."""
TRYING_SECONDS = 120.0


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched."""

    name: str
    url: str
    bytes: int = 0
    """Of the archive; 0 when not known."""
    sha256: str = ""
    md5: str = ""


def install(
    wanted: Wanted,
    place: Path,
    *,
    progress: Progress = lambda done, whole: None,
    pauses: tuple[float, ...] = download.PAUSES,
    try_out: Callable[[Path], None] | None = None,
) -> tuple[Path, Sums]:
    """Bring a model into the place of models. Raises SetupError, RunError.

    `try_out`: loads the unpacked model and raises when it cannot be; loads() when left out.
    """
    _make(place)
    target, part = place / wanted.name, place / f"{shelf.FETCHING}{wanted.name}.part"
    with _alone(part):
        if target.exists():
            raise SetupError(f"There is a model {wanted.name} in {place} already.")
        shelf.sweep(place)
        _check_room(place, wanted.bytes * ROOM_TIMES)
        with _plainly(place):
            sums = download.fetch(wanted.url, part, expected=wanted.bytes, progress=progress, pauses=pauses)
        _compare(wanted, sums, part)
        with _plainly(place), tempfile.TemporaryDirectory(prefix=shelf.UNPACKING, dir=place) as work:
            _check_room(place, archive.unpacked_bytes(part))
            unpacked = archive.unpack(part, Path(work))
            _check(unpacked, wanted.name)
            (try_out or loads)(unpacked)
            named = unpacked.rename(unpacked.with_name(wanted.name))
            shelf.write_record(named, wanted.url, sums.sha256, unpacked.name)
            named.rename(target)
            _settle(place)
        download.drop(part)
    return target, sums


def loads(folder: Path) -> None:
    """Load the model once, in a process of its own: a bad one may end its process. Raises SetupError."""
    code = (
        "import sys; from pathlib import Path\n"
        "from voice_coach.core_dumps import forbid_core_dumps\n"
        "from voice_coach.hearing.vosk_recognizer import VoskRecognizer\n"
        "from voice_coach.hearing.recognizer import Grammar\n"
        "forbid_core_dumps()\n"
        "VoskRecognizer(Path(sys.argv[1])).prepare()\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)],
            capture_output=True,
            check=False,
            timeout=TRYING_SECONDS,
        )
    except subprocess.TimeoutExpired as problem:
        raise RunError(f"The model {folder.name} does not load in {TRYING_SECONDS:.0f} s.") from problem
    if done.returncode != 0:
        raise SetupError(f"The archive was fetched whole, but the model in it does not load: {folder.name}.")


# -- the steps --------------------------------------------------------------------------------------------


def _make(place: Path) -> None:
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise SetupError(f"{place} is not a folder: move it away, then try again.")
    with _plainly(place):
        for parent in [*reversed(place.parents), place]:
            if not parent.exists():
                parent.mkdir(mode=0o700)


def _check_room(place: Path, needed: int) -> None:
    free = shutil.disk_usage(place).free
    if free < needed:
        raise RunError(
            f"There is too little room in {place}: {free / 1e6:,.0f} MB free, {needed / 1e6:,.0f} MB needed."
        )


def _compare(wanted: Wanted, sums: Sums, part: Path) -> None:
    """The sums, the strongest that is known; what does not fit is thrown away."""
    for kind, right, is_ in (("SHA-256", wanted.sha256, sums.sha256), ("MD5", wanted.md5, sums.md5)):
        if right and right.lower() != is_:
            download.drop(part)
            raise RunError(
                f"What came from {wanted.url} is not that model: its {kind} sum is {is_}, and should be"
                f" {right.lower()}. It was thrown away; try again, or another address with --url."
            )


def _check(unpacked: Path, name: str) -> None:
    from voice_coach.hearing.vosk_model import fault_of

    fault = fault_of(unpacked)
    if fault:
        raise SetupError(f"The archive was fetched whole, but what is in it for {name} {fault}.")


def _settle(place: Path) -> None:
    """Bring the new name to the disk."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _plainly(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise RunError(f"{place} cannot be written to ({problem.strerror}).") from problem


@contextlib.contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Only one run fetches a model at a time. Raises SetupError for the second."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    lock = part.with_name(part.name.removesuffix(".part") + ".lock")
    with _plainly(part.parent):
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise SetupError(
                "This model is being fetched already, by another run of this command."
            ) from problem
        yield
        lock.unlink(missing_ok=True)
    finally:
        os.close(handle)
