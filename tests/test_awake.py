"""Time awake, and standstills, on a clock that is moved by hand."""

from __future__ import annotations

import sys
import time as clocks

import pytest

from voice_coach import awake
from voice_coach.awake import AwakeClock, Standstill


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """One number: seconds."""
    moment = [100.0]
    monkeypatch.setattr(awake, "clock", lambda: moment[0])
    return moment


def test_a_long_stretch_without_a_look_counts_as_the_longest_look(time: list[float]) -> None:
    clock = AwakeClock(longest=0.5)
    time[0] += 0.25
    assert clock.now() == 0.25
    time[0] += 3600
    assert clock.now() == 0.75


def test_a_standstill_is_told_once(time: list[float]) -> None:
    standstill = Standstill(longest=1.5)
    time[0] += 1.0
    assert not standstill.look()
    time[0] += 8.0
    assert standstill.look()
    assert not standstill.look()


def test_what_took_its_time_on_purpose_is_no_standstill(time: list[float]) -> None:
    standstill = Standstill(longest=1.5)
    time[0] += 8.0
    standstill.begin_anew()
    assert not standstill.look()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the clock has another name")
def test_on_linux_the_clock_is_the_one_that_goes_on_in_sleep() -> None:
    assert awake._COUNTS_SLEEP == clocks.CLOCK_BOOTTIME
    before = clocks.clock_gettime(clocks.CLOCK_BOOTTIME)
    assert before <= awake.clock() <= clocks.clock_gettime(clocks.CLOCK_BOOTTIME)
