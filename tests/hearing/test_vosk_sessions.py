"""Whole sessions heard by real libvosk: the toy model, a simulated person, the real voice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voice_coach.events import Event, EventLog
from voice_coach.rehearsal.plan import parse_plan, read_plan
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
    assert done.returncode == 0, done.stderr


def test_a_session_whose_hearing_is_lost_goes_on_by_keys_to_its_end(toy_model: Path, tmp_path: Path) -> None:
    foreign = Path(shutil.copytree(toy_model, tmp_path / "model"))
    words = foreign / "graph" / "words.txt"
    lines = [line.split() for line in words.read_text().splitlines()]
    words.write_text("".join(f"{word if int(n) in (0, 59) else 'w' + n} {n}\n" for word, n in lines))
    keys = ("PLACE", "YES"), ("CONSENT", "YES"), ("CONSENT", "YES"), ("CONNECT", "SKIP"), ("LISTEN", "STOP")
    turns = "".join(f'[[turn]]\nstate = "{state}"\nkey = "{key}"\n' for state, key in keys)
    plan = f'[settings]\nmode = "heard"\nseed = 1\n{turns}[expect]\nstates = ["LISTEN"]\nends = true\n'
    events: list[Event] = []
    log = EventLog()
    log.follow(events.append)
    faults = rehearse(parse_plan(plan, tmp_path / "plan.toml"), log, recognizer="vosk", model=str(foreign))
    assert faults == []
    assert any("it must be for another language" in str(event.get("text")) for event in events)
