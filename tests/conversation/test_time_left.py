"""Variation and pacing (conversation design, parts 4 and 6): what comes when, and what time leaves out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from typed import Person, english, straight_to_a_gate

from voice_coach.conversation.cues import Adjust, Listen, Say, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.preset import DROPPED_SECONDS, LATE_SECONDS, Preset
from voice_coach.speaking.pacing import Pace

SHORT = Preset(mode="look_back", length="short")
LONG = Preset(mode="look_back", length="long")
GIVEN = 300.0
TO_THE_CHECK = ("yes", "yes", "done", "skip", "explore", "done", "done", "done")


def asked_again(state: str, times: int) -> list[str]:
    talk = Conversation(english())
    talk.memory.state = state
    said = []
    for _ in range(times):
        said += [cue.text for cue in talk._enter("", "") if isinstance(cue, Say)]
    return said


def test_every_wording_is_used_before_one_comes_again() -> None:
    for name in ("CONNECT", "LISTEN", "HEARD", "CLOSE_CONNECT", "CONNECT_CHECK"):
        count = len([prompt for prompt in english().states[name].prompts if not prompt.when])
        said = asked_again(name, 2 * count)
        assert len({*said[:count]}) == count, name
        assert said[count:] == said[:count], name


def test_no_wording_is_said_again_at_once_however_its_question_is_come_back_to() -> None:
    """Last time's is not said this time: with conditions, in detours, and for short lines too."""
    for state in english().states.values():
        talk = Conversation(english(), LONG)
        talk.memory.state = state.name
        for stopped in (False, True):
            fitting = {talk.book.prompt(state, talk.memory, stopped=stopped).id}
            for _ in state.prompts:
                before = talk.book.prompt(state, talk.memory, stopped=stopped)
                talk.book.note(before)
                after = talk.book.prompt(state, talk.memory, stopped=stopped)
                fitting.add(after.id)
                assert before != after or len(fitting) == 1, state.name
    person = Person(LONG).says("yes").says("yes")
    assert person.state == "CONNECT"
    first = person.said[-1]
    person.says("pause").says("go on")
    assert person.state == "CONNECT"
    assert person.said[-1] not in {first}
    lines = [line for line, said in english().lines.items() if len(said) > 1]
    assert lines
    for name in lines:
        state = english().states["CONNECT"]
        talk = Conversation(english())
        said = []
        for _ in range(4):
            said += [talk.book.line(name, state, talk.memory)]
            assert said[-1] is not None
            talk.book.note(said[-1])
        assert all(one != other for one, other in pairwise(said)), name


def test_walking_doubles_every_wait() -> None:
    usual = Person(LONG).says("yes").says("yes").listen
    walking = Person(Preset(mode="look_back", length="walking")).says("yes").says("yes").listen
    assert usual is not None
    assert walking is not None
    assert walking.patience == tuple(2 * seconds for seconds in usual.patience)


@pytest.mark.parametrize(
    ("word", "waits", "voice"),
    [
        ("slower", [1.5, 2.0, 2.0, 2.0, 2.0], [(1.5, 150), (2.0, 150), (2.0, 135), (2.0, 120), (2.0, 120)]),
        ("faster", [0.7, 0.7, 0.7, 0.7], [(0.7, 150), (0.7, 165), (0.7, 180), (0.7, 180)]),
    ],
)
def test_slower_widens_the_gaps_first_and_the_words_last_down_to_a_limit(
    word: str, waits: list[float], voice: list[tuple[float, int]]
) -> None:
    person, pace = Person(LONG).says("yes").says("yes"), Pace()
    scales, heard = [], []
    for _ in waits:
        person.says(word)
        scales.append(person.talk.scale)
        for cue in person.cues:
            if isinstance(cue, Adjust):
                pace = pace.slower() if cue.step < 0 else pace.faster()
        heard.append((pace.gap_factor, pace.words_per_minute))
    assert scales == waits
    assert heard == voice
    assert ["PACE_LIMIT" in say.id for say in person.said[-2:]] == [False, True]


