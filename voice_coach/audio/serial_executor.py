"""A thread of its own on which PortAudio is called, one call after another.

Opening and closing a stream may block for as long as the sound server hangs, and PortAudio's start and end
are not made for two threads. In: calls. Out: a future for each. Whoever waits for one can still be
interrupted. concurrent.futures has executors too, but waits for their threads when the program ends.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

from voice_coach.audio.devices import leave_open

Result = TypeVar("Result")

CLOSING_SECONDS = 1.5
"""So long may the closing of devices take; on the virtual sound card it takes 0.02."""


class SerialExecutor:
    """Calls in the order in which they were submitted, on one daemon thread."""

    def __init__(self, name: str) -> None:
        """`name`: of the thread, which starts with the first call."""
        self._name = name
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, call: Callable[[], Result]) -> Future[Result]:
        """Have it called after all that was submitted before."""
        future: Future[Result] = Future()
        self._calls.put((future, call))
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name=self._name)
                self._thread.start()
        return future

    def _run(self) -> None:
        while True:
            self._call_next()

    def _call_next(self) -> None:
        future, call = self._calls.get()
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = call()
        except BaseException as problem:
            future.set_exception(problem)
        else:
            future.set_result(result)


PORTAUDIO = SerialExecutor("portaudio")
"""The only one: PortAudio is there once in a process."""


def close_all(closes: list[Callable[[], None]]) -> None:
    """Let go of devices; where that hangs, they are closed once it goes on; the program may end before."""
    done, late = wait([PORTAUDIO.submit(close) for close in closes], timeout=CLOSING_SECONDS)
    for each in done:
        each.result()
    if late:
        leave_open()
