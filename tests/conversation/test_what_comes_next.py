"""What is rendered ahead while a person talks: a guess, which changes nothing of the session."""

from __future__ import annotations

import pytest
from typed import Person

from voice_coach.conversation.cues import Say
from voice_coach.conversation.preset import Preset


@pytest.mark.parametrize(
    ("answers", "then"),
    [(("yes",), "yes"), (("yes", "yes"), "done"), (("yes", "yes", "done"), "done"), ((), "just listen")],
)
def test_what_is_said_next_was_expected_and_guessing_changes_nothing(
    answers: tuple[str, ...], then: str
) -> None:
    person = Person(Preset(mode="heard"))
    for words in answers:
        person.says(words)
    before = person.talk.memory.copy()
    expected = person.talk.upcoming()
    assert person.talk.memory == before
    assert person.talk.upcoming() == expected
    person.says(then)
    said = [cue for cue in person.cues if isinstance(cue, Say)]
    assert said[0] in expected
