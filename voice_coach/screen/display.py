"""Everything that shows a session: the page, the terminal, or nothing.

In: the command's arguments and a session about to run. Out: displays that follow it while the block runs, and
presses on its queue. What it shows is worked out once, in view.py.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from voice_coach.audio.ports import Pcm
from voice_coach.coach import KeyPressed
from voice_coach.screen.board import Board
from voice_coach.screen.browser import opened_in_browser
from voice_coach.screen.headset_player import open_player
from voice_coach.screen.headset_reader import HeadsetKeys
from voice_coach.screen.level import Meter
from voice_coach.screen.process import Page
from voice_coach.screen.terminal import TerminalDisplay, other_page, reading_keys
from voice_coach.screen.view import Screen, View
from voice_coach.session import Session


class Display(Protocol):
    """Something that shows views."""

    def show(self, view: View) -> None:
        """Show this from now on; returns at once."""

    def level(self, value: float) -> None:
        """How loud the microphone is, 0 to 1; returns at once."""


def captions_wanted(given: argparse.Namespace) -> str:
    """live, lines or off: as asked for, else live on a terminal."""
    if given.captions is not None:
        return str(given.captions)
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty() and given.events != "-"
    return "live" if at_terminal else "off"


@contextlib.contextmanager
def displayed(
    given: argparse.Namespace,
    session: Session,
    board: Board | None = None,
    gates: frozenset[str] = frozenset(),
    *,
    headset: bool = False,
) -> Iterator[None]:
    """Show the session while the block runs. Raises SetupError when the page cannot be served.

    `gates`: states beside the conversation's own in which a yes by key takes two presses. `headset`: read
    the key of a headset too.
    """
    board = board or Board(session.pack)

    def press(intent: str) -> None:
        session.events.put(KeyPressed(intent))

    with contextlib.ExitStack() as stack:
        displays = displays_of(stack, given, board, press, headset=headset)
        if any(not isinstance(display, HeadsetKeys) for display in displays):
            session.coach.be_seen(meter_of(displays))
        if displays:
            session.log.follow(Screen(board, publisher(displays), gates).notice)
        yield


def displays_of(
    stack: contextlib.ExitStack,
    given: argparse.Namespace,
    board: Board,
    press: Callable[[str], None],
    *,
    headset: bool,
) -> list[Display]:
    """What was asked for, opened until the stack is closed. Raises SetupError."""
    displays: list[Display] = []
    if given.screen is not None:
        displays.append(_page(stack, given, board, press=press))
    captions = captions_wanted(given)
    if captions != "off":
        displays.append(_terminal(stack, board, live=captions == "live", press=press))
    if headset:
        displays.append(_headset(stack, press))
    return displays


def publisher(displays: list[Display]) -> Callable[[View], None]:
    """Shows a view on all of them."""

    def publish(view: View) -> None:
        for display in displays:
            display.show(view)

    return publish


def meter_of(displays: list[Display]) -> Callable[[Pcm], None]:
    """Takes frames and shows on all of them how loud they are."""

    def level(value: float) -> None:
        for display in displays:
            display.level(value)

    return Meter(level).frame


def _headset(stack: contextlib.ExitStack, press: Callable[[str], None]) -> HeadsetKeys:
    def refused(device: Path) -> None:
        print(
            f"voice-coach: the headset's key {device} may not be read; see docs/screen.md.",
            file=sys.stderr,
        )

    if sys.platform != "linux":
        print("voice-coach: a headset's key can be read on Linux only; see docs/screen.md.", file=sys.stderr)
    keys = HeadsetKeys(press, refused=refused, player=open_player())
    stack.callback(keys.close)
    return keys


def _page(
    stack: contextlib.ExitStack, given: argparse.Namespace, board: Board, *, press: Callable[[str], None]
) -> Page:
    def lost() -> None:
        print("voice-coach: the screen's page was lost; the session goes on without it.", file=sys.stderr)

    page = Page(board, press, port=given.screen, lost=lost)
    stack.callback(page.close)
    opened = not given.no_browser and stack.enter_context(opened_in_browser(page.address, kiosk=given.kiosk))
    hint = "The screen is at" if opened else "Open this address in a browser:"
    print(f"{hint} {page.address}", file=sys.stderr)
    return page


def _terminal(
    stack: contextlib.ExitStack, board: Board, *, live: bool, press: Callable[[str], None]
) -> TerminalDisplay:
    if live:
        stack.enter_context(other_page(sys.stdout))
    terminal = TerminalDisplay(board, press, live=live)
    stack.callback(terminal.close)
    if sys.stdin.isatty():
        stack.enter_context(reading_keys(terminal.typed))
    return terminal
