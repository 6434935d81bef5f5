"""The process that serves the page: so that no number of connections can make the voice stutter.

In: messages of screen.process on standard input. Out: Opened or NotOpened once, then presses. It ends with
the session, whose pipe it reads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from voice_coach.child import serve
from voice_coach.screen.messages import Level, NotOpened, Open, Opened, Pressed, Show
from voice_coach.screen.server import LOOPBACK, PageServer

LAST_SECONDS = 1.0
"""How long a viewer has to take the last view."""


class Worker:
    """One server, opened by the first message."""

    def __init__(self) -> None:
        self.server: PageServer | None = None
        self._replying = threading.Lock()

    def handle(self, request: Any, reply: Callable[[Any], None]) -> None:
        """Do what a message says."""
        match request:
            case Open():
                self._open(request, reply)
            case Show() if self.server is not None:
                self.server.show(request)
            case Level(value) if self.server is not None:
                self.server.level(value)

    def _open(self, opening: Open, reply: Callable[[Any], None]) -> None:
        def press(intent: str) -> None:
            with self._replying:
                reply(Pressed(intent))

        try:
            self.server = PageServer(opening, press)
        except OSError as problem:
            reply(NotOpened(f"port {opening.port} of {LOOPBACK} cannot be used ({problem.strerror})"))
            return
        threading.Thread(target=self.server.serve_forever, name="page", daemon=True).start()
        reply(Opened(self.server.address))

    def finish(self) -> None:
        """The session is over: let the viewer see its end."""
        if self.server is not None:
            viewer = self.server.viewer
            self.server.finish()
            if viewer is not None:
                viewer.ended.wait(LAST_SECONDS)


if __name__ == "__main__":
    worker = Worker()
    serve(worker.handle)
    worker.finish()
