"""The invariants once more, in sessions where anything happens in any order (machines.py)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from machines import TALLY, AnySession
from observer import Broken
from walk import WALKED

from voice_coach.conversation import consent

pytestmark = pytest.mark.timeout(900)

SHORT = settings(
    max_examples=60,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


def test_whatever_happens_in_any_order_the_invariants_hold() -> None:
    run_state_machine_as_test(AnySession, settings=SHORT)  # type: ignore[no-untyped-call]
    WALKED.append(f"any session: {TALLY}")
    assert TALLY.steps >= 20_000
    assert TALLY.harder_questions >= 20


def test_a_guard_taken_away_is_found_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "doubtful", lambda *_: False)
    only_once = settings(SHORT, phases=[Phase.generate], report_multiple_bugs=False)
    with pytest.raises(Broken):
        run_state_machine_as_test(AnySession, settings=only_once)  # type: ignore[no-untyped-call]
