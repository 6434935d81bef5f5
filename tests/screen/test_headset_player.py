"""The key of a headset as a desktop sends it: calls to a media player, over a real session bus."""

from __future__ import annotations

import os
import queue
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from session_bus import PATH, PLAYER, Bus, has_bus, session_bus

from voice_coach.screen.board import Board
from voice_coach.screen.headset_player import SHOWN, open_player
from voice_coach.screen.headset_reader import EVENT, HeadsetKeys
from voice_coach.screen.view import View

pytest.importorskip("jeepney")
pytestmark = pytest.mark.skipif(not has_bus(), reason="needs dbus-daemon")
PLAY, PAUSE = 164, 201


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    with session_bus(tmp_path) as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.address)
        yield running


def at(board: Board, state: str, phase: str = "listening") -> View:
    found = board.pack.states[state]
    return View(turn=1, state=state, phase=phase, choices=board.choices(found), always=board.always)


@contextmanager
def registered(view: View, *devices: Path) -> Iterator[tuple[HeadsetKeys, queue.Queue[str]]]:
    pressed = queue.Queue[str]()
    keys = HeadsetKeys(pressed.put, find=lambda: list(devices), player=open_player())
    keys.show(view)
    yield keys, pressed
    keys.close()


def test_each_call_of_the_desktop_is_a_press(bus: Bus, board: Board) -> None:
    meaning = {
        "PlayPause": "DONE",
        "Play": "DONE",
        "Pause": "PAUSE",
        "Next": "JUST_LISTEN",
        "Previous": "PAUSE",
        "Stop": "STOP",
    }
    with registered(at(board, "LISTEN")) as (_, pressed):
        for method, intent in meaning.items():
            bus.press(method)
            assert pressed.get(timeout=10) == intent, method
    assert bus.players() == []


def test_two_calls_quickly_are_just_listen(bus: Bus, board: Board) -> None:
    with registered(at(board, "CHALLENGE_GATE")) as (_, pressed):
        (player,) = bus.players()
        call = f"dbus-send --type=method_call --bus={bus.address} --dest={player} {PATH} {PLAYER}.PlayPause"
        subprocess.run(["sh", "-c", f"{call}; {call}"], check=True)
        assert pressed.get(timeout=10) == "JUST_LISTEN"


def test_an_ear_bud_that_is_taken_out_and_put_back_asks_for_nothing(bus: Bus, board: Board) -> None:
    with registered(at(board, "CHALLENGE_GATE")) as (keys, pressed):
        bus.press("Pause")
        assert pressed.get(timeout=10) == "PAUSE"
        keys.show(at(board, "PAUSED", "paused"))
        bus.press("Play")
        assert pressed.get(timeout=10) == "RESUME"
    assert pressed.empty()


def test_an_ear_bud_read_as_a_device_asks_for_nothing_either(board: Board, tmp_path: Path) -> None:
    path = tmp_path / "event0"
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR)
    pressed = queue.Queue[str]()
    keys = HeadsetKeys(pressed.put, find=lambda: [path])
    keys.show(at(board, "CHALLENGE_GATE"))
    for value in (1, 0):
        os.write(pipe, EVENT.pack(0, 0, 1, PAUSE, value))
    assert pressed.get(timeout=10) == "PAUSE"
    keys.show(at(board, "LISTEN"))
    for value in (1, 0):
        os.write(pipe, EVENT.pack(0, 0, 1, PAUSE, value))
    assert pressed.get(timeout=10) == "DONE", (
        "elsewhere it is the key of a headset that counts play and pause"
    )
    keys.close()


def test_a_press_that_comes_from_the_device_and_from_the_desktop_is_one(
    bus: Bus, board: Board, tmp_path: Path
) -> None:
    path = tmp_path / "event0"
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR)
    with registered(at(board, "LISTEN"), path) as (_, pressed):
        (player,) = bus.players()
        for value in (1, 0):
            os.write(pipe, EVENT.pack(0, 0, 1, PLAY, value))
        assert bus.send(player, f"{PLAYER}.PlayPause")[0] == 0
        assert pressed.get(timeout=10) == "DONE"
    assert pressed.empty()


