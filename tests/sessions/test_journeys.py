"""The plans of every journey and every named script: together they go through every state there is.

Here each is held without sound; `scripts/prove_sessions` holds them all through the real voice and
recogniser, and test_sessions.py some of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from aloud import KEPT, SEALED
from typed_rehearsal import TypedRehearsal

from voice_coach.conversation.cues import Say
from voice_coach.conversation.targets import SAFETY, edges
from voice_coach.packs.load import load_pack
from voice_coach.rehearsal.plan import read_plan

PACK = load_pack("en")
HERE = Path(__file__).parent
PLANS = {path.stem: path for path in sorted([*HERE.glob("*.toml"), *HERE.glob("journeys/*.toml")])}
JOURNEYS = {
    "be heard": ("heard",),
    "look back, short": ("skip_everything", "ask_me", "every_harder_question"),
    "look back, long": ("look_back_long",),
    "look back, walking": ("look_back_walking",),
    "get ready": ("get_ready_to_ask", "get_ready_straight_to_the_words"),
    "being asked": ("asked_and_willing", "asked_and_not_now"),
    "two together": ("two_together", "two_says_no"),
    "reminder": ("reminder",),
    "a short way in": ("all_said_at_once", "two_of_us_said_at_once"),
    "pause": ("pause_and_go_on", "arriving_by_voice"),
    "crisis": ("words_of_danger_about_me", "words_of_danger_about_someone_else", "danger_now"),
    "notes": ("a_note_kept", "a_note_as_text", "a_note_of_two_binned", "kept_notes", "sealed_notes"),
}
SCRIPTS = {
    "a": ("yeah_nah_at_the_gate",),
    "b": ("half_a_not_ready",),
    "c": ("its_own_ask_me_in_the_microphone",),
    "d": (
        *("silence_at_consent", "silence_at_the_gentle_offer", "silence_at_the_gate"),
        *("silence_at_each_gate_alone", "two_says_nothing", "silence_at_each_gate_of_two"),
    ),
    "e": ("just_listen_in_a_card",),
    "f": ("skip_everything",),
    "g": ("stop_at_the_gate", "arriving_by_voice"),
    "h": ("words_of_danger_about_me", "words_of_danger_about_someone_else", "danger_now"),
    "i": ("dying_for_a_coffee",),
    "j": ("two_says_no", "two_says_nothing", "two_says_um"),
    "k": ("a_swap_takes_no_yes_along",),
    "m": ("keys_only",),
}
"""The named scripts of the conversation's design. (l), a crash while a note is made, is
tests/notes/test_killed.py; (g) and (h) in each single state: tests/conversation, tests/understanding."""


@cache
def held(name: str) -> tuple[list[str], list[str], list[Say]]:
    """What was unmet, the states gone through, and what was said."""
    rehearsal = TypedRehearsal(PACK, read_plan(PLANS[name]), KEPT.get(name, 0), name == SEALED)
    faults = rehearsal.faults()
    return faults, rehearsal.witness.states, rehearsal.said


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("journeys/*.toml")))
def test_a_journey_goes_as_planned_when_every_word_is_heard(name: str) -> None:
    assert held(name)[0] == []


def test_the_plans_together_go_through_every_state() -> None:
    reached = {state for name in PLANS for state in held(name)[1]}
    print(f"{len(reached)} of {len(PACK.states)} states are reached by {len(PLANS)} plans")
    assert PACK.states.keys() - reached == set()


def test_what_the_plans_expect_names_every_state() -> None:
    named = {state for path in PLANS.values() for state in read_plan(path).expect.states}
    assert PACK.states.keys() - named == set()


@pytest.mark.parametrize("letter", sorted(SCRIPTS))
def test_each_named_script_has_its_plans(letter: str) -> None:
    assert set(SCRIPTS[letter]) <= PLANS.keys()


def test_each_journey_has_its_plans_and_each_plan_its_journey_or_script() -> None:
    named = {name for names in (*JOURNEYS.values(), *SCRIPTS.values()) for name in names}
    assert named <= PLANS.keys()
    assert {path.stem for path in HERE.glob("journeys/*.toml")} <= named


def test_the_no_of_two_sounds_the_same_whether_it_is_said_or_not() -> None:
    def last_words(name: str) -> list[Say]:
        return [say for say in held(name)[2] if say.state == "T_NOT_NOW"]

    assert len(last_words("two_says_no")) == 1
    assert last_words("two_says_no") == last_words("two_says_nothing") == last_words("two_says_um")


def test_a_swap_takes_no_yes_to_the_other_person() -> None:
    _, states, _ = held("a_swap_takes_no_yes_along")
    after = states[states.index("T_SWAP") :]
    assert "T_CH_WILLING" in after
    assert "T_CH_CARD" not in after


@pytest.mark.parametrize("state", sorted(PACK.states))
def test_stop_and_words_of_danger_have_their_way_out_of_each_state(state: str) -> None:
    ways = edges(PACK, PACK.states[state])
    assert ways["STOP"] in {"STOPPED", "CR_BYE", "CR_CLOSE", "END"}
    if PACK.states[state].listen != "none" and state != "PAUSED":
        assert {intent: ways[intent] for intent in SAFETY} == SAFETY
