"""The same words said another way come to the same spelling."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.packs.load import load_pack
from voice_coach.understanding.normalise import normaliser, surface

NORMAL = normaliser(load_pack("en").rules)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I am not ready.", "i'm not ready"),
        ("I\u2019m done!", "i'm done"),
        ("dont know", "do not know"),
        ("I want to die", "i wanna die"),
        ("THANK YOU", "thanks"),
        ("ok", "okay"),
        ("yeah, nah", "yeah nah"),
        ("can not", "can't"),
        ("cannot", "cant"),
    ],
)
def test_two_spellings_of_one_phrase_are_one(one: str, other: str) -> None:
    assert NORMAL.plain(one) == NORMAL.plain(other)


@pytest.mark.parametrize(
    ("said", "lean"),
    [
        ("no no no", "no"),
        ("yes yes", "yes"),
        ("no, um, no", "no"),
        ("just listen just listen", "just listen"),
        ("um, ask me, please", "ask me"),
        ("ask ask me", "ask me"),
        ("uh", ""),
        ("you know, done", "done"),
        ("mate, skip that one mate", "skip that one"),
    ],
)
def test_fillers_and_stutters_are_no_part_of_an_answer(said: str, lean: str) -> None:
    assert NORMAL.lean(NORMAL.plain(said)) == lean


def test_lower_case_keeps_letters_that_casefold_would_change() -> None:
    assert surface("Weiß") == "weiß"
    assert surface(unicodedata.normalize("NFD", "Café")) == "café"


def test_an_apostrophe_counts_only_within_a_word() -> None:
    assert surface("'just listen', I'm tired") == "just listen i'm tired"


@given(st.text(max_size=60))
def test_surface_and_lean_are_settled_after_one_pass(text: str) -> None:
    once = surface(text)
    assert surface(once) == once
    assert once == " ".join(once.split())
    lean = NORMAL.lean(NORMAL.plain(text))
    assert len(lean.split()) <= len(NORMAL.plain(text).split())
