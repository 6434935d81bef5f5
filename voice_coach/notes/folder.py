"""A private folder in which files appear whole or not at all.

In: names and bytes. Out: files of mode 0600 in a folder of mode 0700, each written beside its name, brought
to the disk, and only then given the name. It never overwrites by accident, never follows a link, never uses
a folder that belongs to somebody else, and writes nowhere but here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from voice_coach.errors import RunError, SetupError

NO_DAY = 946_684_800
"""1 January 2000, 0:00 UTC: the time every file and the folder show while no date is asked for."""
PART = re.compile(r"\.[^/]{1,200}\.part")
"""A file still being written; what is left of one is removed at the next start."""

_OPEN_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Folder:
    """One folder and the files in it."""

    def __init__(self, path: Path, what: str = "notes folder") -> None:
        """Name it, and `what` it is called in a sentence; nothing is touched yet."""
        self.path = path
        self._what = what

    @property
    def exists(self) -> bool:
        """Whether there is something of this name."""
        return os.path.lexists(self.path)

    def prepare(self) -> None:
        """Make it if need be, and check it. Raises SetupError or RunError in one sentence."""
        with self._plainly("made"):
            for parent in [*reversed(self.path.parents), self.path]:
                if not os.path.lexists(parent):
                    parent.mkdir(mode=0o700)
        self.check()
        if os.name == "posix" and stat.S_IMODE(self.path.lstat().st_mode) != 0o700:
            with self._plainly("closed to others"):
                self.path.chmod(0o700)

    def check(self) -> None:
        """Raise SetupError unless it is a real folder of this user."""
        try:
            found = self.path.lstat()
        except OSError as problem:
            raise SetupError(
                f"The {self._what} {self.path} cannot be opened ({problem.strerror})."
            ) from problem
        if stat.S_ISLNK(found.st_mode):
            raise SetupError(
                f"The {self._what} {self.path} is a link to somewhere else; remove the link, then try again."
            )
        if not stat.S_ISDIR(found.st_mode):
            raise SetupError(
                f"The {self._what} {self.path} is not a folder; move that file away, then try again."
            )
        if os.name == "posix" and found.st_uid != os.geteuid():
            raise SetupError(
                f"The {self._what} {self.path} belongs to another user, so nothing is kept there; "
                "have it removed, then try again."
            )

    def entries(self, only: re.Pattern[str] | None = None) -> list[tuple[str, os.stat_result]]:
        """Every name in it with what the system says of it (links not followed), sorted; [] if not there.

        `only`: names that match it whole; the system is asked about no other.
        """
        if not self.exists:
            return []
        self.check()
        found = []
        with self._plainly("read"), os.scandir(self.path) as entries:
            for entry in entries:
                if only is not None and not only.fullmatch(entry.name):
                    continue
                with contextlib.suppress(FileNotFoundError):
                    found.append((entry.name, entry.stat(follow_symlinks=False)))
        return sorted(found, key=lambda pair: pair[0])

    def add(self, name: str, data: bytes, *, time: int = NO_DAY) -> None:
        """Write a new file, whole or not at all, dated `time`. Raises FileExistsError, RunError."""
        with self._written(data, name, time) as part:
            _give_name(part, self.path / name)
        self._settle()

    def replace(self, name: str, data: bytes, *, time: int = NO_DAY) -> None:
        """As add, in place of a file that may be there."""
        with self._written(data, name, time) as part, self._plainly("written to"):
            os.replace(part, self.path / name)
        self._settle()

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a plain file of this user, at most `most`. Raises OSError or ValueError (why not)."""
        handle = os.open(self.path / name, os.O_RDONLY | _SAFE | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise ValueError("it is not a plain file")
            if found.st_size > most:
                raise ValueError("it is far too large for a note")
            return file.read(most + 1)[:most]

    def head(self, name: str, count: int) -> bytes:
        """The first bytes of a file, for listing: without the checks of read(); b"" when unreadable."""
        try:
            handle = os.open(f"{self.path}{os.sep}{name}", os.O_RDONLY | _SAFE | getattr(os, "O_NONBLOCK", 0))
        except OSError:
            return b""
        try:
            return os.read(handle, count)
        except OSError:
            return b""
        finally:
            os.close(handle)

    def remove(self, *names: str) -> int:
        """Take names away; returns how many were there. Raises RunError."""
        count = 0
        with self._plainly("changed"):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self.path / name)
                    count += 1
        if count:
            self._settle()
        return count

    def sweep(self) -> int:
        """Remove what an interrupted write has left, unless someone is writing it now; returns how many."""
        left = [name for name, found in self.entries(PART) if _is_plain(found)]
        return self.remove(*[name for name in left if not _is_being_written(self.path / name)])

    # -- how ----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _written(self, data: bytes, name: str, time: int) -> Iterator[Path]:
        """A file beside the name, complete and on the disk; gone again after the block."""
        part = self.path / f".{name}.{secrets.token_hex(4)}.part"
        with self._plainly("written to"):
            handle = os.open(part, _OPEN_NEW | _SAFE, 0o600)
        try:
            with self._plainly("written to"):
                try:
                    _lock(handle)
                    if os.name == "posix":
                        os.fchmod(handle, 0o600)
                    view = memoryview(data)
                    while view:
                        view = view[os.write(handle, view) :]
                    os.fsync(handle)
                    if os.utime in os.supports_fd:
                        os.utime(handle, (time, time))
                finally:
                    os.close(handle)
            yield part
        finally:
            with contextlib.suppress(OSError):
                os.unlink(part)

    def _settle(self) -> None:
        """Bring the names to the disk, and let the folder's date tell nothing."""
        if os.name != "posix":
            return
        with contextlib.suppress(OSError):
            os.utime(self.path, (NO_DAY, NO_DAY))
        with contextlib.suppress(OSError):
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | _SAFE)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @contextlib.contextmanager
    def _plainly(self, what: str) -> Iterator[None]:
        """Turn the system's refusals into one sentence."""
        try:
            yield
        except FileExistsError:
            raise
        except OSError as problem:
            if problem.errno in _NO_ROOM:
                sentence = (
                    f"There is no room left for the {self._what} {self.path}; make some, then try again."
                )
            else:
                sentence = f"The {self._what} {self.path} cannot be {what} ({problem.strerror})."
            raise RunError(sentence) from problem


def _give_name(part: Path, name: Path) -> None:
    """Link it: unlike a rename, that fails when the name is taken. Some file systems know no links."""
    try:
        os.link(part, name)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(name):
            raise FileExistsError(errno.EEXIST, "the name is taken", str(name)) from None
        os.rename(part, name)


def _is_plain(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode)


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        """An open file cannot be removed there: no lock is needed."""

    def _is_being_written(path: Path) -> bool:
        return False

else:
    import fcntl

    def _lock(handle: int) -> None:
        """Say to other sessions that this file is in work."""
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_being_written(path: Path) -> bool:
        try:
            handle = os.open(path, os.O_RDONLY | _SAFE)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False
