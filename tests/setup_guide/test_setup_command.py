"""voice-coach setup in its own process, by keys on its page, on a device without sound or settings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from page_client import Client

from voice_coach.settings_file import read_settings


def begin(home: Path, *arguments: str) -> tuple[subprocess.Popen[str], Client]:
    none = {"PULSE_SERVER": "unix:/nowhere", "DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_coach", *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | none | {"XDG_CONFIG_HOME": str(home)},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://\S+", line):
            return process, Client(found.group())
    raise AssertionError("no address was printed")


def answer(stream: Any, client: Client, *intents: str) -> None:
    """Press one key for each question, as soon as it is there."""
    viewer, turn = stream.next("hello")["viewer"], -1
    for intent in intents:
        while (view := stream.next("view"))["turn"] == turn or intent not in str(view):
            pass
        while client.press(viewer, view["turn"], intent) != 204:
            view = stream.next("view")  # it has gone on meanwhile
        # Louder asks the same question again.
        turn = view["turn"] if intent != "VOLUME_UP" else -1


@pytest.mark.timeout(120)
def test_it_goes_by_keys_and_saves_what_was_settled(tmp_path: Path) -> None:
    process, client = begin(tmp_path, "setup", "--screen")
    with client.watch() as stream:
        answer(stream, client, "VOLUME_UP", "YES", "SKIP", "ONLY_ME", "NO", "LONGER")
        while not stream.next("view")["over"]:
            pass
    assert process.wait(30) == 0
    values = read_settings(tmp_path / "voice-coach" / "settings.toml")
    assert (values["patience"], values["personal"], values["volume"]) == (2.0, True, 1)
    assert values["notes"] is False


@pytest.mark.timeout(120)
def test_the_first_session_begins_with_it_and_goes_on_when_it_is_skipped(tmp_path: Path) -> None:
    process, client = begin(tmp_path, "start", "--screen")
    with client.watch() as stream:
        answer(stream, client, "SKIP")
        while not stream.next("view")["over"]:
            pass
    assert process.stderr is not None
    address = next(found.group() for line in process.stderr if (found := re.search(r"http://\S+", line)))
    client = Client(address)
    with client.watch() as stream:
        answer(stream, client, "STOP")
        while not stream.next("view")["over"]:
            pass
    assert process.wait(30) == 0
    assert (tmp_path / "voice-coach" / "settings.toml").exists(), "it is not held again unasked"


@pytest.mark.timeout(120)
def test_whoever_says_stop_in_it_is_not_led_into_a_session(tmp_path: Path) -> None:
    process, client = begin(tmp_path, "--screen")
    with client.watch() as stream:
        answer(stream, client, "YES", "STOP")
        while not stream.next("view")["over"]:
            pass
    assert process.wait(30) == 0
    assert not (tmp_path / "voice-coach").exists(), "nothing was settled"
