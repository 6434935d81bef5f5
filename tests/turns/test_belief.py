"""How sure a hypothesis must be for what it would do."""

from __future__ import annotations

import pytest

from voice_coach.conversation.protected import CHALLENGE_GATES
from voice_coach.hearing.recognizer import Hypothesis
from voice_coach.turns.belief import vouched


def heard(confidence: float, *, clean: bool = False) -> Hypothesis:
    return Hypothesis("yes", confidence, clean, 0.8, 0.1)


@pytest.mark.parametrize("state", sorted(CHALLENGE_GATES))
def test_no_confidence_alone_opens_a_harder_question(state: str) -> None:
    assert not vouched(heard(1.0), state)
    assert vouched(heard(0.3, clean=True), state)


@pytest.mark.parametrize("state", ["NOTE_BACK", "NOTE_OFFER", "NOTES_WIPE"])
def test_what_keeps_or_wipes_a_note_is_asked_for_more_than_another_answer(state: str) -> None:
    assert not vouched(heard(0.55), state)
    assert vouched(heard(0.55), "CONSENT")
    assert vouched(heard(0.65), state)
