"""The invariants that are not about ways through the conversation: words, keys, waits and withdrawing.

Each is named after its number in part 5.3 of the design. What is about sound itself (cut within half a
second, deaf after its own voice) is tried on real sound in tests/turns and measured by scripts/bench_turns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from tracked import Configuration, plain_memory
from typed import english
from walk import DETOURS, Walker, presets

from voice_coach.conversation.consent import OPENING, is_wish
from voice_coach.conversation.cues import SILENCE, UNCLEAR, Consent, End, Listen, Say, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.ladder import TALK_TURNS, ladder
from voice_coach.conversation.preset import Preset
from voice_coach.conversation.protected import CHALLENGE_CARDS, CHALLENGE_GATES, CHALLENGE_OFFERS
from voice_coach.hearing.recognizer import Hypothesis
from voice_coach.packs.check import check_pack
from voice_coach.packs.models import State
from voice_coach.screen.board import Board
from voice_coach.turns.belief import believed, vouched
from voice_coach.turns.rules import ANSWER_CONFIDENCE, GATE_CONFIDENCE
from voice_coach.understanding.patterns import expand
from voice_coach.understanding.table import CONSENT, PhraseTable
from voice_coach.understanding.understand import understand

pytestmark = pytest.mark.timeout(900)
ASKING = [state for state in english().states.values() if state.listen != "none"]
GATES = [state.name for state in ASKING if state.listen == "gate"]
CARDS = (*CHALLENGE_CARDS, "T_CH_CARD")


@cache
def walked() -> tuple[Walker, ...]:
    """Every configuration of a short look back, and of two together, without detours."""
    pack = english()
    alone = Walker(pack, from_presets=True, without=DETOURS).walk(presets(["look_back"], ["short"]))
    return alone, Walker(pack, from_presets=True, without=DETOURS).walk(presets(["together"]))


def at(*states: str) -> Iterator[tuple[str, Configuration]]:
    found = [(state, place) for walk in walked() for state in states for place, _ in walk.at(state)]
    assert {state for state, _ in found} == {
        state for state in states if any(state in w.states for w in walked())
    }
    assert found
    yield from found


def talk_at(place: Configuration) -> Conversation:
    talk = Conversation(english())
    talk.memory = plain_memory(place)
    return talk


def put_in(state: str) -> Conversation:
    """For a state that the two walks do not come to."""
    talk = Conversation(english(), Preset(mode="heard", notes_on=True))
    talk.memory.consented, talk.memory.state = True, state
    return talk


def phrases(intent: str) -> list[str]:
    known = english().intents.get(intent)
    return [phrase for pattern in known.say for phrase in expand(pattern)] if known is not None else []


def heard(words: str, confidence: float) -> Hypothesis:
    return Hypothesis(words, confidence, clean=False, audio_seconds=1.0, compute_seconds=0.0)


def table(state: str) -> PhraseTable:
    return PhraseTable.for_state(english(), state)


@pytest.mark.parametrize("intent", ["JUST_LISTEN", "STOP", "PAUSE"])
@pytest.mark.parametrize("while_speaking", [True, False])
def test_i_07_a_harder_question_can_be_taken_back_in_the_middle(intent: str, while_speaking: bool) -> None:
    for state, place in at(*CARDS):
        talk = talk_at(place)
        talk.memory.person.token = True
        cues = talk.hear(Turn(intent, while_speaking=while_speaking))
        assert cues, state
        assert not talk.memory.person.token
        said = [cue for cue in cues if isinstance(cue, Say)]
        assert all(say.stance not in {"challenge", "explore"} for say in said), said
        assert talk.memory.state not in CARDS


def test_between_two_just_listen_is_not_answered_as_if_all_asking_ended() -> None:
    talk = Conversation(english(), Preset(mode="together"))
    for state in ("T_HOPE", "T_SPACE", "T_TURN"):
        talk.memory.state = state
        said = [cue.id for cue in talk.hear(Turn("JUST_LISTEN")) if isinstance(cue, Say)]
        assert said, state
        assert not any(each.startswith("lines.WITHDRAWN") for each in said), said


def test_i_09_a_plain_yes_never_stands_alone_at_the_offer() -> None:
    for state, place in at(*CHALLENGE_OFFERS):
        talk = talk_at(place)
        cues = talk.hear(Turn("YES"))
        assert talk.memory.state in {"CH_CONFIRM", "T_CH_CONFIRM"}, state
        assert not any(isinstance(cue, Consent) and cue.what == "taken" for cue in cues)


def test_i_09_consent_is_the_whole_utterance() -> None:
    for state in GATES:
        for intent in sorted(CONSENT & table(state).intents):
            for phrase in phrases(intent):
                for said in (
                    f"{phrase} she told me",
                    f"and then he said {phrase} to them",
                    f"{phrase} or else",
                ):
                    assert understand(said, table(state), "gate").intent not in CONSENT, (state, said)


def test_i_09_a_gate_has_decoys_and_a_doubtful_hypothesis_opens_nothing() -> None:
    for state in GATES:
        assert len(table(state).decoys) >= 10, state
    for state in CHALLENGE_GATES:
        assert not vouched(heard("ask me", 1.0), state)
    assert not vouched(heard("yes", GATE_CONFIDENCE - 0.01), "CONSENT")
    assert not believed("YES", heard("yes", ANSWER_CONFIDENCE - 0.01), "gate")


def test_i_10_a_yes_with_a_no_or_a_maybe_in_it_is_the_no_or_the_maybe() -> None:
    rules = english().rules
    doubts = [*rules.negations, *rules.hedges, *phrases("JUST_LISTEN"), *phrases("NO"), *phrases("UNSURE")]
    for state in GATES:
        here = table(state)
        for intent in sorted(CONSENT & here.intents):
            agreeing = phrases(intent)[0]
            for doubt in doubts:
                for said in (f"{agreeing} {doubt}", f"{doubt} {agreeing}"):
                    assert understand(said, here, "gate").intent not in CONSENT, (state, said)


def test_i_11_the_taught_pairs_do_not_sound_alike() -> None:
    for yes, no in (("ASK_ME", "JUST_LISTEN"), ("KEEP_IT", "BIN_IT")):
        first, second = phrases(yes)[0], phrases(no)[0]
        assert first[0] != second[0]
        assert len(first) != len(second)
        assert re.findall("[aeiou]", first)[0] != re.findall("[aeiou]", second)[0]


def test_i_11_ready_and_yet_are_never_offered() -> None:
    offered = re.compile(
        r"\b(ready,? or not ready|yes,? or not yet|not ready,? or ready|say ready|say not yet)\b"
    )
    for said in every_sentence():
        assert not offered.search(said.lower()), said


@pytest.mark.parametrize("state", [s.name for s in ASKING if s.listen in {"short", "think", "free"}])
def test_i_23_in_talk_nothing_said_is_ever_called_unclear(state: str) -> None:
    talk = Conversation(english())
    talk.memory.state = state
    before = talk.memory.copy()
    for _ in range(5):
        assert talk.hear(Turn(UNCLEAR)) == []
    assert talk.memory == before
    for said in ("so she came in late and we sat down", "it is what it is", "that was my whole week"):
        assert understand(said, table(state), english().states[state].listen).intent is None
    waits = ladder(english().states[state])
    for rung in range(len(waits)):
        talk.memory.state = state
        said_then = [cue.id for cue in talk.hear(Turn(SILENCE, rung=rung)) if isinstance(cue, Say)]
        assert not any(".unclear" in each for each in said_then)


def test_i_25_nobody_is_asked_for_a_name() -> None:
    asks = re.compile(
        r"(your|their|his|her|the|a|first) names?\b[^.?!]*\?|who (was|is) (it|she|he|that)\b|called\?"
    )
    for said in every_sentence():
        assert not asks.search(said.lower()), said
    assert english().style.people


def test_i_26_every_prompt_keeps_to_its_seconds_choices_and_grade() -> None:
    assert [str(fault) for fault in check_pack(english())] == []


@pytest.mark.parametrize("patience", [1.0, 2.5, 10.0])
def test_i_28_every_wait_can_be_multiplied_and_none_is_shorter_for_somebody_slow(patience: float) -> None:
    for state in ASKING:
        usual, slower = listening(state, 1.0), listening(state, patience)
        assert slower.patience == tuple(seconds * patience for seconds in usual.patience), state.name
        assert slower.scale == patience * usual.scale
        asked = Conversation(english(), Preset(patience=patience))
        asked.memory.state = state.name
        asked.hear(Turn("SLOWER"))
        assert asked.scale >= slower.scale


def test_i_28_every_wait_can_be_turned_off() -> None:
    for state in ASKING:
        listen = listening(state, 0.0)
        assert listen.patience == (), state.name
        assert listen.bell_at is None
        assert listen.bell_after is None


def listening(state: State, patience: float) -> Listen:
    talk = Conversation(english(), Preset(mode="look_back", length="short", patience=patience))
    talk.memory.state = state.name
    return talk.listen(state)


@pytest.mark.parametrize("state", [state.name for state in ASKING])
def test_i_30_every_answer_can_be_given_by_key(state: str) -> None:
    place = next((place for walk in walked() for place, _ in walk.at(state)), None)
    for intent in sorted(table(state).intents & {*english().states[state].go}):
        spoken, pressed = (talk_at(place) if place else put_in(state) for _ in (1, 2))
        spoken.hear(Turn(intent, at=2.0))
        if is_wish(state, intent):
            pressed.memory.armed_at = 0.5
        pressed.hear(Turn(intent, by="key", at=2.0))
        assert pressed.memory.state == spoken.memory.state, intent


def test_i_30_every_question_has_keys_and_every_telling_goes_on_by_itself() -> None:
    board = Board(english())
    always = {key.intent for key in board.always}
    assert {"STOP", "SKIP"} <= always
    for state in english().states.values():
        if state.listen in {"choice", "gate"}:
            assert board.choices(state), state.name
        elif state.listen == "none":
            assert "AUTO" in state.go, state.name


def test_i_30_all_that_is_said_is_words_that_can_be_shown() -> None:
    talk = Conversation(english(), Preset(mode="heard"))
    for cue in talk.begin():
        if isinstance(cue, Say):
            assert cue.text.strip()
        assert not isinstance(cue, End)
    assert TALK_TURNS
    assert OPENING


def every_sentence() -> Iterator[str]:
    """All that is ever said."""
    pack = english()
    for state in pack.states.values():
        for prompt in (*state.prompts, *state.again_prompts, *state.harm_prompts):
            yield from prompt.spoken
        yield from (text for text in (state.silence, state.unclear, state.help, state.default) if text)
    for variants in pack.lines.values():
        yield from variants
