"""Plans in this folder, and some of the journeys, through the real voice, recogniser and conversation.

All journeys, and the count of the states they go through: scripts/prove_sessions.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from aloud import hold

from voice_coach.events import EventLog
from voice_coach.rehearsal.plan import read_plan
from voice_coach.rehearsal.rehearse import rehearse

HERE = Path(__file__).parent
JOURNEYS = (
    "two_together",
    "get_ready_to_ask",
    "words_of_danger_about_me",
    "yeah_nah_at_the_gate",
    "kept_notes",
    "all_said_at_once",
)
PLANS = [*sorted(HERE.glob("*.toml")), *(HERE / "journeys" / f"{name}.toml" for name in JOURNEYS)]


@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_goes_as_planned(path: Path, tmp_path: Path) -> None:
    held = hold(path, tmp_path)
    assert not held.faults, "\n".join([*held.faults, *map(str, held.events)])


def test_the_demo_that_ships_goes_as_planned() -> None:
    plan = Path(__file__).parents[2] / "content" / "en" / "plans" / "demo.toml"
    assert rehearse(read_plan(plan), EventLog()) == []
