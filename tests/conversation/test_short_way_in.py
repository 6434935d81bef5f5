"""Who knows what they want is at the first real question after three prompts; consent is the same."""

from __future__ import annotations

import pytest
from typed import Person, english

from voice_coach.conversation.cues import AUTO, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.preset import Preset
from voice_coach.understanding.table import PhraseTable
from voice_coach.understanding.understand import understand

ARRIVING = ("PLACE", "PLACE_FIX", "MODE", "SOLO_CHOICE", "TIME")


@pytest.mark.parametrize("personal", [False, True])
@pytest.mark.parametrize(
    ("words", "mode", "then"),
    [
        ("just listen", "heard", "CONNECT"),
        ("yes, just be heard", "heard", "CONNECT"),
        ("look back, short one", "look_back", "CONNECT"),
        ("just me, look back, I'm walking", "look_back", "CONNECT"),
        ("um, look back please, a longer one", "look_back", "CONNECT"),
        ("get ready", "get_ready", "CONNECT"),
        ("two of us", "together", "T_INTRO"),
        ("two of us, walking", "together", "T_INTRO"),
    ],
)
def test_all_in_one_go_at_the_first_question(words: str, mode: str, then: str, personal: bool) -> None:
    person = Person(Preset(personal=personal)).says(words)
    assert person.state == "CONSENT"
    person.says("yes")
    assert person.prompts[:3] == ["WELCOME", "PLACE", "CONSENT"]
    assert person.prompts[3] == then, person.prompts
    assert person.talk.memory.mode == mode


@pytest.mark.parametrize("mode", ["heard", "look_back", "get_ready"])
def test_said_on_the_command_line_only_the_place_and_consent_are_asked(mode: str) -> None:
    length = "short" if mode == "look_back" else ""
    person = Person(Preset(mode=mode, length=length)).says("yes").says("yes")  # type: ignore[arg-type]
    assert person.prompts == ["WELCOME", "PLACE", "CONSENT", "CONNECT"]


@pytest.mark.parametrize(
    ("words", "still_asked"),
    [("short one", "MODE"), ("just me", "SOLO_CHOICE"), ("look back", "TIME"), ("I'm walking", "MODE")],
)
def test_only_what_was_not_said_is_still_asked(words: str, still_asked: str) -> None:
    person = Person().says(words).says("yes")
    assert person.prompts == ["WELCOME", "PLACE", "CONSENT", still_asked]


def test_what_was_said_at_first_is_kept_until_it_is_needed() -> None:
    person = Person().says("short one").says("yes").says("just me").says("look back")
    assert person.state == "CONNECT"
    assert person.talk.memory.length == "short"
    assert Person().says("in my head, just listen").talk.memory.quiet


@pytest.mark.parametrize(
    "words", ["look back, no", "look back but not now", "look back and my boss", "short of staff"]
)
def test_anything_beside_the_answers_makes_it_none(words: str) -> None:
    person = Person().says(words)
    assert person.talk.memory.mode == ""
    assert person.state != "CONSENT"


def test_a_recogniser_is_given_what_may_be_said_in_one_breath_where_it_is_understood() -> None:
    place = PhraseTable.for_state(english(), "PLACE")
    for words in ("just listen short one i'm walking", "two of us short one", "yes look back five minutes"):
        assert words in place.phrases
        assert understand(words, place, "choice").also
    assert not PhraseTable.for_state(english(), "CONSENT").one_breath
    assert not PhraseTable.while_speaking(english(), "PLACE").one_breath


def test_outside_the_arriving_questions_nothing_is_put_together() -> None:
    for state in english().states.values():
        if state.name in ARRIVING:
            continue
        table = PhraseTable.for_state(english(), state.name)
        assert not table.combinable, state.name
        for words in ("yes short", "yes just me look back", "ask me yes walking", "keep it yes short"):
            assert understand(words, table, state.listen).also == ()


@pytest.mark.parametrize("personal", [False, True])
@pytest.mark.parametrize("lost", ["WELCOME", "CONSENT"])
def test_consent_still_needs_all_it_rests_on_to_be_heard(personal: bool, lost: str) -> None:
    talk = Conversation(english(), Preset(mode="heard", personal=personal))
    cues = talk.begin()
    for words in ("", "BE_HEARD", "YES"):
        for cue in cues:
            if getattr(cue, "state", "") != lost:
                talk.spoken(cue) if hasattr(cue, "parts") else None
        cues = talk.hear(Turn(words or AUTO, by="text"))
    assert not talk.memory.consented
    assert talk.memory.state in {"CONSENT", "WELCOME"}


def test_the_short_welcome_and_consent_are_for_a_device_of_ones_own() -> None:
    usual, own = Person().says("just listen"), Person(Preset(personal=True)).says("just listen")
    assert sum(len(say.text) for say in own.said) < sum(len(say.text) for say in usual.said)
    consent = own.said[-1].text.lower()
    assert "keep nothing" in consent
    assert "can't call for help" in consent
