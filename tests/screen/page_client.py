"""A browser's manners without a browser: asks the page's server, watches its stream, presses keys."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit


class Client:
    """A browser's manners without a browser."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        assert parts.hostname is not None
        assert parts.port is not None
        self.host, self.port, self.path = parts.hostname, parts.port, parts.path

    def ask(
        self,
        name: str = "",
        *,
        method: str = "GET",
        body: bytes | None = None,
        path: str | None = None,
        **headers: str,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body; a header's underscores are dashes."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        connection.request(method, (path or self.path) + name, body, sent)
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return found

    def press(self, viewer: Any, turn: Any, intent: Any, **headers: str) -> int:
        """The status of a press."""
        body = json.dumps({"viewer": viewer, "turn": turn, "intent": intent}).encode()
        return self.send(body, **headers)

    def send(self, body: bytes, **headers: str) -> int:
        manners = {"Content_Type": "application/json", "Origin": f"http://{self.host}:{self.port}"}
        return self.ask("key", method="POST", body=body, **{**manners, **headers})[0]

    @contextmanager
    def watch(self) -> Iterator[Stream]:
        """Be the viewer."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request("GET", self.path + "events")
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        try:
            yield Stream(answer)
        finally:
            answer.close()
            connection.close()


class Stream:
    """Server-sent events, read one by one."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self._answer = answer

    def next(self, kind: str) -> Any:
        """The data of the next event of this kind."""
        name = ""
        while line := self._answer.readline():
            field, _, value = line.decode().strip().partition(": ")
            if field == "event":
                name = value
            elif field == "data" and name == kind:
                return json.loads(value)
        raise EOFError

    def view(self, caption: str) -> Any:
        """The next view with this caption: what came between may have been overtaken."""
        while (view := self.next("view"))["caption"] != caption:
            pass
        return view
