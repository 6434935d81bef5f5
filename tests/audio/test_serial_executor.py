"""Calls to PortAudio on a thread of their own, and one that does not come back."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading

import pytest

from voice_coach.audio import serial_executor
from voice_coach.audio.devices import libraries_hushed, quiet_stderr
from voice_coach.audio.serial_executor import PORTAUDIO, SerialExecutor, close_all

HANGING = """
import threading
from voice_coach.audio.devices import load_sounddevice
from voice_coach.audio.serial_executor import close_all
load_sounddevice()._terminate = lambda: threading.Event().wait()
close_all([lambda: threading.Event().wait()])
print("closed")
"""


def test_calls_are_made_in_their_order_on_one_thread_and_answered_each() -> None:
    executor, order = SerialExecutor("test"), list[int]()
    held = threading.Event()

    def fail() -> None:
        raise ValueError("wrong")

    executor.submit(held.wait)
    cancelled = executor.submit(lambda: order.append(0))
    failing = executor.submit(fail)
    rest = [executor.submit(lambda n=n: (order.append(n), threading.get_ident())) for n in (1, 2, 3)]
    cancelled.cancel()
    held.set()
    threads = {each.result(10)[1] for each in rest}
    assert order == [1, 2, 3]
    assert len(threads) == 1
    assert threading.get_ident() not in threads
    with pytest.raises(ValueError, match="wrong"):
        failing.result(10)


def test_a_device_that_does_not_close_is_not_waited_for_and_closed_once_it_can_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serial_executor, "CLOSING_SECONDS", 0.0)
    goes_on, closed = threading.Event(), list[str]()
    close_all([lambda: goes_on.wait() and closed.append("first"), lambda: closed.append("second")])
    assert closed == []
    goes_on.set()
    PORTAUDIO.submit(lambda: None).result(10)
    assert closed == ["first", "second"]


def test_a_program_ends_though_a_device_does_not_close() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "closed\n", "")


def test_what_hangs_past_the_end_of_a_session_takes_no_standard_error_along() -> None:
    inside, goes_on = threading.Event(), threading.Event()

    def hang() -> None:
        with quiet_stderr():
            inside.set()
            goes_on.wait()

    before = os.fstat(2)
    with contextlib.ExitStack() as session:
        session.enter_context(libraries_hushed())
        hanging = threading.Thread(target=hang)
        hanging.start()
        assert inside.wait(10)
        assert not os.path.samestat(os.fstat(2), before)
    assert os.path.samestat(os.fstat(2), before)
    goes_on.set()
    hanging.join()
    assert os.path.samestat(os.fstat(2), before)
