"""The key of a headset: what presses mean, and how they are read from an input device."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from voice_coach.screen.board import Board
from voice_coach.screen.headset import LONG, Presses, meant
from voice_coach.screen.headset_reader import EVENT, HeadsetKeys, headset_devices
from voice_coach.screen.view import Screen, View

PLAY, LETTER_A, NEXT_SONG = 164, 30, 163


def at(board: Board, state: str, phase: str = "listening") -> View:
    found = board.pack.states[state]
    return View(turn=1, state=state, phase=phase, choices=board.choices(found), always=board.always)


def counted(*times: tuple[float, float]) -> list[int]:
    """What is told of presses from and to these times, asked whenever something is due."""
    presses, told = Presses(), []
    for down, up in times:
        while (due := presses.due) is not None and due <= down:
            told.append(presses.counted(due))
        presses.press(down)
        while (due := presses.due) is not None and due <= up:
            told.append(presses.counted(due))
        presses.release(up)
    while (due := presses.due) is not None:
        told.append(presses.counted(due))
    return [count for count in told if count is not None]


def test_presses_near_together_are_counted_and_those_apart_are_single() -> None:
    assert counted((0, 0.1)) == [1]
    assert counted((0, 0.1), (0.4, 0.5)) == [2]
    assert counted((0, 0.1), (0.4, 0.5), (0.8, 0.9)) == [3]
    assert counted((0, 0.1), (1.5, 1.6)) == [1, 1]


def test_a_long_press_counts_once_and_while_it_is_held() -> None:
    assert counted((0, 5.0)) == [LONG]
    presses = Presses()
    presses.press(0)
    assert presses.counted(0.7) is None
    assert presses.counted(0.9) == LONG
    assert presses.counted(2.0) is None


def test_one_press_is_done_or_next_and_at_a_gate_the_consent_key(board: Board) -> None:
    assert meant(at(board, "LISTEN"), 1) == "DONE"
    assert meant(at(board, "NEED"), 1) == "SKIP"
    assert meant(at(board, "WELCOME", "speaking"), 1) == "SKIP"
    assert meant(at(board, "CONSENT"), 1) == "YES"
    assert meant(at(board, "CHALLENGE_GATE"), 1) == "ASK_ME"
    assert meant(at(board, "PAUSED", "paused"), 1) == "RESUME"
    assert meant(at(board, "NOTES_WIPE"), 1) == "SKIP", "a pocket wipes nothing"
    assert meant(at(board, "SETUP_NOTES"), 1) == "SKIP"


def test_two_are_just_listen_three_a_pause_and_a_long_one_stop(board: Board) -> None:
    for state in ("LISTEN", "CONSENT", "CHALLENGE_GATE", "CH_OTHER"):
        assert [meant(at(board, state), count) for count in (2, 3, 4, LONG)] == [
            *("JUST_LISTEN", "PAUSE", "PAUSE", "STOP")
        ]
    assert meant(View(over=True), 1) is None


def listed(name: str, event: str, *codes: int) -> str:
    """A block of /proc/bus/input/devices."""
    bits = sum(1 << code for code in codes)
    words = []
    while bits:
        words.append(f"{bits & (1 << 64) - 1:x}")
        bits >>= 64
    return f'N: Name="{name}"\nH: Handlers=kbd {event}\nB: EV=7\nB: KEY={" ".join(reversed(words))}\n'


def test_a_keyboard_with_media_keys_is_never_opened() -> None:
    listing = "\n".join(
        [
            listed("AT keyboard", "event0", LETTER_A, 57, PLAY),
            listed("Mouse", "event1", 272),
            listed("Headset", "event12", PLAY, NEXT_SONG),
        ]
    )
    assert headset_devices(listing) == [Path("/dev/input/event12")]
    assert headset_devices("") == headset_devices("B: KEY=zz\n\nH: Handlers=\n") == []


class Key:
    """The other end of a named pipe that stands for an input device."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._pipe = os.open(path, os.O_RDWR)

    def send(self, code: int, value: int, kind: int = 1) -> None:
        os.write(self._pipe, EVENT.pack(1, 2, kind, code, value) + EVENT.pack(1, 2, 0, 0, 0))

    def press(self, code: int = PLAY) -> None:
        for value in (1, 2, 2, 0):
            self.send(code, value)


@contextmanager
def plugged(tmp_path: Path, view: View) -> Iterator[tuple[Key, HeadsetKeys, queue.Queue[str]]]:
    path, pressed = tmp_path / "event0", queue.Queue[str]()
    key = Key(path)
    keys = HeadsetKeys(pressed.put, find=lambda: [path])
    keys.show(view)
    yield key, keys, pressed
    keys.close()


def test_presses_on_a_device_become_intents_and_other_keys_are_passed_over(
    board: Board, tmp_path: Path
) -> None:
    with plugged(tmp_path, at(board, "LISTEN")) as (key, _, pressed):
        key.press(LETTER_A)
        key.send(PLAY, 5, kind=4)
        key.press()
        assert pressed.get(timeout=10) == "DONE"
        key.press(NEXT_SONG)
        assert pressed.get(timeout=10) == "JUST_LISTEN"
        key.send(PLAY, 1)
        assert pressed.get(timeout=10) == "STOP"
    assert pressed.empty()


def test_a_press_meant_for_an_earlier_question_does_not_count_for_a_later_one(
    board: Board, tmp_path: Path
) -> None:
    with plugged(tmp_path, at(board, "LISTEN")) as (key, keys, pressed):
        screen = Screen(board, keys.show)
        for state in ("LISTEN", "CHALLENGE_GATE"):
            screen.notice({"event": "state", "name": state})
        keys._turn = 1
        keys._tell(1)
        assert pressed.empty()
        keys._tell(2)
        assert pressed.get(timeout=10) == "JUST_LISTEN", "what only closes counts all the same"
        key.press()
        assert pressed.get(timeout=10) == "ASK_ME"


def test_a_device_that_may_not_be_read_is_named_once(tmp_path: Path) -> None:
    missing, refused = tmp_path / "event7", queue.Queue[Path]()
    looks = queue.Queue[None]()

    def find() -> list[Path]:
        looks.put(None)
        return [missing]

    keys = HeadsetKeys(lambda intent: None, refused=refused.put, find=find)
    assert refused.get(timeout=10) == missing
    for _ in range(2):
        looks.get(timeout=10)
    keys.close()
    assert refused.empty()


@pytest.mark.parametrize("data", [b"", b"x", b"x" * 23, os.urandom(24 * 40)])
def test_garbage_from_a_device_presses_nothing_and_breaks_nothing(
    board: Board, tmp_path: Path, data: bytes
) -> None:
    with plugged(tmp_path, at(board, "LISTEN")) as (key, _, pressed):
        os.write(key._pipe, data[: len(data) // EVENT.size * EVENT.size])
        key.press()
        assert pressed.get(timeout=10) in {"DONE", "STOP", "JUST_LISTEN", "PAUSE"}
