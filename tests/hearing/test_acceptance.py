"""When a phrase is believed."""

from __future__ import annotations

import pytest

from voice_coach.hearing.acceptance import (
    LEAST_CONFIDENCE,
    Evidence,
    agrees,
    confidence,
    longest,
    may_be_clean,
)


def evidence(text: str, seconds: float, llr: float, *, beside: float = 0.5) -> Evidence:
    return Evidence(text, seconds, beside, llr)


def test_a_word_that_scores_far_below_another_word_is_rejected() -> None:
    assert confidence(evidence("yes", 0.5, -20.0)) < LEAST_CONFIDENCE
    assert confidence(evidence("yes", 0.5, 1.0)) > 0.7


def test_a_phrase_that_scores_far_below_a_loop_of_phones_is_rejected() -> None:
    assert confidence(evidence("just listen", 0.9, -40.0)) < LEAST_CONFIDENCE
    assert confidence(evidence("just listen", 0.9, -5.0)) > 0.5


def test_a_phrase_much_shorter_than_what_was_said_is_rejected() -> None:
    assert confidence(evidence("yes", longest("yes") + 0.1, 5.0)) == 0.0


def test_the_first_word_of_a_longer_sentence_is_rejected() -> None:
    assert confidence(evidence("numbers", 0.5, 5.0)) > 0.5
    assert confidence(evidence("numbers", 0.5, 5.0, beside=1.4)) == 0.0


def test_with_something_said_beside_it_no_phrase_is_clean() -> None:
    assert may_be_clean(evidence("ask me", 0.7, 0.0))
    assert not may_be_clean(evidence("ask me", 0.7, 0.0, beside=0.9))


@pytest.mark.parametrize(
    ("phrase", "heard", "backed"),
    [
        ("ask me", "ask me", True),
        ("yes ask me", "yes asked me", True),
        ("ask me", "ask me then", True),
        ("i can hear it now", "i can hear now", True),
        ("ask me", "don't ask me", False),
        ("yes ask me", "not ask me", False),
        ("yes", "yes but not now", False),
        ("yes", "guess", False),
        ("ask me", "what did the last one mean", False),
        ("ask me", "", False),
    ],
)
def test_a_free_decoding_backs_a_phrase_only_when_it_is_nearly_the_same(
    phrase: str, heard: str, backed: bool
) -> None:
    assert agrees(phrase, heard) is backed
