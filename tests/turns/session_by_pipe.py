"""A session in processes of its own, which can be put to sleep as a machine is.

Keys go in and events come out by pipes: as live_session, on the virtual sound card.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from live_session import LiveSession, short_pack

import voice_coach.session as sessions
from voice_coach.coach import KeyPressed
from voice_coach.events import Event, EventLog
from voice_coach.settings import Options


class PipedSession(LiveSession):
    """The same to wait for as a live session in this process."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.events: list[Event] = []
        self._new: queue.Queue[Event] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__)), json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def press(self, intent: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(intent + "\n")
        self._process.stdin.flush()

    def sleep(self) -> None:
        """All its processes stand still; returns when they do."""
        os.killpg(self._process.pid, signal.SIGSTOP)
        os.waitpid(self._process.pid, os.WUNTRACED)

    def wake(self) -> None:
        """They go on."""
        os.killpg(self._process.pid, signal.SIGCONT)

    def children(self) -> set[int]:
        """The process numbers of its ears and its voice."""
        found = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self._process.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        return {int(line.split()[0]) for line in found.splitlines() if "voice_coach." in line}

    def exit_code(self) -> int:
        """Once it has ended by itself."""
        return self._process.wait(timeout=20)

    def leave(self) -> str:
        """End it; returns what it wrote on standard error."""
        with contextlib.suppress(OSError):
            self.press("HUSH")
        try:
            return self._process.communicate(timeout=20)[1]
        finally:
            self._process.kill()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._notice(json.loads(line))


@contextlib.contextmanager
def piped_session(**options: Any) -> Iterator[PipedSession]:
    """A session in a process group of its own; it ends on leaving, whatever happened."""
    coach = PipedSession({"mode": "heard", "seed": 1, "recognizer": "pocketsphinx"} | options)
    try:
        yield coach
        assert "Traceback" not in coach.leave()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(coach._process.pid, signal.SIGKILL)


def hold(options: dict[str, Any]) -> None:
    """In the child: a session with short prompts, whose keys are lines on standard input."""
    sessions.pack_of = short_pack
    with sessions.open_session(Options(**options), EventLog("-")) as session:

        def pass_keys() -> None:
            for line in sys.stdin:
                session.events.put(KeyPressed(line.strip()))

        threading.Thread(target=pass_keys, daemon=True).start()
        session.coach.run()


if __name__ == "__main__":
    hold(json.loads(sys.argv[1]))
