"""Passes on the latest of each kind of message from a loop that never waits to something that may be slow.

In: messages, put at once. Out: calls of a function on a thread of its own; what was overtaken is dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

CLOSE_SECONDS = 1.0


class Latest:
    """One slot for each kind of message, and the thread that empties them."""

    def __init__(self, take: Callable[[Any], bool], name: str) -> None:
        """`take` is called with each message; False means that there is nobody any more."""
        self._take = take
        self._slots: dict[type, Any] = {}
        self._changed = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, message: Any) -> None:
        """Replace the message of this kind that still waits, if one does."""
        with self._changed:
            self._slots[type(message)] = message
            self._changed.notify()

    def close(self) -> None:
        """Pass on what waits, for a second at most, and end."""
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._slots or self._over)
                slots, self._slots = self._slots, {}
                over = self._over
            if not all(self._take(message) for message in slots.values()) or over:
                return
