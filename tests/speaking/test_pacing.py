"""Where the voice pauses, and how slower and faster change it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.speaking.pacing import NORMAL_PACE, Pace, Pause, Sentence, plan


def spoken(*parts: str, pace: Pace = NORMAL_PACE, **style: object) -> list[str | float]:
    """Sentences as text, pauses as seconds."""
    style.setdefault("choice_words", ("or",))
    steps = plan(parts, pace, **style)  # type: ignore[arg-type]
    return [round(step.seconds, 3) if isinstance(step, Pause) else step.text for step in steps]


def test_sentences_are_apart_and_the_last_question_stands_alone() -> None:
    assert spoken("Hello. This is a space. Shall we start?") == [
        "Hello.",
        0.45,
        "This is a space.",
        0.9,
        "Shall we start?",
    ]


def test_only_the_last_question_is_held_back() -> None:
    assert spoken("Ready? Which one? Take your time.") == [
        "Ready?",
        0.45,
        "Which one?",
        0.45,
        "Take your time.",
    ]


def test_parts_are_further_apart_than_anything_else() -> None:
    assert spoken("One more thing.", "Okay?") == ["One more thing.", 1.2, "Okay?"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "You can move, use headphones, or answer in your head.",
            ["You can move,", "use headphones,", "or answer in your head."],
        ),
        (
            "Are you on your own, or are there two of you?",
            ["Are you on your own,", "or are there two of you?"],
        ),
        ("Say skip, pause or stop at any time.", ["Say skip,", "pause", "or stop at any time."]),
        ("One three, one one, one four.", ["One three,", "one one,", "one four."]),
        ("First, the place.", ["First, the place."]),
        ("If you like, we can stop or go on.", ["If you like, we can stop or go on."]),
        ("Say yes or no.", ["Say yes or no."]),
        ("For an order, say stop, more or less.", ["For an order,", "say stop,", "more", "or less."]),
    ],
)
def test_choices_are_said_apart(text: str, pieces: list[str]) -> None:
    assert [step for step in spoken(text) if step != 0.6] == pieces


def test_a_sentence_that_offers_another_choice_comes_after_a_choice_gap() -> None:
    assert spoken("Move somewhere else. Or think your answers.") == [
        "Move somewhere else.",
        0.6,
        "Or think your answers.",
    ]


def test_choice_words_are_the_packs_and_not_english() -> None:
    assert len(spoken("Rouge, ou bien vert.", choice_words=())) == 1
    assert spoken("Rouge, ou bien vert.", choice_words=("ou",)) == ["Rouge,", 0.6, "ou bien vert."]


def test_slower_first_lengthens_the_gaps_and_then_slows_the_words() -> None:
    pace, steps = NORMAL_PACE, []
    for _ in range(6):
        steps.append((pace.gap_factor, pace.words_per_minute))
        pace = pace.slower()
    assert steps == [(1.0, 150), (1.5, 150), (2.0, 150), (2.0, 135), (2.0, 120), (2.0, 120)]


def test_faster_first_shortens_the_gaps_and_then_speeds_the_words() -> None:
    pace, steps = NORMAL_PACE, []
    for _ in range(5):
        steps.append((pace.gap_factor, pace.words_per_minute))
        pace = pace.faster()
    assert steps == [(1.0, 150), (0.7, 150), (0.7, 165), (0.7, 180), (0.7, 180)]


def test_faster_undoes_slower() -> None:
    assert NORMAL_PACE.slower().slower().faster().faster() == NORMAL_PACE
    assert spoken("A. B.", pace=NORMAL_PACE.slower()) == ["A.", 0.675, "B."]


def test_a_pace_off_the_ladder_is_refused() -> None:
    with pytest.raises(ValueError, match="no such pace"):
        Pace(-5)


def test_words_are_respelt_for_the_voice_only_where_they_are_whole() -> None:
    say_as = {"OK": "okay", "Q Life": "cue life"}
    assert spoken("Ok, tokens. Call Q life.", say_as=say_as) == ["okay, tokens.", 0.45, "Call cue life."]


def test_each_sentence_carries_its_rate() -> None:
    assert plan(["Hello."], NORMAL_PACE.slower().slower().slower()) == (Sentence("Hello.", 135),)
    assert plan(["Hello."], NORMAL_PACE, words_per_minute=210) == (Sentence("Hello.", 210),)


@given(st.lists(st.text("ab ,.?!'\"or", max_size=40), max_size=4), st.integers(-4, 3))
def test_any_text_begins_and_ends_with_a_sentence_and_loses_no_word(parts: list[str], step: int) -> None:
    steps = plan(parts, Pace(step), choice_words=("or",))
    assert all(isinstance(one, Sentence) == (at % 2 == 0) for at, one in enumerate(steps))
    assert len(steps) % 2 == 1 or not steps
    words = "".join(one.text for one in steps if isinstance(one, Sentence))
    assert [letter for letter in words if letter in "abor"] == [
        letter for letter in "".join(parts) if letter in "abor"
    ]
