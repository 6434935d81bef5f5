"""Serves one page to one viewer on the loopback address, and takes its key presses.

In: views and levels of a session; requests, all of them suspect. Out: presses of keys that the present view
offers. Only the holder of the token is answered with more than a refusal; a foreign Host or Origin is
refused first. Connections are few, short while unknown, and never waited for.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from voice_coach.screen.messages import Open, Show
from voice_coach.screen.viewer import Viewer

LOOPBACK = "127.0.0.1"
CONNECTIONS = 16
"""Open at once; a browser needs two."""
STRANGER_SECONDS = 3.0
"""A connection that has not shown the token by then is closed."""
FRIEND_SECONDS = 900.0
"""An idle connection that has shown it."""
PRESS_BYTES = 256
RELOAD_SECONDS = 1.0
"""How long a new viewer waits for the one before it to be gone: a page that is loaded again."""
TOKEN_BYTES = 24

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class PageServer(ThreadingHTTPServer):
    """The server of one session's page."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = os.name == "posix"
    request_queue_size = 16

    def __init__(self, opening: Open, press: Callable[[str], None]) -> None:
        """Bind. `press` takes an intent, from a thread. Raises OSError when the port is taken."""
        self.files, self.press = opening.files, press
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self.shown: Show | None = None
        self.viewer: Viewer | None = None
        self._lock = threading.Lock()
        self._open: dict[socket.socket, float] = {}
        super().__init__((LOOPBACK, opening.port), _Handler)
        port = self.server_address[1]
        self.hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
        self.address = f"http://{LOOPBACK}:{port}/{self.token}/"

    def show(self, show: Show) -> None:
        """What is to be seen from now on."""
        with self._lock:
            self.shown = show
            if self.viewer is not None:
                self.viewer.show(show.view)

    def level(self, value: float) -> None:
        """How loud the microphone is now."""
        viewer = self.viewer
        if viewer is not None:
            viewer.level(value)

    def finish(self) -> None:
        """End the viewer's stream, with the last view in it."""
        viewer = self.viewer
        if viewer is not None:
            viewer.close()

    def welcome(self, connection: socket.socket) -> Viewer | None:
        """Make this connection the viewer's; None when another is watching, and goes on to."""
        until = time.monotonic() + RELOAD_SECONDS
        while True:
            with self._lock:
                if self.viewer is None or self.viewer.gone:
                    self.viewer = Viewer(connection)
                    if self.shown is not None:
                        self.viewer.show(self.shown.view)
                    return self.viewer
            if time.monotonic() > until:
                return None
            time.sleep(0.05)

    def farewell(self, viewer: Viewer) -> None:
        """Take note that a viewer's stream has ended."""
        with self._lock:
            if self.viewer is viewer:
                self.viewer = None

    def befriend(self, connection: socket.socket) -> None:
        """Let a connection that has shown the token stay."""
        with self._lock:
            self._open[connection] = float("inf")

    # -- connections ------------------------------------------------------------------------------------

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection into a thread of its own, or turn it away when there are too many."""
        with self._lock:
            full = len(self._open) >= CONNECTIONS
            if not full:
                self._open[request] = time.monotonic() + STRANGER_SECONDS
        if full:
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Cut connections that have not shown the token in time (called twice a second)."""
        now = time.monotonic()
        with self._lock:
            late = [connection for connection, until in self._open.items() if until < now]
        for connection in late:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A broken connection is nobody's concern."""


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    protocol_version = "HTTP/1.1"
    timeout = STRANGER_SECONDS

    def do_GET(self) -> None:
        refusal, name = self._admit()
        if refusal:
            self._refuse(refusal)
        elif name == "events":
            self._stream()
        elif name not in self.server.files:
            self._refuse(404)
        else:
            self._answer(200, *self.server.files[name])

    def do_POST(self) -> None:
        refusal, name = self._admit()
        length = self.headers.get("Content-Length", "")
        if refusal or name != "key":
            self._refuse(refusal or 404)
        elif self.headers.get("Origin") is None:
            self._refuse(403)
        elif self.headers.get("Content-Type") != "application/json" or not length.isdecimal():
            self._refuse(415)
        elif int(length[:9]) > PRESS_BYTES:
            self._refuse(413)
        else:
            self._answer(self._press(self.rfile.read(int(length))))

    def _press(self, body: bytes) -> int:
        """The status for a press: 204 when it counts, 409 when it came too late for what is shown."""
        try:
            given = json.loads(body)
            viewer, turn, intent = given["viewer"], given["turn"], given["intent"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return 400
        watching = self.server.viewer
        if watching is None or not isinstance(viewer, str) or not _same(viewer, watching.name):
            return 403
        shown = self.server.shown
        if shown is None or turn != shown.turn or not isinstance(intent, str) or intent not in shown.offers:
            return 409
        self.server.press(intent)
        return 204

    def _stream(self) -> None:
        self.close_connection = True
        viewer = self.server.welcome(self.connection)
        if viewer is None:
            self._refuse(409)
            return
        try:
            self._head(200, "text/event-stream", None)
            viewer.stream(self.wfile)
        finally:
            self.server.farewell(viewer)

    # -- who may ------------------------------------------------------------------------------------------

    def _admit(self) -> tuple[int, str]:
        """(0, the name below the token), or the status of a refusal."""
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if host not in self.server.hosts or (origin is not None and origin != f"http://{host}"):
            return 403, ""
        if self.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return 403, ""
        _, _, below = urlsplit(self.path).path.partition("/")
        token, slash, name = below.partition("/")
        if not slash or not _same(token, self.server.token):
            return 404, ""
        self.server.befriend(self.connection)
        self.connection.settimeout(FRIEND_SECONDS)
        return 0, name

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._answer(status)

    def _answer(self, status: int, kind: str = "", body: bytes = b"") -> None:
        self._head(status, kind, len(body))
        self.wfile.write(body)

    def _head(self, status: int, kind: str, length: int | None) -> None:
        self.send_response_only(status)
        for name, value in SECURITY.items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        if length is not None and status != 204:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What cannot be read as a request is refused without a word."""
        self.close_connection = True
        with contextlib.suppress(OSError, AttributeError):
            self.send_response_only(code)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing is logged: an address holds the token."""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())
