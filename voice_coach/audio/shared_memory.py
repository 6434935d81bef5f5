"""Whether `/dev/shm` has the room that PortAudio's start takes there.

Where PortAudio is built with JACK (Debian), it asks for a JACK server when it starts, and JACK's library
makes a data base in `/dev/shm` for that. Without room the system kills the program in the midst of it, or the
library waits for minutes on what it left half made. PulseAudio's client needs none: its memory is a file
without a name, elsewhere. In: that folder. Out: nothing, or RunError in one sentence.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
import sys
from pathlib import Path

from voice_coach.errors import RunError

FOLDER = Path("/dev/shm")
DATA_BASE_BYTES = 192 * 1024
"""What the data base takes: with 192 kB PortAudio started, with 128 kB the program was killed."""
MAPS = Path("/proc/self/maps")


def look_for_room(notice: str = "", folder: Path = FOLDER) -> None:
    """Before PortAudio is loaded. Raises RunError with this notice where it would not start."""
    if not sys.platform.startswith("linux") or not folder.is_dir():
        return
    own = folder / f"jack_db-{os.geteuid()}"
    there = _files(own)
    half_made = any(each.st_size == 0 for each in there)
    space = os.statvfs(folder)
    room = space.f_bavail * space.f_frsize + sum(each.st_blocks * 512 for each in there)
    if (room >= DATA_BASE_BYTES and not half_made) or not asks_jack():
        return
    if room < DATA_BASE_BYTES:
        raise RunError(
            f"There is no room left in {folder}, where the sound library needs {DATA_BASE_BYTES // 1024} kB,"
            f" so no sound device can be used; remove what is not needed there (to see it: ls -lS {folder}).",
            notice=notice,
        )
    raise RunError(
        f"The sound library would wait for {own}, which was left half made when {folder} was full, so no"
        " sound device can be used; remove that folder.",
        notice=notice,
    )


def _files(folder: Path) -> list[os.stat_result]:
    with contextlib.suppress(OSError):
        return [entry.stat() for entry in os.scandir(folder)]
    return []


def asks_jack() -> bool:
    """Whether the PortAudio of this machine brings JACK's library and its data base."""
    name = ctypes.util.find_library("portaudio")
    if name is None:
        return False
    with contextlib.suppress(OSError):
        ctypes.CDLL(name)
        loaded = MAPS.read_text(encoding="utf-8", errors="replace")
        return "/libjack." in loaded and "/libdb-" in loaded
    return False
