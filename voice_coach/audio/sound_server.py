"""What PortAudio does not tell on PulseAudio and PipeWire: that the device in use has been unplugged.

The server moves a stream of a device that went away to another one, without a word; that may be the monitor
of the speaker, so that the coach would hear itself (audio study, part 1). In: `pactl`, where it is
installed. Out: a call when the device in use is gone, and whether there is a real one now. Without pactl,
or without such a server, it says nothing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from voice_coach.audio.devices import Way

ROUTED = frozenset({"pulse", "default", "pipewire"})
"""Names under which PortAudio lists the server; other devices are reached past it."""
_ANSWER_SECONDS = 2.0


@dataclass(frozen=True)
class Defaults:
    """The devices that the server gives to those who ask for none."""

    source: str
    sink: str

    @property
    def real(self) -> bool:
        """Whether there is a microphone: not only the monitor of the speaker that the coach plays on."""
        return self.source != f"{self.sink}.monitor"


def defaults() -> Defaults | None:
    """Ask the server (10 ms); None where there is none to ask."""
    found = dict(line.split(": ", 1) for line in (_pactl("info") or "").splitlines() if ": " in line)
    source, sink = found.get("Default Source", ""), found.get("Default Sink", "")
    return Defaults(source, sink) if source or sink else None


def has_real(which: Way) -> bool:
    """Whether the server has such a device; True where nobody can say."""
    known = defaults()
    if known is None:
        return True
    return known.real and bool(known.source if which == "microphone" else known.sink)


class ServerWatch:
    """Follows the server's news, and tells once when the default device has gone.

    Where somebody chooses another default, the server takes the stream along: from then on that one counts.
    """

    def __init__(self, which: Way, gone: Callable[[str], None]) -> None:
        """`gone` is called from a thread with the reason."""
        self._kind = "sources" if which == "microphone" else "sinks"
        self._gone = gone
        self._process: subprocess.Popen[str] | None = None
        self._over = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to follow, on a thread; nothing happens without pactl."""
        if sys.platform.startswith("linux") and shutil.which("pactl") is not None:
            threading.Thread(target=self._run, daemon=True, name=f"{self._kind}-watch").start()

    def close(self) -> None:
        """Say nothing more."""
        with self._lock:
            self._over = True
            if self._process is not None:
                self._process.kill()

    def _run(self) -> None:
        if not self._spawn():
            return
        assert self._process is not None
        assert self._process.stdout is not None
        used = self._used()
        with contextlib.suppress(ValueError, OSError):
            for line in self._process.stdout:
                if f"'remove' on {self._kind[:-1]} #" not in line and " on server" not in line:
                    continue
                names = self._names()
                if used and names is not None and used not in names:
                    if not self._over:
                        self._gone("it was unplugged")
                    break
                used = self._used() or used
        self._process.kill()
        self._process.stdout.close()
        self._process.wait()

    def _spawn(self) -> bool:
        with self._lock:
            if not self._over:
                self._process = subprocess.Popen(
                    ["pactl", "subscribe"],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    env=os.environ | {"LC_ALL": "C"},
                )
            return self._process is not None

    def _used(self) -> str:
        known = defaults()
        if known is None:
            return ""
        return known.source if self._kind == "sources" else known.sink

    def _names(self) -> list[str] | None:
        """None where the server did not answer: nothing is known to be gone."""
        rows = _pactl("list", "short", self._kind)
        return None if rows is None else [row.split("\t")[1] for row in rows.splitlines() if "\t" in row]


def _pactl(*arguments: str) -> str | None:
    if not sys.platform.startswith("linux") or shutil.which("pactl") is None:
        return None
    try:
        answer = subprocess.run(
            ["pactl", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
            check=False,
            env=os.environ | {"LC_ALL": "C"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout if answer.returncode == 0 else None
