"""voice-coach start --screen in its own process, on a machine without any sound device."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from page_client import Client

NO_SOUND = {"PULSE_SERVER": "unix:/nowhere", "DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    begun: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "voice_coach", "start", "--mode", "heard", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | NO_SOUND,
        )
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.kill()
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    printed = ""
    for line in process.stderr:
        printed += line
        if found := re.search(r"http://\S+", line):
            return found.group()
    raise AssertionError(printed)


def test_closing_the_page_does_not_end_the_session_and_it_can_be_opened_again(start: Start) -> None:
    process = start("--screen")
    client = Client(address(process))
    with client.watch() as stream:
        assert stream.next("view")["caption"] in {"", *_welcomes()}
    with client.watch() as stream:
        viewer = stream.next("hello")["viewer"]
        view = stream.next("view")
        while view["phase"]["name"] != "speaking":
            view = stream.next("view")
        assert process.poll() is None
        while client.press(viewer, view["turn"], "STOP") != 204:
            view = stream.next("view")  # it has gone on meanwhile
        while not stream.next("view")["over"]:
            pass
    assert process.wait(20) == 0


def _welcomes() -> set[str]:
    from voice_coach.packs.load import load_pack

    return {" ".join(prompt.spoken) for prompt in load_pack("en").states["WELCOME"].prompts}


def test_a_port_in_use_is_one_sentence_and_exit_code_two(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--screen", str(port))
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    last = errors.strip().splitlines()[-1]
    assert last.startswith("voice-coach: ")
    assert str(port) in last
    assert "Traceback" not in errors


@pytest.mark.parametrize("port", ["-1", "x", "70000", "8o"])
def test_a_port_that_is_none_is_one_sentence(start: Start, port: str) -> None:
    process = start(f"--screen={port}")
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "is no port" in errors or "invalid" in errors


def test_without_a_browser_the_address_is_printed(start: Start) -> None:
    process = start("--screen", "--kiosk")
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if "http://" in line:
            break
    assert any("We go on by keys and screen" in line for line in lines)
    assert lines[-1].startswith("Open this address in a browser:")
