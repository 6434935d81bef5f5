"""voice-coach wait --screen in its own process, without sound: one page for one session after another."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import Any

import pytest
from page_client import Client

from voice_coach.packs.load import load_pack
from voice_coach.screen.board import Board
from voice_coach.screen.process import as_json
from voice_coach.screen.standing import StandingScreen
from voice_coach.screen.view import View

NO_SOUND = {"PULSE_SERVER": "unix:/nowhere", "DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}


def until(stream: Any, intent: str) -> Any:
    """The next view that has a big key for this intent, or shows it among the keys that are always there."""
    while f'"intent": "{intent}"' not in json.dumps(view := stream.next("view")):
        pass
    return view


@pytest.mark.timeout(120)
def test_a_key_on_the_page_begins_each_session_and_the_page_outlives_them() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_coach", "wait", "--screen", "--mode", "heard"],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | NO_SOUND,
    )
    assert process.stderr is not None
    found = next(found for line in process.stderr if (found := re.search(r"http://\S+", line)))
    client = Client(found.group())
    with client.watch() as stream:
        viewer = stream.next("hello")["viewer"]
        begin = until(stream, "BEGIN")
        assert "hello coach" in begin["caption"]
        assert begin["always"] == []
        assert client.press(viewer, begin["turn"], "BEGIN") == 204
        stop = until(stream, "STOP")
        assert client.press(viewer, begin["turn"], "STOP") == 409
        while client.press(viewer, stop["turn"], "STOP") != 204:
            stop = until(stream, "STOP")  # the session has gone on meanwhile
        again = until(stream, "BEGIN")
        assert again["turn"] > stop["turn"], "a late press for an earlier session counts for no other"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_while_it_waits_only_the_key_that_begins_counts() -> None:
    begun: list[None] = []
    board = Board(load_pack("en"))
    screen = StandingScreen(board, "hello coach", lambda: begun.append(None))
    shown: list[View] = []
    screen._publish = shown.append
    screen.wait()
    assert "hello coach" in as_json(shown[-1], board)
    for intent in ("STOP", "YES", "ASK_ME"):
        screen.press(intent)
    assert not begun
    screen.press("BEGIN")
    assert len(begun) == 1
