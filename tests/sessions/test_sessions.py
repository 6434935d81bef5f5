"""Every plan in this folder, through the real voice, the real recogniser and the real conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_coach.events import EventLog
from voice_coach.rehearsal.plan import read_plan
from voice_coach.rehearsal.rehearse import rehearse

PLANS = sorted(Path(__file__).parent.glob("*.toml"))


@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_goes_as_planned(path: Path) -> None:
    events: list[str] = []
    log = EventLog()
    log.follow(lambda event: events.append(str(event)))
    faults = rehearse(read_plan(path), log)
    assert not faults, "\n".join([*faults, *events])


def test_the_demo_that_ships_goes_as_planned() -> None:
    plan = Path(__file__).parents[2] / "content" / "en" / "plans" / "demo.toml"
    assert rehearse(read_plan(plan), EventLog()) == []
