"""When a phrase is believed."""

from __future__ import annotations

import pytest

from voice_coach.hearing.acceptance import LEAST_CONFIDENCE, Evidence, agrees, confidence, longest


def evidence(text: str, seconds: float, phone_llr: float, word_llr: float) -> Evidence:
    return Evidence(text, taught=False, seconds=seconds, phone_llr=phone_llr, word_llr=word_llr)


def test_a_phrase_that_scores_far_below_the_phone_loop_is_rejected() -> None:
    assert confidence(evidence("yes", 0.5, -60.0, 0.0)) < LEAST_CONFIDENCE
    assert confidence(evidence("yes", 0.5, 0.0, 5.0)) > 0.7


def test_a_phrase_that_scores_far_below_a_common_word_is_rejected() -> None:
    assert confidence(evidence("yes", 0.5, -5.0, -20.0)) < LEAST_CONFIDENCE


def test_a_phrase_much_shorter_than_what_was_said_is_rejected() -> None:
    assert confidence(evidence("yes", longest("yes") + 0.1, 0.0, 5.0)) == 0.0


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
