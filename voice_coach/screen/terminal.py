"""The session on a plain terminal: one screen of what is going on, and the keyboard as keys.

In: views, levels and characters typed. Out: text, and intents. In live mode it draws on the terminal's other
page, so that nothing that was said is left behind; the terminal is always put back as it was.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from voice_coach.screen.board import Board
from voice_coach.screen.latest import Latest
from voice_coach.screen.letters import letter_of, pressed
from voice_coach.screen.view import View

OTHER_PAGE, BACK_AGAIN = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
HOME, REST_OF_LINE, REST_OF_PAGE = "\x1b[H", "\x1b[K", "\x1b[J"
BARS = 20
MARGIN = 2


class TerminalDisplay:
    """A terminal that shows a session."""

    def __init__(
        self, board: Board, press: Callable[[str], None], *, live: bool, out: TextIO | None = None
    ) -> None:
        """`live`: one screen, drawn anew; else lines, each caption once (kinder to a screen reader)."""
        self._board, self._press, self._live = board, press, live
        self._out = out or sys.stdout
        self._view = View()
        self._level = 0.0
        self._printed: tuple[str, tuple[Any, ...]] = ("", ())
        self._latest = Latest(self._take, "terminal")

    def show(self, view: View) -> None:
        """Show this from now on; returns at once."""
        self._view = view
        self._latest.put(view)

    def level(self, value: float) -> None:
        """How loud the microphone is, 0 to 1; returns at once."""
        if self._live:
            self._latest.put(value)

    def typed(self, character: str) -> None:
        """Take one character from the keyboard."""
        intent = pressed(self._view, character)
        if intent is not None:
            self._press(intent)

    def close(self) -> None:
        """Finish drawing."""
        self._latest.close()

    def _take(self, message: View | float) -> bool:
        if isinstance(message, float):
            self._level = message
        text = self._screen(self._view) if self._live else self._lines(self._view)
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):
            return False
        return True

    def _screen(self, view: View) -> str:
        columns, rows = shutil.get_terminal_size()
        width = max(20, columns - 2 * MARGIN)
        words = self._board.words
        bars = "|" * round(self._level * BARS) if view.phase == "listening" else ""
        sign = words.signs[view.sign] if view.sign else ""
        lines = ["", f"* {words.phases[view.phase]} *  {bars}", ""]
        lines += [*textwrap.wrap(view.caption, width), "", f"> {sign}" if sign else "", ""]
        lines += _wrapped(self._choices(view), width)
        if not view.over:
            lines += ["", *_wrapped([f"[{letter_of(key.intent)}] {key.word}" for key in view.always], width)]
        drawn = [" " * MARGIN + line + REST_OF_LINE for line in lines[: rows - 1]]
        return HOME + "\r\n".join(drawn) + REST_OF_PAGE

    def _lines(self, view: View) -> str:
        """What is new since the last time: the caption, then the keys when it is the person's turn."""
        text = ""
        caption, choices = self._printed
        if view.caption and view.caption != caption:
            text += f"\n{view.caption}\n"
        if view.sign == "press_again":
            text += f"> {self._board.words.signs[view.sign]}\n"
        if view.phase == "listening" and view.choices and (view.caption, view.choices) != (caption, choices):
            text += "  ".join(self._choices(view)) + "\n"
            choices = view.choices
        self._printed = (view.caption, choices)
        return text

    def _choices(self, view: View) -> list[str]:
        # Lines are read out: there a key has its whole name.
        names = [key.word if self._live else key.name for key in view.choices]
        return [f"[{at}] {name}" for at, name in enumerate(names, 1)]


def _wrapped(keys: list[str], width: int) -> list[str]:
    """Keys on as many lines as they need, none of them cut."""
    lines = [""]
    for key in keys:
        longer = f"{lines[-1]}   {key}".strip()
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(key)
    return lines


@contextlib.contextmanager
def other_page(out: TextIO) -> Iterator[None]:
    """Draw on the terminal's other page, and come back with nothing left on it."""
    out.write(OTHER_PAGE)
    out.flush()
    try:
        yield
    finally:
        with contextlib.suppress(OSError, ValueError):
            out.write(HOME + REST_OF_PAGE + BACK_AGAIN)
            out.flush()


@contextlib.contextmanager
def reading_keys(typed: Callable[[str], None], descriptor: int | None = None) -> Iterator[None]:
    """Call `typed` with each key pressed, from a thread, while the block runs; then all is as it was.

    What comes as several bytes at once (an arrow, a paste) is no key. Does nothing where there is no termios.
    """
    try:
        import termios
        import tty
    except ImportError:
        yield
        return
    keyboard = sys.stdin.fileno() if descriptor is None else descriptor
    before = termios.tcgetattr(keyboard)
    woken, wake = os.pipe()
    thread = threading.Thread(target=_read, args=(keyboard, woken, typed), name="keys", daemon=True)
    tty.setcbreak(keyboard)
    thread.start()
    try:
        yield
    finally:
        os.write(wake, b".")
        thread.join(1.0)
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
        os.close(wake)
        os.close(woken)


def _read(keyboard: int, woken: int, typed: Callable[[str], None]) -> None:
    while True:
        ready, _, _ = select.select([keyboard, woken], [], [])
        if woken in ready:
            return
        try:
            data = os.read(keyboard, 64)
        except OSError:
            return
        if not data:
            return
        if len(data) == 1 and data.isascii():
            typed(data.decode())
