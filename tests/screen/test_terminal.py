"""The terminal display, on a real pseudo-terminal."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice_coach.screen.board import Board
from voice_coach.screen.terminal import BACK_AGAIN, OTHER_PAGE, TerminalDisplay, reading_keys
from voice_coach.screen.view import Screen


def draw(board: Board, *, live: bool, events: list[dict[str, object]]) -> str:
    out = io.StringIO()
    display = TerminalDisplay(board, lambda intent: None, live=live, out=out)
    screen = Screen(board, display.show)
    for event in events:
        screen.notice(event)
    display.close()
    return out.getvalue()


PLACE: list[dict[str, object]] = [
    {"event": "state", "name": "PLACE"},
    {"event": "prompt", "text": "First, the place. Is it okay to talk here?"},
    {"event": "listen", "turn": "choice"},
]


def last_screen(text: str) -> str:
    return re.sub(r"\x1b\[[0-9?]*[a-zA-Z]", "", text.rpartition("\x1b[H")[2])


def test_one_screen_shows_who_what_and_every_key(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "24")
    text = last_screen(draw(board, live=True, events=PLACE))
    for part in ("Listening", "First, the place.", "[1] yes", "[2] no", "[s] stop", "[n] numbers"):
        assert part in text
    assert all(len(line) <= 60 for line in text.split("\r\n"))


def test_a_narrow_terminal_cuts_no_key(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.setenv("LINES", "40")
    text = last_screen(draw(board, live=True, events=PLACE))
    for key in ("[1] yes", "[3] silent", "[a] again", "[n] numbers"):
        assert key in text
    assert all(len(line) <= 24 for line in text.split("\r\n"))


def test_lines_say_each_caption_once(board: Board) -> None:
    again: list[dict[str, object]] = [
        {"event": "chime", "name": "tick"},
        {"event": "listen", "turn": "choice"},
    ]
    text = draw(board, live=False, events=[*PLACE, *again])
    assert text.count("First, the place.") == 1
    assert text.count("[1] yes") == 1
    assert "[3] silent: in my head" in text
    assert "\x1b" not in text


@contextlib.contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    try:
        yield ours, theirs
    finally:
        os.close(ours)
        os.close(theirs)


def test_keys_are_read_one_by_one_and_arrows_and_pastes_are_none() -> None:
    got: list[str] = []
    done = threading.Event()

    def typed(character: str) -> None:
        got.append(character)
        if character == "z":
            done.set()

    with terminal() as (ours, theirs):
        before = termios.tcgetattr(theirs)
        with reading_keys(typed, theirs):
            for keys in (b"s", b"\x1b[A", b"yyy", "é".encode(), b"1", b"z"):
                os.write(ours, keys)
                _until_read(theirs)
            assert done.wait(5)
        assert termios.tcgetattr(theirs) == before
    assert got == ["s", "1", "z"]


def _until_read(descriptor: int) -> None:
    for _ in range(500):
        if not select.select([descriptor], [], [], 0)[0]:
            return
        threading.Event().wait(0.01)
    raise AssertionError


def test_a_session_in_a_terminal_by_keys_leaves_it_as_it_was(tmp_path: Path) -> None:
    log = tmp_path / "events"
    with terminal() as (ours, theirs):
        before = termios.tcgetattr(theirs)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "voice_coach", "start", "--mode", "heard", "--events", str(log)),
                *("--microphone", f"wav:{_silence(tmp_path)}", "--speaker", "none"),
            ],
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"TERM": "xterm"},
        )
        shown = b""
        while b"[s] stop" not in shown:
            shown += os.read(ours, 4096)
        os.write(ours, b"s")
        shown += _rest(ours, process)
        assert termios.tcgetattr(theirs) == before
    text = shown.decode()
    assert process.returncode == 0
    assert text.startswith(OTHER_PAGE)
    assert text.rstrip().endswith(BACK_AGAIN)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"event": "key", "intent": "STOP"}.items() <= next(
        e for e in events if e["event"] == "key"
    ).items()
    assert events[-1]["why"] == "stopped"


def _rest(descriptor: int, process: subprocess.Popen[bytes]) -> bytes:
    got = b""
    while process.poll() is None or select.select([descriptor], [], [], 0.2)[0]:
        if select.select([descriptor], [], [], 0.2)[0]:
            got += os.read(descriptor, 4096)
    return got


def _silence(folder: Path) -> Path:
    import numpy as np
    import soundfile

    soundfile.write(folder / "silence.wav", np.zeros(16000 * 60, np.int16), 16000)
    return folder / "silence.wav"
