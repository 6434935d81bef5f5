"""Keys at a gate, whichever way they come: two presses well apart open it, one press never does."""

from __future__ import annotations

import io
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_client import Client
from session_bus import has_bus, session_bus

from voice_coach.audio.absent import AbsentMicrophone
from voice_coach.audio.ports import FrameArrived, Put
from voice_coach.coach import KeyPressed
from voice_coach.events import Event, EventLog
from voice_coach.screen.board import Board
from voice_coach.screen.headset_player import open_player
from voice_coach.screen.headset_reader import EVENT, HeadsetKeys
from voice_coach.screen.process import Page
from voice_coach.screen.terminal import TerminalDisplay
from voice_coach.screen.view import Screen, View
from voice_coach.session import open_session
from voice_coach.settings import Options

PLAY = 164


class HandCranked(AbsentMicrophone):
    """Silence faster than real, or next to none, and as much more at once as the test lets pass."""

    frame_seconds = 0.003

    def __init__(self) -> None:
        super().__init__()
        self._credit: queue.SimpleQueue[tuple[int, threading.Event]] = queue.SimpleQueue()

    def pass_seconds(self, seconds: float) -> None:
        passed = threading.Event()
        self._credit.put((round(seconds * 50), passed))
        passed.wait(10)

    def _run(self, put: Put) -> None:
        while not self._closed.is_set():
            try:
                frames, passed = self._credit.get(timeout=self.frame_seconds)
            except queue.Empty:
                frames, passed = 1, threading.Event()
            for _ in range(frames):
                put(FrameArrived(np.zeros(320, np.int16)))
            passed.set()


@dataclass
class Gate:
    """A session that waits at CONSENT, and one way to press its consent key."""

    microphone: HandCranked
    events: queue.Queue[Event]
    press: Callable[[], None]

    def next(self, name: str) -> Event:
        """The next event of this kind; time is let pass until it comes."""
        while True:
            try:
                event = self.events.get(timeout=0.2)
            except queue.Empty:
                self.microphone.pass_seconds(2)
                continue
            if event["event"] == name:
                return event

    def pressed(self) -> str:
        """Press, and the intent it was."""
        self.press()
        while (event := self.events.get(timeout=30))["event"] != "key":
            assert event["event"] != "state", event
        return str(event["intent"])


@contextmanager
def at_consent(way: str, folder: Path) -> Iterator[Gate]:
    microphone, seen = HandCranked(), queue.Queue[Event]()
    log = EventLog()
    options = Options(mode="heard", seed=1, speaker="none", recognizer="pocketsphinx")
    with ExitStack() as stack:
        session = stack.enter_context(open_session(options, log, microphone))
        board = Board(session.pack)

        def press(intent: str) -> None:
            session.events.put(KeyPressed(intent))

        ways: dict[str, Callable[..., Any]] = {
            "page": by_page,
            "terminal": by_terminal,
            "headset": by_headset,
            "desktop": by_desktop,
        }
        show, do = ways[way](stack, board, press, folder)

        log.follow(Screen(board, show).notice)
        log.follow(seen.put)
        gate = Gate(microphone, seen, do)
        coach = threading.Thread(target=session.coach.run, daemon=True)
        coach.start()
        while gate.next("listen")["state"] != "PLACE":
            pass
        press("YES")
        while gate.next("listen")["state"] != "CONSENT":
            pass
        # From here on time nearly stands, however slow the machine is: what is apart is so by pass_seconds.
        microphone.frame_seconds = 0.5
        yield gate
        press("HUSH")
        coach.join(30)
        assert not coach.is_alive()


def by_page(stack: ExitStack, board: Board, press: Callable[[str], None], folder: Path) -> Any:
    page = Page(board, press)
    stack.callback(page.close)
    client = Client(page.address)
    stream = stack.enter_context(client.watch())
    viewer = stream.next("hello")["viewer"]

    shown: list[View] = []

    def show(view: View) -> None:
        shown.append(view)
        page.show(view)

    def do() -> None:
        while client.press(viewer, shown[-1].turn, "YES") == 409:
            stream.next("view")  # what is shown to the session is not yet shown to the viewer

    return show, do


def by_terminal(stack: ExitStack, board: Board, press: Callable[[str], None], folder: Path) -> Any:
    terminal = TerminalDisplay(board, press, live=False, out=io.StringIO())
    stack.callback(terminal.close)
    return terminal.show, lambda: terminal.typed("1")


def by_headset(stack: ExitStack, board: Board, press: Callable[[str], None], folder: Path) -> Any:
    os.mkfifo(folder / "event0")
    pipe = os.open(folder / "event0", os.O_RDWR)
    keys = HeadsetKeys(press, find=lambda: [folder / "event0"])
    stack.callback(keys.close)

    def do() -> None:
        for value in (1, 0):
            os.write(pipe, EVENT.pack(0, 0, 1, PLAY, value))

    return keys.show, do


def by_desktop(stack: ExitStack, board: Board, press: Callable[[str], None], folder: Path) -> Any:
    if not has_bus():
        pytest.skip("needs dbus-daemon")
    bus = stack.enter_context(session_bus(folder))
    stack.enter_context(pytest.MonkeyPatch.context()).setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    keys = HeadsetKeys(press, find=list, player=open_player())
    stack.callback(keys.close)
    return keys.show, bus.press


@pytest.mark.parametrize("way", ["page", "terminal"])
def test_two_presses_well_apart_open_a_gate_and_two_at_once_do_not(way: str, tmp_path: Path) -> None:
    with at_consent(way, tmp_path) as gate:
        assert [gate.pressed(), gate.pressed()] == ["YES", "YES"], "one bump in a pocket"
        gate.microphone.pass_seconds(1.0)
        assert gate.pressed() == "YES"
        assert gate.next("state")["name"] == "CONNECT"


def test_two_presses_of_a_headset_open_a_gate_when_well_apart_and_at_once_are_just_listen(
    tmp_path: Path,
) -> None:
    with at_consent("headset", tmp_path) as gate:
        gate.press()
        assert gate.pressed() == "JUST_LISTEN"
    (tmp_path / "event0").unlink()
    with at_consent("headset", tmp_path) as gate:
        assert gate.pressed() == "YES"
        gate.microphone.pass_seconds(1.0)
        assert gate.pressed() == "YES"
        assert gate.next("state")["name"] == "CONNECT"


@pytest.mark.parametrize("way", ["headset", "desktop"])
def test_one_press_and_silence_is_no_consent(way: str, tmp_path: Path) -> None:
    with at_consent(way, tmp_path) as gate:
        assert gate.pressed() == "YES"
        assert gate.next("state")["name"] == "NOT_STARTED"


def test_a_headset_whose_key_the_desktop_passes_on_opens_a_gate_with_two_presses_well_apart(
    tmp_path: Path,
) -> None:
    with at_consent("desktop", tmp_path) as gate:
        assert gate.pressed() == "YES"
        gate.microphone.pass_seconds(1.0)
        assert gate.pressed() == "YES"
        assert gate.next("state")["name"] == "CONNECT"
