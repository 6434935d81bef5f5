"""A pattern stands for exactly the phrases a reader would list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.understanding.patterns import PatternError, expand

_words = st.sampled_from(["yes", "just", "listen", "ask", "me", "I'm"])


def _with_phrases() -> st.SearchStrategy[tuple[str, list[str]]]:
    """A pattern together with the phrases it stands for, built side by side."""
    leaf = _words.map(lambda word: (word, [word]))

    def grow(inner: st.SearchStrategy[tuple[str, list[str]]]) -> st.SearchStrategy[tuple[str, list[str]]]:
        optional = inner.map(lambda part: (f"[{part[0]}]", [*part[1], ""]))
        either = st.tuples(inner, inner).map(
            lambda pair: (f"({pair[0][0]}|{pair[1][0]})", pair[0][1] + pair[1][1])
        )
        row = st.tuples(inner, inner).map(
            lambda pair: (f"{pair[0][0]} {pair[1][0]}", [f"{a} {b}" for a in pair[0][1] for b in pair[1][1]])
        )
        return st.one_of(optional, either, row)

    return st.recursive(leaf, grow, max_leaves=5)


@given(_with_phrases())
def test_a_pattern_stands_for_exactly_its_phrases(case: tuple[str, list[str]]) -> None:
    pattern, phrases = case
    if any(not phrase.strip() for phrase in phrases):
        with pytest.raises(PatternError, match="when nothing is said"):
            expand(pattern)
        return
    assert list(expand(pattern)) == list(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))


def test_brackets_may_nest_and_stand_within_a_phrase() -> None:
    assert expand("[I'm] (all [right]|done) [now]") == (
        "I'm all right now",
        "I'm all right",
        "I'm all now",
        "I'm all",
        "I'm done now",
        "I'm done",
        "all right now",
        "all right",
        "all now",
        "all",
        "done now",
        "done",
    )


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("yes [please", "a bracket is opened and never closed"),
        ("yes please]", "its brackets do not pair up"),
        ("yes (please]", "its brackets do not pair up"),
        ("(yes", "a bracket is opened and never closed"),
        ("yes | no", '"|" stands outside round brackets'),
        ("[yes|no]", '"|" stands outside round brackets'),
        ("(yes|)", "a choice in it is empty"),
        ("yes ()", "a choice in it is empty"),
        ("yes []", "a choice in it is empty"),
        ("[yes] [please]", "it would match when nothing is said"),
        ("[a] " * 8 + "b", "it stands for more than 200 phrases"),
        ("[a" * 9 + "]" * 9 + " b", "its brackets stand more than 6 deep"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_why(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        expand(pattern)
    assert reason in str(caught.value)


def test_a_bomb_of_choices_is_refused_before_it_is_built() -> None:
    with pytest.raises(PatternError, match="more than 200"):
        expand("(a|b|c|d|e|f|g|h|i|j)" * 4_000)


@given(st.text(alphabet="ab []()|", max_size=40))
def test_any_text_gives_phrases_or_a_reason(pattern: str) -> None:
    try:
        phrases = expand(pattern)
    except PatternError:
        return
    assert phrases
    assert all(phrase and not set(phrase) & set("[]()|") for phrase in phrases)