def test_the_bus_learns_nothing_of_the_session(bus: Bus, board: Board) -> None:
    answers = set()
    for state in ("LISTEN", "CHALLENGE_GATE"):
        with registered(at(board, state)):
            (player,) = bus.players()
            for interface in SHOWN:
                code, said = bus.send(player, "org.freedesktop.DBus.Properties.GetAll", f"string:{interface}")
                assert code == 0, said
                answers.add("\n".join(said.splitlines()[1:]))
    assert len(answers) == len(SHOWN), "the same in every state"
    assert not [word for word in ("voice", "coach", "listen", "challenge") if word in str(answers).lower()]
    assert "voice" not in player


def test_what_is_no_call_of_a_player_is_refused_and_presses_nothing(bus: Bus, board: Board) -> None:
    properties = "org.freedesktop.DBus.Properties"
    with registered(at(board, "LISTEN")) as (_, pressed):
        (player,) = bus.players()
        for method, *arguments in (
            (f"{PLAYER}.OpenUri", "string:http://elsewhere/"),
            (f"{PLAYER}.PlayPauses",),
            ("org.example.Player.PlayPause",),
            (f"{properties}.Get", "string:org.example", "string:Volume"),
            (f"{properties}.Get", f"string:{PLAYER}"),
            (f"{properties}.Get", "int32:3", "int32:4"),
            (f"{properties}.Set", f"string:{PLAYER}", "string:Volume", "variant:double:0"),
        ):
            code, answer = bus.send(player, method, *arguments)
            assert code == 1, method
            assert "UnknownMethod" in answer, method
        code, answer = bus.send(player, f"{properties}.Get", f"string:{PLAYER}", "string:PlaybackStatus")
        assert (code, '"Playing"' in answer) == (0, True)
        assert pressed.empty()
        bus.press()
        assert pressed.get(timeout=10) == "DONE"


def test_when_the_bus_goes_the_devices_are_still_read(bus: Bus, board: Board, tmp_path: Path) -> None:
    path = tmp_path / "event0"
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR)
    with registered(at(board, "LISTEN"), path) as (keys, pressed):
        bus.daemon.kill()
        bus.daemon.wait()
        for value in (1, 0):
            os.write(pipe, EVENT.pack(0, 0, 1, PLAY, value))
        assert pressed.get(timeout=10) == "DONE"
        assert keys._player is None


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_bus_is_the_only_socket_and_no_file_is_written(bus: Bus, tmp_path: Path) -> None:
    script = (
        "from voice_coach.screen.headset_player import open_player; p = open_player(); p.presses(); p.close()"
    )
    seen = tmp_path / "seen"
    calls = "trace=socket,connect,bind,open,openat,creat,mkdir,rename,unlink"
    subprocess.run(
        ["strace", "-f", "-e", calls, "-o", str(seen), sys.executable, "-B", "-c", script], check=True
    )
    lines = seen.read_text(encoding="utf-8", errors="replace").splitlines()
    sockets = [line for line in lines if re.search(r" (socket|connect|bind)\(", line)]
    assert [line for line in sockets if f'sun_path="{tmp_path}/bus"' in line]
    assert [
        line for line in sockets if "socket(AF_UNIX" not in line and f'"{tmp_path}/bus"' not in line
    ] == []
    assert [
        line for line in lines if re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(|mkdir|rename|unlink", line)
    ] == []


@pytest.mark.parametrize("address", [None, "unix:path=/nowhere", "tcp:host=127.0.0.1,port=9", "", "x"])
def test_without_a_bus_of_this_machine_there_is_no_player(
    monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    if address is None:
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    else:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert open_player() is None


def test_a_bus_that_does_not_answer_holds_nothing_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "bus"))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
        assert open_player() is None


def test_nothing_of_the_bus_is_loaded_where_headset_keys_are_not_asked_for() -> None:
    script = (
        "import sys, voice_coach.commands.start, voice_coach.screen.display; print('jeepney' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
