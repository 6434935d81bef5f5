"""The one viewer of a page: the stream of what is to be seen, latest first and nothing kept.

In: views and levels, put from any thread without waiting. Out: server-sent events on one connection. A
reader that is slow misses what is past; one that does not read at all is let go. Nothing is queued.
"""

from __future__ import annotations

import json
import secrets
import select
import socket
import threading
from io import BufferedIOBase

WRITE_SECONDS = 5.0
"""A viewer that takes nothing for so long is let go."""
LOOK_SECONDS = 0.5
"""How often an idle stream looks whether its viewer has gone."""
ALIVE_EVERY = 20
"""Looks after which an idle stream sends a comment, so that a half-dead connection is noticed."""
SEND_BUFFER = 32 * 1024
"""Bytes the system may hold for a viewer that does not read."""


class Viewer:
    """One open stream."""

    def __init__(self, connection: socket.socket) -> None:
        self.name = secrets.token_urlsafe(12)
        """Must come with every press: who does not watch cannot press."""
        self._connection = connection
        self._changed = threading.Condition()
        self._view: str | None = None
        self._level: float | None = None
        self._closed = False
        self.ended = threading.Event()
        """Set when its stream is over."""

    def show(self, view: str) -> None:
        """Replace what is to be seen."""
        with self._changed:
            self._view = view
            self._changed.notify()

    def level(self, value: float) -> None:
        """Replace the level."""
        with self._changed:
            self._level = value
            self._changed.notify()

    def close(self) -> None:
        """End the stream once what is to be seen has been sent."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    @property
    def gone(self) -> bool:
        """Whether the other side has closed its connection."""
        try:
            readable, _, _ = select.select([self._connection], [], [], 0)
            return bool(readable) and self._connection.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    def stream(self, file: BufferedIOBase) -> None:
        """Send until the viewer goes, does not read, or close() is called."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._connection.settimeout(WRITE_SECONDS)
        try:
            self._send(file)
        except (OSError, ValueError):
            return
        finally:
            self.ended.set()

    def _send(self, file: BufferedIOBase) -> None:
        file.write(b"retry: 500\n\n")
        file.write(_event("hello", json.dumps({"viewer": self.name})))
        idle = 0
        while True:
            with self._changed:
                self._changed.wait_for(self._has_news, LOOK_SECONDS)
                view, level, closed = self._view, self._level, self._closed
                self._view = self._level = None
            if view is not None:
                file.write(_event("view", view))
            if level is not None:
                file.write(_event("level", f"{level:.2f}"))
            if view is not None or level is not None:
                continue
            if closed or self.gone:
                return
            idle += 1
            if idle % ALIVE_EVERY == 0:
                file.write(b":\n\n")

    def _has_news(self) -> bool:
        return self._view is not None or self._level is not None or self._closed


def _event(name: str, data: str) -> bytes:
    assert "\n" not in data
    return f"event: {name}\ndata: {data}\n\n".encode()
