"""Whole sessions heard by real libvosk: the toy model, a simulated person, the real voice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voice_coach.events import Event, EventLog
from voice_coach.rehearsal.plan import read_plan
from voice_coach.rehearsal.rehearse import rehearse

COMMAND = (sys.executable, "-m", "voice_coach", "rehearse")
PLANS = sorted((Path(__file__).parent / "vosk_sessions").glob("*.toml"))


@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_goes_as_planned_with_vosk(path: Path, toy_model: Path) -> None:
    events: list[Event] = []
    log = EventLog()
    log.follow(events.append)
    faults = rehearse(read_plan(path), log, recognizer="vosk", model=str(toy_model))
    told = [str(event) for event in events if event["event"] in {"state", "heard", "silence", "end"}]
    assert not faults, "\n".join([*faults, *told])
    assert any(event["event"] == "dropped" for event in events)


def test_the_same_by_the_command(toy_model: Path) -> None:
    done = subprocess.run(
        [*COMMAND, str(PLANS[0]), "--recognizer", "vosk", "--model", str(toy_model)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_DATA_HOME": "/nowhere"},
    )
    assert (done.returncode, done.stderr) == (0, "")
