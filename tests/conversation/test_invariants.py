"""The invariants of the conversation design, each by an exhaustive walk of the pure machine.

Walked here: "be heard" and "look back" (short, long and walking), getting ready and the reminder, whole; two
together and notes without pauses, reminders and checks. scripts/prove walks all of it from every way in. What
an invariant means is written in observer.py, a second time and from outside.
"""

from __future__ import annotations

import pytest
from tracked import plain_memory
from walk import DETOURS, WALKED, Walker, presets

from voice_coach.conversation.cues import AUTO, SILENCE, UNCLEAR, Consent, Cue, Listen, Say, Turn, Wait
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.ladder import ladder
from voice_coach.conversation.protected import CHALLENGE_CARDS
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack

Walks = tuple[Walker, ...]
pytestmark = pytest.mark.timeout(900)
"""The walks take half a minute of a processor, however many others want it."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("en")


@pytest.fixture(scope="module")
def together(pack: Pack) -> Walker:
    """Two people, and notes switched on, without detours."""
    walker = Walker(pack, from_presets=True, without=DETOURS).walk(presets(["together"], notes_on=True))
    WALKED.append(f"two together, without detours: {walker}")
    return walker


@pytest.fixture(scope="module")
def walks(pack: Pack, together: Walker) -> Walks:
    solo = Walker(pack, from_presets=True)
    solo.walk([*presets(["heard"]), *presets(["look_back"], ["short", "long"])])
    WALKED.append(f"be heard and look back: {solo}")
    ready = Walker(pack, from_presets=True)
    ready.walk([*presets(["get_ready"], formal_due=True), *presets(["reminder"])])
    WALKED.append(f"get ready and reminder: {ready}")
    return solo, ready, together


def assert_holds(invariant: str, walks: Walks, *reached: str) -> None:
    """No fault of this invariant anywhere; and the walks did come where it matters."""
    faults = [str(fault) for walk in walks for fault in walk.faults if fault.invariant == invariant]
    assert not faults, "\n".join(faults)
    states = set().union(*(walk.states for walk in walks))
    assert {*reached} <= states


def test_i_01_no_harder_question_outside_its_modes_and_prompts(walks: Walks) -> None:
    assert_holds("I-01", walks, *CHALLENGE_CARDS, "T_CH_CARD")


def test_i_02_no_harder_question_without_connection_and_a_later_check_in(walks: Walks) -> None:
    assert_holds("I-02", walks, "CHALLENGE_GATE", "REOPEN_GATE", "T_CH_GATE")


def test_i_03_one_yes_is_one_harder_question(walks: Walks) -> None:
    assert_holds("I-03", walks, *CHALLENGE_CARDS, "T_CH_CARD", "CH_CONFIRM")


def test_i_03_no_yes_is_kept_from_one_turn_to_the_next(walks: Walks) -> None:
    for walk in walks:
        assert walk.values("0.token") == walk.values("1.token") == {False}


def test_i_04_not_ready_holds_until_the_person_reopens_it(walks: Walks) -> None:
    assert_holds("I-04", walks, "NOT_READY", "REOPEN_GATE")


def test_i_05_silence_at_a_gate_is_a_no_and_is_not_asked_again(walks: Walks) -> None:
    assert_holds("I-05", walks, "CHALLENGE_GATE", "CH_CONFIRM", "REOPEN_GATE", "T_CH_GATE", "T_CH_CONFIRM")


def test_i_06_a_harder_question_is_offered_once(walks: Walks) -> None:
    assert_holds("I-06", walks, "CHALLENGE_GATE", "T_CH_GATE")


def test_i_08_what_is_heard_over_the_coach_can_only_stop_or_calm(walks: Walks) -> None:
    assert_holds("I-08", walks)


def test_i_12_skip_works_wherever_something_is_asked_and_never_asks_more(walks: Walks, pack: Pack) -> None:
    assert_holds("I-12", walks, "CONNECT_CHECK", "EX_UNTOLD")
    talk = Conversation(pack)
    for state in pack.states.values():
        if state.listen != "none" and state.name != "PAUSED":
            talk.memory.state = state.name
            assert talk.hear(Turn("SKIP")), state.name
            talk = Conversation(pack)


def test_i_13_stop_ends_it_with_one_short_line_or_none(walks: Walks) -> None:
    assert_holds("I-13", walks, "STOPPED", "CR_BYE")


def test_i_14_every_end_turns_to_people_or_leaves_a_door_open(walks: Walks) -> None:
    assert_holds("I-14", walks, "END", "HUSHED")


def test_i_15_not_understood_never_leads_further(walks: Walks) -> None:
    assert_holds("I-15", walks, "NOTE_BACK", "EXPLORE_OFFER")


def test_i_16_just_listen_works_from_everywhere(walks: Walks) -> None:
    assert_holds("I-16", walks, "LENS", "T_CARD", "PAUSED", "CR_CHECK")


def test_i_17_be_heard_asks_nothing_about_the_story(walks: Walks) -> None:
    assert_holds("I-17", walks, "LISTEN", "HEARD", "CLOSE_CONNECT")


def test_i_18_after_words_of_danger_nothing_is_asked_and_it_locks(walks: Walks) -> None:
    assert_holds("I-18", walks, "CR_CHECK", "CR_SELF", "CR_OTHER", "CR_DANGER", "CR_MEDICAL", "CR_WRONG")


def test_i_19_the_numbers_are_one_step_away(walks: Walks) -> None:
    assert_holds("I-19", walks, "CR_NUMBERS")


def test_i_20_each_of_two_answers_for_themselves(walks: Walks) -> None:
    assert_holds("I-20", walks, "T_TURN", "T_SWAP", "T_CH_CARD", "T_NOTE_OFFER", "NOTE_CARE")


def test_i_21_nobody_can_tell_which_no_it_was(together: Walker, pack: Pack) -> None:
    refusals = [Turn(i) for i in ("NO", "UNSURE", "LATER", "SKIP", "JUST_LISTEN", UNCLEAR)]
    refusals += [Turn("YES", clean=False), Turn(SILENCE)]
    asked = list(together.at("T_ANSWER"))
    assert asked
    for at, path in asked:
        answers: set[tuple[Cue, ...]] = set()
        for turn in refusals:
            talk = Conversation(pack)
            talk.memory = plain_memory(at)
            cues = tuple(cue for cue in talk.hear(turn) if not isinstance(cue, Consent))
            assert isinstance(cues[0], Wait), (path, turn)
            answers.add(cues)
        assert len(answers) == 1, (path, answers)


def test_i_22_connection_and_power_come_before_needs(walks: Walks) -> None:
    assert_holds("I-22", walks, "T_NEED")


def test_i_24_only_the_taught_words_keep_or_wipe_a_note(walks: Walks) -> None:
    assert_holds("I-24", walks, "NOTE_BACK", "NOTE_KEPT", "NOTE_GONE")


def test_i_27_consent_is_asked_in_every_session(walks: Walks) -> None:
    assert_holds("I-27", walks, "CONSENT", "NOT_STARTED")


def test_5_1_curious_questions_only_after_choosing_them(walks: Walks) -> None:
    assert_holds("5.1", walks, "EX_CONNECTION", "EX_WORLDVIEW", "EX_MUTUAL", "EX_UNTOLD", "T_CARD")


def test_i_29_again_is_word_for_word_and_silence_repeats_no_harder_question(walks: Walks, pack: Pack) -> None:
    for state in pack.states.values():
        if state.listen == "none":
            continue
        talk = Conversation(pack)
        at = next((at for walk in walks for at, _ in walk.at(state.name)), None)
        if at is None:
            continue
        talk.memory = plain_memory(at)
        said = talk._enter("", AUTO)
        prompts = [cue for cue in said if isinstance(cue, Say)]
        again = [cue for cue in talk.hear(Turn("REPEAT")) if isinstance(cue, Say)]
        assert again == prompts[-len(again) :], state.name
        assert again or state.name == "PAUSED", state.name
        if state.stance == "challenge":
            words = {say.text for say in prompts}
            for rung in range(len(ladder(state))):
                cues = talk.hear(Turn(SILENCE, rung=rung))
                assert not words & {cue.text for cue in cues if isinstance(cue, Say)}


def test_every_state_is_reached(walks: Walks, pack: Pack) -> None:
    states = set().union(*(walk.states for walk in walks))
    kept_before = {state.name for state in pack.states.values() if state.group == "my_notes"}
    elsewhere = {"NOTE_VOICE", "MODE", "SOLO_CHOICE", "TIME"}
    """Reached with other presets, which scripts/prove walks."""
    assert pack.states.keys() - states - kept_before - elsewhere == set()


def test_every_turn_that_is_listened_to_has_an_end(walks: Walks, pack: Pack) -> None:
    """Patience is never endless, but for the screen and the keys: silence always leads somewhere."""
    for walk in walks:
        for name in walk.states & pack.states.keys():
            state = pack.states[name]
            if state.listen == "none":
                continue
            talk = Conversation(pack)
            talk.memory = plain_memory(next(iter(walk.at(name)))[0])
            for _ in range(60):
                now = talk.state
                if now is None or now.name != name:
                    break
                listens = [cue for cue in talk._enter("", AUTO) if isinstance(cue, Listen)]
                rung = talk.memory.rung if listens else 0
                talk.hear(Turn(SILENCE, rung=rung))
            assert talk.state is None or talk.state.name != name or name in {"CR_MEDICAL", "PAUSED"}, name