@pytest.mark.parametrize("minutes", [1, 2.5, 2.9])
def test_one_bell_when_two_minutes_are_left_and_nothing_is_dropped_for_it(minutes: float) -> None:
    person = Person(SHORT).says("yes").says("yes")
    assert person.listen is not None
    assert person.listen.bell_at == GIVEN - LATE_SECONDS
    person.at = minutes * 60
    for words in TO_THE_CHECK[2:]:
        person.says(words)
    assert person.says("steady").state == "CHALLENGE_GATE"


def test_after_the_bell_no_second_one_and_the_card_is_still_there_by_the_plan_of_the_design() -> None:
    person = Person(SHORT).says("yes").says("yes")
    person.at = GIVEN - 65.0
    for words in TO_THE_CHECK[2:]:
        person.says(words)
        assert person.listen is not None
        assert person.listen.bell_at is None
    assert person.says("steady").state == "CHALLENGE_GATE"


@pytest.mark.parametrize(
    ("left", "state"), [(61, "CHALLENGE_GATE"), (55, "EXPLORE"), (30, "TOWARDS"), (20, "CLOSE_CONNECT")]
)
def test_what_is_dropped_goes_in_the_order_of_the_design(left: float, state: str) -> None:
    person = Person(SHORT)
    for words in TO_THE_CHECK:
        person.says(words)
    person.at = GIVEN - left
    person.says("steady")
    group = english().states[person.state].group
    assert person.state == state or (state == "EXPLORE" and group == "explore")


@pytest.mark.parametrize(("left", "asked"), [(41, "HOPE"), (39, "LISTEN"), (1, "LISTEN")])
def test_hope_is_dropped_only_near_the_end(left: float, asked: str) -> None:
    person = Person(SHORT).says("yes").says("yes").says("done").says("skip")
    person.at = GIVEN - left
    assert person.says("explore").state == asked


@pytest.mark.parametrize(("left", "asked"), [(36, "RAW_CHECK"), (34, "NEED"), (-600, "NEED")])
def test_the_first_feeling_is_dropped_only_near_the_end(left: float, asked: str) -> None:
    person = Person(SHORT).says("yes").says("yes")
    person.at = GIVEN - left
    assert person.says("done").state == asked


@pytest.mark.parametrize("at", [0.0, 250.0, 299.0, 10_000.0])
def test_connection_the_check_in_and_the_close_are_never_dropped(at: float) -> None:
    words = {
        "PLACE": "yes",
        "CONSENT": "yes",
        "RAW_CHECK": "skip",
        "NEED": "explore",
        "CONNECT_CHECK": "steady",
    }
    person = Person(SHORT, at=at)
    for _ in range(40):
        if person.talk.state is None:
            break
        refusing = "just listen" if person.state.startswith("CH") else "done"
        person.says(words.get(person.state, refusing))
    assert {"CONNECT", "CONNECT_CHECK", "CLOSE_CONNECT"} <= {*person.prompts}


def test_the_order_of_what_is_dropped_is_that_of_the_design() -> None:
    assert list(DROPPED_SECONDS) == ["challenge", "explore", "hope", "raw check", "towards"]
    assert list(DROPPED_SECONDS.values()) == sorted(DROPPED_SECONDS.values(), reverse=True)
    assert max(DROPPED_SECONDS.values()) < LATE_SECONDS


def test_with_time_limits_off_nothing_is_ever_late() -> None:
    person = Person(Preset(mode="look_back", length="short", patience=0), at=1e6)
    for words in TO_THE_CHECK:
        person.says(words)
    assert person.listen is not None
    assert person.listen.bell_at is None
    assert person.says("steady").state == "CHALLENGE_GATE"


def test_a_plain_yes_at_the_offer_leads_only_to_the_confirm() -> None:
    person = straight_to_a_gate(SHORT)
    assert person.state == "CHALLENGE_GATE"
    assert person.says("yes").state == "CH_CONFIRM"
    for answer in (Turn("YES"), Turn("YES", by="text"), Turn("YES", by="key", at=1.0)):
        talk = straight_to_a_gate(SHORT).talk
        talk.memory.armed_at = 0.0
        talk.hear(answer)
        assert talk.memory.state == "CH_CONFIRM"


def test_a_long_talk_has_one_bell_and_no_end() -> None:
    person = Person(Preset(mode="heard")).says("yes").says("yes").says("done")
    assert person.state == "LISTEN"
    listens = [cue for cue in person.cues if isinstance(cue, Listen)]
    assert listens[-1].bell_after == 360.0
