"""A Python child process that answers requests: one for the ears, one for the voice.

The parent sends picklable requests and gets every answer on a reader thread, which only passes it on.
Children exist because their libraries hold the interpreter lock, hang, or take the process down with them.
Nothing said ever reaches a command line, an environment variable or a file this way: only the pipe.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from voice_coach.core_dumps import forbid_core_dumps


class Child:
    """One child process running `python -m module` and the pipe to it."""

    def __init__(
        self, module: str, answer: Callable[[Any], None], gone: Callable[[], None] | None = None
    ) -> None:
        """Start it. `answer` gets every object the child sends; `gone` is called once when it has died."""
        self._answer = answer
        self._gone = gone
        self._closing = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._pipe: BinaryIO = self._process.stdin  # type: ignore[assignment]
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The operating system's number for the child."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process is still running."""
        return self._process.poll() is None

    def send(self, request: Any) -> bool:
        """Pass a request on; False when the child has gone (its `gone` is or will be called)."""
        try:
            pickle.dump(request, self._pipe, protocol=pickle.HIGHEST_PROTOCOL)
            self._pipe.flush()
        except (OSError, ValueError):
            return False
        return True

    def close(self, *, seconds: float = 0.5) -> None:
        """End the child: ask by closing its pipe, then kill it."""
        self._closing = True
        with contextlib.suppress(OSError):
            self._pipe.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._reader.join(1.0)

    def kill(self) -> None:
        """End the child at once (it hangs)."""
        self._process.kill()
        self._process.wait()

    def _read(self, pipe: BinaryIO) -> None:
        with pipe:
            while True:
                try:
                    answer = pickle.load(pipe)
                except (EOFError, OSError, pickle.UnpicklingError):
                    break
                self._answer(answer)
        if self._gone is not None and not self._closing:
            self._gone()


def serve(handle: Callable[[Any, Callable[[Any], None]], None]) -> None:
    """In the child: call handle(request, reply) for each request until the parent closes the pipe.

    Standard output is moved aside first, so that a library that prints cannot garble the answers.
    """
    forbid_core_dumps()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")

    def reply(answer: Any) -> None:
        pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()

    while True:
        try:
            request = pickle.load(requests)
        except EOFError:
            return
        except KeyboardInterrupt:
            continue
        try:
            handle(request, reply)
        except KeyboardInterrupt:
            continue
        except BrokenPipeError:
            return
