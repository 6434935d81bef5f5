"""A web server on this machine that serves one file as it is told to: whole, cut, overlong or not at all."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class BadServer:
    """Serves `data`; what it does wrong is set by its fields, in a with block."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.cuts: list[int] = []
        """Bytes after which each of the next answers breaks off."""
        self.refusals: list[int] = []
        """Codes the next answers have instead of the file."""
        self.knows_ranges = True
        self.tag = '"one"'
        self.announces_length = True
        self.extra = b""
        """Sent after the file, and announced."""
        self.leads_to = ""
        self.part_from: int | None = None
        """Where every part it sends claims to begin."""
        self.stalls_at: int | None = None
        """Bytes after which it sends no more, until it is closed."""
        self.stalled, self.closing = threading.Event(), threading.Event()
        self.asked: list[dict[str, str]] = []
        """The headers of each request."""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/model.zip"

    def __enter__(self) -> BadServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(dict(request.headers))
        if self.refusals:
            request.send_error(self.refusals.pop(0))
            return
        if self.leads_to and request.path == "/model.zip":
            request.send_response(302)
            request.send_header("Location", self.leads_to)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        start = self._start(request)
        body = self.data[start:] + self.extra
        if start >= len(self.data):
            request.send_error(416)
            return
        if start:
            told = start if self.part_from is None else self.part_from
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {told}-{len(self.data) - 1}/{len(self.data)}")
        else:
            request.send_response(200)
        request.send_header("ETag", self.tag)
        if self.announces_length:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if self.stalls_at is not None:
            request.wfile.write(body[: self.stalls_at])
            request.wfile.flush()
            self.stalled.set()
            self.closing.wait(60)
            return
        request.wfile.write(body[: self.cuts.pop(0)] if self.cuts else body)

    def _start(self, request: BaseHTTPRequestHandler) -> int:
        wanted = request.headers.get("Range")
        if wanted is None or not self.knows_ranges:
            return 0
        if request.headers.get("If-Range") not in (None, self.tag):
            return 0
        return int(wanted.removeprefix("bytes=").removesuffix("-"))
