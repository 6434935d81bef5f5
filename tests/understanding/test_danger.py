"""Words of danger: what is said in plain words is caught, and what only sounds like it is let pass."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from voice_coach.packs.load import load_pack
from voice_coach.understanding.patterns import expand
from voice_coach.understanding.table import SAFETY_PREFIX, PhraseTable
from voice_coach.understanding.understand import understand

PACK = load_pack("en")
CORPUS = tomllib.loads((Path(__file__).parent / "danger.toml").read_text(encoding="utf-8"))
PLAIN = [(name, sentence) for name, listed in CORPUS["plain"].items() for sentence in listed]
INNOCENT = [sentence for listed in CORPUS["innocent"].values() for sentence in listed]
INDIRECT = CORPUS["indirect"]["about"]
STATES = ("LISTEN", "CONNECT", "CONSENT", "CHALLENGE_GATE", "CH_OTHER", "T_TURN", "NOTE_SAY", "REM_MENU")
"""One of each kind of listening; the safety phrases are the same in all (test_understand.py)."""


@cache
def table(state: str) -> PhraseTable:
    return PhraseTable.for_state(PACK, state)


def danger(sentence: str, state: str = "LISTEN") -> str:
    """The safety intent of a sentence; "" where none is heard."""
    intent = understand(sentence, table(state), PACK.states[state].listen).intent or ""
    return intent if intent.startswith(SAFETY_PREFIX) else ""


def test_the_corpus_is_large_and_half_of_it_is_innocent() -> None:
    total = len(PLAIN) + len(INNOCENT) + len(INDIRECT)
    assert total >= 300
    assert len(INNOCENT) >= total / 2
    assert len({sentence for _, sentence in PLAIN} | {*INNOCENT, *INDIRECT}) == total


@pytest.mark.parametrize("state", STATES)
def test_every_plain_sentence_is_caught_for_what_it_is(state: str) -> None:
    assert [(name, said) for name, said in PLAIN if danger(said, state) != name] == []


@pytest.mark.parametrize("state", STATES)
def test_no_innocent_sentence_triggers(state: str) -> None:
    assert [(said, danger(said, state)) for said in INNOCENT if danger(said, state)] == []


def test_an_innocent_saying_hides_no_plain_sentence_beside_it() -> None:
    for saying in CORPUS["innocent"]["sayings"]:
        assert danger(f"{saying} and I want to kill myself"), saying
        assert danger(f"I want to kill myself and {saying}"), saying


def test_each_phrase_of_the_grammar_for_danger_is_caught_in_the_middle_of_talk() -> None:
    for name, intent in PACK.intents.items():
        for phrase in (
            p for pattern in intent.say for p in expand(pattern) if name.startswith(SAFETY_PREFIX)
        ):
            if not name.startswith(SAFETY_PREFIX):
                continue
            assert danger(f"well today was hard and {phrase} and then it was over"), phrase


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((words, "MISHEARD") for words in ("misheard", "you misheard", "got it wrong", "wrong")),
        *((words, "ABOUT_ME") for words in ("me", "it's me", "one of us")),
        *((words, "ABOUT_OTHER") for words in ("someone else", "not me", "a friend")),
    ],
)
def test_the_check_understands_the_words_it_asks_with(said: str, meant: str) -> None:
    table = PhraseTable.for_state(PACK, "CR_CHECK")
    assert understand(said, table, "choice").intent == meant


def test_what_is_said_around_a_corner_is_mostly_missed_and_that_is_counted() -> None:
    missed = [said for said in INDIRECT if not danger(said)]
    print(f"missed {len(missed)} of {len(INDIRECT)} said around a corner")
    # docs/conversation.md tells people of this figure: the coach is no safety monitor.
    assert len(missed) == len(INDIRECT)
