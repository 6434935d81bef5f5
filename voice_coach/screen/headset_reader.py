"""Reads the key of a headset from Linux's input devices, wired, USB or Bluetooth.

In: /dev/input devices that have a play key and no letters: a keyboard is never opened. Out: intents, from a
thread. It writes nothing, keeps no key, and asks for no right: a device that may not be read is named once.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from voice_coach.screen.headset import ALWAYS_IN_TIME, Presses, meant
from voice_coach.screen.view import View

DEVICES = Path("/proc/bus/input/devices")
EVENT = struct.Struct("llHHi")
"""struct input_event of linux/input.h: seconds, microseconds, type, code, value."""
KEY_EVENT, UP, DOWN = 1, 0, 1
PLAY_KEYS = frozenset({164, 200, 201, 226})
"""KEY_PLAYPAUSE, KEY_PLAYCD, KEY_PAUSECD, KEY_MEDIA."""
COUNTED = {163: 2, 165: 3}
"""KEY_NEXTSONG and KEY_PREVIOUSSONG: what a headset that counts by itself sends for two and three presses."""
LETTER_A, SPACE = 30, 57
LOOK_SECONDS = 2.0
"""Between two looks for a headset that was put on meanwhile."""
_WORD_BITS = 8 * struct.calcsize("l")


def headset_devices(listing: str) -> list[Path]:
    """The devices of /proc/bus/input/devices with a play key and no letters."""
    found = []
    for block in listing.split("\n\n"):
        event = re.search(r"^H: Handlers=.*?\b(event\d+)", block, re.MULTILINE)
        bits = re.search(r"^B: KEY=([0-9a-f ]+)$", block, re.MULTILINE)
        if event and bits:
            keys = 0
            for word in bits.group(1).split():
                keys = keys << _WORD_BITS | int(word, 16)
            has = {code for code in (*PLAY_KEYS, LETTER_A, SPACE) if keys >> code & 1}
            if has & PLAY_KEYS and not has & {LETTER_A, SPACE}:
                found.append(Path("/dev/input") / event.group(1))
    return found


def _present() -> list[Path]:
    try:
        return headset_devices(DEVICES.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return []


class HeadsetKeys:
    """Follows a session's views, and presses on them."""

    def __init__(
        self,
        press: Callable[[str], None],
        *,
        refused: Callable[[Path], None] | None = None,
        find: Callable[[], list[Path]] = _present,
    ) -> None:
        """`press` takes intents, `refused` each device that may not be read; both called from a thread."""
        self._press, self._refused, self._find = press, refused, find
        self._view = View()
        self._turn = -1
        self._presses = Presses()
        self._open: dict[Path, int] = {}
        self._named: set[Path] = set()
        self._woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._run, name="headset", daemon=True)
        self._thread.start()

    def show(self, view: View) -> None:
        """What the next press is about."""
        self._view = view

    def level(self, value: float) -> None:
        """A headset shows nothing."""

    def close(self) -> None:
        """Let go of the devices."""
        os.write(self._wake, b".")
        self._thread.join(1.0)
        for descriptor in (*self._open.values(), self._woken, self._wake):
            os.close(descriptor)

    def _run(self) -> None:
        while True:
            self._look()
            wait = LOOK_SECONDS
            if (due := self._presses.due) is not None:
                wait = max(0.0, due - time.monotonic())
            ready, _, _ = select.select([self._woken, *self._open.values()], [], [], wait)
            if self._woken in ready:
                return
            for path, descriptor in list(self._open.items()):
                if descriptor in ready:
                    self._read(path, descriptor)
            count = self._presses.counted(time.monotonic())
            if count is not None:
                self._tell(count)

    def _look(self) -> None:
        for path in self._find():
            if path in self._open:
                continue
            try:
                self._open[path] = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            except OSError:
                if path not in self._named and self._refused is not None:
                    self._named.add(path)
                    self._refused(path)

    def _read(self, path: Path, descriptor: int) -> None:
        try:
            data = os.read(descriptor, EVENT.size * 64)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            os.close(self._open.pop(path))
        for kind, code, value in _events(data):
            if kind == KEY_EVENT:
                self._take(code, value)

    def _take(self, code: int, value: int) -> None:
        if code in COUNTED and value == DOWN:
            self._turn = self._view.turn
            self._tell(COUNTED[code])
        elif code in PLAY_KEYS and value == DOWN:
            if self._presses.due is None:
                self._turn = self._view.turn
            self._presses.press(time.monotonic())
        elif code in PLAY_KEYS and value == UP:
            self._presses.release(time.monotonic())

    def _tell(self, count: int) -> None:
        intent = meant(self._view, count)
        if intent is not None and (intent in ALWAYS_IN_TIME or self._turn == self._view.turn):
            self._press(intent)


def _events(data: bytes) -> Iterator[tuple[int, int, int]]:
    whole = len(data) // EVENT.size * EVENT.size
    with contextlib.suppress(struct.error):
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            yield kind, code, value
