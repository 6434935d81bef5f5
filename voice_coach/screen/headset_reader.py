"""Reads the key of a headset: from Linux's input devices, and as calls of the desktop to a media player.

In: /dev/input devices that have a play key and no letters (a keyboard is never opened), and a player on the
session bus. Out: intents, from a thread. It writes nothing, keeps no key, and asks for no right: a device
that may not be read is named once.
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

from voice_coach.screen.headset import ALWAYS_IN_TIME, LONG, Presses, meant, opens
from voice_coach.screen.headset_player import MediaPlayer, Press
from voice_coach.screen.view import View

DEVICES = Path("/proc/bus/input/devices")
EVENT = struct.Struct("llHHi")
"""struct input_event of linux/input.h: seconds, microseconds, type, code, value."""
KEY_EVENT, UP, DOWN = 1, 0, 1
PAUSE_KEY = 201
"""KEY_PAUSECD: also what an ear bud sends that is taken out."""
PLAY_KEYS = frozenset({164, 200, PAUSE_KEY, 226})
"""KEY_PLAYPAUSE, KEY_PLAYCD, KEY_PAUSECD, KEY_MEDIA."""
COUNTED = {163: 2, 165: 3}
"""KEY_NEXTSONG and KEY_PREVIOUSSONG: what a headset that counts by itself sends for two and three presses."""
CALLED: dict[Press, int] = {"next": 2, "previous": 3, "stop": LONG}
LETTER_A, SPACE = 30, 57
SAME_SECONDS = 0.3
"""One press may come twice, from the device and from the desktop: within this time it is one."""
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
        player: MediaPlayer | None = None,
    ) -> None:
        """`press` takes intents, `refused` each device that may not be read; both called from a thread.

        `player`: where the desktop sends the key; it is closed with this.
        """
        self._player = player
        self._last: dict[str, float] = {}
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
        self._leave_bus()
        for descriptor in (*self._open.values(), self._woken, self._wake):
            os.close(descriptor)

    def _run(self) -> None:
        while True:
            self._look()
            wait = LOOK_SECONDS
            if (due := self._presses.due) is not None:
                wait = max(0.0, due - time.monotonic())
            bus = [] if self._player is None else [self._player.fileno()]
            ready, _, _ = select.select([self._woken, *bus, *self._open.values()], [], [], wait)
            if self._woken in ready:
                return
            if self._player is not None and bus[0] in ready:
                self._called(self._player)
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
        if code in COUNTED and value == DOWN and self._is_first("device"):
            self._turn = self._view.turn
            self._tell(COUNTED[code])
        elif code == PAUSE_KEY and opens(self._view):
            if value == DOWN and self._is_first("device"):
                self._press("PAUSE")
        elif code in PLAY_KEYS and value == DOWN and self._is_first("device"):
            self._begin_press()
        elif code in PLAY_KEYS and value == UP:
            self._presses.release(time.monotonic())

    def _called(self, player: MediaPlayer) -> None:
        try:
            presses = player.presses()
        except OSError:
            self._leave_bus()
            return
        for press in presses:
            if not self._is_first("bus"):
                continue
            if press == "key":
                self._begin_press()
                self._presses.release(time.monotonic())
            elif press == "pause":
                self._press("PAUSE")
            else:
                self._turn = self._view.turn
                self._tell(CALLED[press])

    def _begin_press(self) -> None:
        if self._presses.due is None:
            self._turn = self._view.turn
        self._presses.press(time.monotonic())

    def _is_first(self, source: str) -> bool:
        """Whether this is a press of its own, and not one that came by the other way just now."""
        now = time.monotonic()
        self._last[source] = now
        other = max((at for name, at in self._last.items() if name != source), default=-SAME_SECONDS)
        return now - other >= SAME_SECONDS

    def _leave_bus(self) -> None:
        if self._player is not None:
            self._player.close()
            self._player = None

    def _tell(self, count: int) -> None:
        intent = meant(self._view, count)
        if intent is not None and (intent in ALWAYS_IN_TIME or self._turn == self._view.turn):
            self._press(intent)


def _events(data: bytes) -> Iterator[tuple[int, int, int]]:
    whole = len(data) // EVENT.size * EVENT.size
    with contextlib.suppress(struct.error):
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            yield kind, code, value
