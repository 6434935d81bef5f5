"""The event log: one JSON object a line, in audio time, off unless asked for.

Comes in: what the session did. Goes out: lines to a file or standard output, and the same objects to those
who follow the session (a rehearsed person, a transcript, a screen). The words a person said are in it only
where they are simulated or typed; never in a session by voice.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

from voice_coach.audio.ports import FRAME_SECONDS
from voice_coach.errors import SetupError

Event = dict[str, Any]
Follower = Callable[[Event], None]


class EventLog:
    """Writes and passes on what happens; holds nothing itself."""

    def __init__(self, target: str | None = None, *, words: bool = False) -> None:
        """`target`: a path, "-" for standard output, or None. `words`: the person's words may be in it."""
        self.words = words
        self._followers: list[Follower] = []
        self._stream: TextIO | None = None
        self._owned = False
        if target == "-":
            self._stream = sys.stdout
        elif target is not None:
            try:
                self._stream = open(target, "w", encoding="utf-8", opener=_private)  # noqa: SIM115 (see close)
            except OSError as problem:
                raise SetupError(
                    f"The event log {target} cannot be written; name a file in a folder that is yours."
                ) from problem
            self._owned = True

    def follow(self, follower: Follower) -> None:
        """Call this with every event from now on."""
        self._followers.append(follower)

    def emit(self, frame: int, event: str, **fields: Any) -> None:
        """One event at a frame."""
        entry: Event = {"frame": frame, "seconds": round(frame * FRAME_SECONDS, 2), "event": event, **fields}
        if self._stream is not None:
            self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._stream.flush()
        for follower in self._followers:
            follower(entry)

    def close(self) -> None:
        """Close a file that was opened here."""
        if self._stream is not None and self._owned:
            self._stream.close()
        self._stream = None


def _private(path: str, flags: int) -> int:
    """A log that is made is for its owner alone: a typed session's holds what was typed."""
    return os.open(path, flags, 0o600)
