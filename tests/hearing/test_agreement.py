"""How two recognisers' findings become one."""

from __future__ import annotations

import math

import pytest

from voice_coach.hearing.acceptance import Evidence
from voice_coach.hearing.agreement import Heard, confidence, is_clean, leading, together

MEANING = {"yes": "YES", "yeah": "YES", "no": "NO", "ask me": "ASK_ME", "okay": "YES", "now": "now"}
PHRASES = frozenset(MEANING) - {"now"}


def chances(**said: float) -> dict[str, float]:
    return {text.replace("_", " "): math.log(chance) for text, chance in said.items()}


def test_phrases_that_mean_the_same_do_not_compete() -> None:
    best = leading(chances(yes=0.3, yeah=0.3, no=0.35), MEANING, PHRASES)[0]
    assert (best.meaning, best.text) == ("YES", "yes")
    assert best.chance == pytest.approx(0.6)


def test_a_decoy_is_never_heard() -> None:
    assert leading(chances(now=0.9), MEANING, PHRASES) == ()


def test_the_other_ear_decides_between_two_likely_meanings() -> None:
    found = leading(chances(okay=0.2, no=0.15), MEANING, PHRASES)
    assert found[0].meaning == "YES"
    assert together(found, "NO", Evidence("no", 0.4, 0.5, 0.0))[0].meaning == "NO"


def test_a_lone_word_needs_more_than_a_longer_phrase() -> None:
    assert confidence("yes", 0.02) < 0.3 < confidence("ask me", 0.02)


def test_what_the_other_ear_heard_too_is_surer_and_what_it_did_not_is_not() -> None:
    assert confidence("stop", 0.1, agrees=False) < confidence("stop", 0.1, agrees=True)


@pytest.mark.parametrize(
    ("text", "chance", "both", "written", "clean"),
    [
        ("yes", 0.9, False, "yes", True),
        ("yes", 0.5, False, "yes", False),
        ("yes", 0.5, True, "yes yes yes", True),
        ("okay", 0.95, False, "okay", False),
        ("okay", 0.95, True, "okay", False),
        ("ask me", 0.2, False, "ask me", True),
        ("ask me", 0.9, True, "don't ask me", False),
        ("ask me", 0.2, False, "tell me", False),
        ("ask me", 0.3, False, "asked me", True),
        ("ask me", 0.01, True, "ask me", False),
        ("ask me", 0.02, False, "ask me", False),
        ("ask me", 0.9, True, "she said they ask me that", False),
    ],
)
def test_when_a_wish_is_clean(text: str, chance: float, both: bool, written: str, clean: bool) -> None:
    assert is_clean(Heard(MEANING[text], text, chance, 0.9, both), written) is clean
