"""The setup talk: every way through it, what it settles, and what it must not."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import pytest

from voice_coach.conversation.cues import AUTO, SILENCE, UNCLEAR, Adjust, Chime, End, Listen, Next, Say, Turn
from voice_coach.errors import SetupError
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack
from voice_coach.packs.readability import grade, syllables_of, words
from voice_coach.settings_file import TEMPLATE, read_settings
from voice_coach.setup_guide.guide import Answers, SetupGuide
from voice_coach.setup_guide.save import save
from voice_coach.setup_guide.words import GROUP, with_setup
from voice_coach.understanding.table import PhraseTable

WORDS_A_SECOND = 150 / 60


@pytest.fixture(scope="module")
def pack() -> Pack:
    return with_setup(load_pack("en"))


def through(guide: SetupGuide, *intents: str, by: str = "voice") -> list[object]:
    """All cues of a guide that is answered so; what only tells goes on by itself."""
    cues: list[object] = list(guide.begin())
    at = 0.0
    for intent in intents:
        at += 5.0
        cues += guide.hear(Turn(intent, by=by, at=at))  # type: ignore[arg-type]
        while cues and isinstance(cues[-1], Next):
            cues += guide.hear(Turn(AUTO, at=at))
    return cues


def test_a_person_is_heard_and_settles_everything(pack: Pack) -> None:
    guide = SetupGuide(pack)
    cues = through(guide, "YES", "HELLO", "ONLY_ME", "YES", "LONGER")
    assert guide.finished
    assert guide.answers == Answers(personal=True, notes=True, patience=2.0, heard=True)
    assert cues[-1] == End("set up", silent=True)


def test_on_a_shared_device_notes_are_not_even_offered(pack: Pack) -> None:
    guide = SetupGuide(pack)
    cues = through(guide, "YES", "HELLO", "SHARED", "NORMAL")
    assert guide.finished
    assert guide.answers.notes is False
    assert not any(isinstance(cue, Say) and cue.state == "SETUP_NOTES" for cue in cues)


@pytest.mark.parametrize("answer", ["NO", "UNSURE", "SKIP", "DEFAULT"])
def test_notes_stay_off_unless_there_is_a_yes(pack: Pack, answer: str) -> None:
    guide = SetupGuide(pack)
    through(guide, "YES", "HELLO", "ONLY_ME", answer, "NORMAL")
    assert guide.finished
    assert guide.answers.notes is False


def test_one_press_does_not_turn_notes_on_and_two_do(pack: Pack) -> None:
    guide = SetupGuide(pack)
    through(guide, "YES", "SKIP", "ONLY_ME", by="key")
    assert guide.hear(Turn("YES", by="key", at=20.0)) == [Chime("tick")]
    assert guide.hear(Turn("YES", by="key", at=20.2)) == [Chime("tick")]
    assert guide.memory.state == "SETUP_NOTES"
    guide.hear(Turn("YES", by="key", at=21.5))
    assert guide.memory.state == "SETUP_PACE"
    assert guide.answers.notes
    assert not guide.answers.heard, "a key proves nothing of the microphone"


def test_a_yes_that_the_hearing_does_not_vouch_for_turns_nothing_on(pack: Pack) -> None:
    guide = SetupGuide(pack)
    through(guide, "YES", "HELLO", "ONLY_ME")
    guide.hear(Turn("YES", at=20.0, clean=False))
    assert guide.memory.state == "SETUP_NOTES"
    assert guide.hear(Turn("YES", at=21.0, while_speaking=True)) == []


def test_all_of_it_can_be_skipped_or_left_unanswered(pack: Pack) -> None:
    guide = SetupGuide(pack)
    through(guide, *["SKIP"] * 4)
    assert guide.finished
    quiet = SetupGuide(pack)
    cues: list[object] = list(quiet.begin())
    while not any(isinstance(cue, End) for cue in cues):
        for rung in (0, 1):
            cues += quiet.hear(Turn(SILENCE, at=1.0, rung=rung))
        while isinstance(cues[-1], Next):
            cues += quiet.hear(Turn(AUTO))
    assert quiet.finished
    assert quiet.answers == Answers(personal=False, notes=False, patience=1.0)


@pytest.mark.parametrize(
    ("answers", "declined"),
    [(["SKIP"], True), (["NO"], True), (["UNSURE"], True), (["YES", "STOP"], False), (["HUSH"], False)],
)
def test_it_can_be_left_out_and_stop_ends_it_anywhere(pack: Pack, answers: list[str], declined: bool) -> None:
    guide = SetupGuide(pack, offer=True)
    assert isinstance(through(guide, *answers)[-1], End)
    assert not guide.finished
    assert guide.declined is declined, "only who left it out goes on to a session"


def test_silence_at_the_start_leads_on_and_settles_nothing_by_itself(pack: Pack) -> None:
    guide = SetupGuide(pack, offer=True)
    guide.begin()
    for rung in (0, 1):
        guide.hear(Turn(SILENCE, at=1.0, rung=rung))
    assert guide.memory.state == "SETUP_HEAR"
    assert not guide.answered
    guide.hear(Turn("YES", at=2.0))
    assert guide.answered


def test_louder_and_softer_change_how_loud_it_is_and_it_asks_again(pack: Pack) -> None:
    guide = SetupGuide(pack)
    cues = through(guide, "VOLUME_UP", "VOLUME_DOWN", "NO")
    assert [cue.step for cue in cues if isinstance(cue, Adjust)] == [1, -1, 1]
    assert guide.memory.state == "SETUP_HEAR"
    assert guide.answers.volume == 1


def test_slower_and_louder_are_kept_within_what_there_is(pack: Pack) -> None:
    guide = SetupGuide(pack, volume=1, pace=0)
    through(guide, *["VOLUME_UP"] * 5, *["SLOWER"] * 5, "YES", "FASTER")
    assert (guide.answers.volume, guide.answers.pace) == (2, -3)
    assert guide.memory.state == "SETUP_SPEAK"


def test_what_was_not_understood_is_asked_once_more(pack: Pack) -> None:
    guide = SetupGuide(pack)
    through(guide, UNCLEAR)
    assert guide.memory.state == "SETUP_HEAR"
    guide.hear(Turn(UNCLEAR, at=9.0))
    assert guide.memory.state == "SETUP_SPEAK"


@pytest.mark.parametrize(
    ("intent", "state"), [("NUMBERS", "CR_NUMBERS"), ("CR_SELF", "CR_CHECK"), ("CR_MEDICAL", "CR_MEDICAL")]
)
def test_whoever_needs_help_is_in_the_real_conversation_at_once(pack: Pack, intent: str, state: str) -> None:
    for before in range(5):
        guide = SetupGuide(pack)
        through(guide, *["YES", "HELLO", "ONLY_ME", "NO"][:before], intent)
        assert guide.memory.state == state
        assert not guide.finished


def test_no_sequence_breaks_it_or_turns_notes_on_without_a_yes(pack: Pack) -> None:
    chance = random.Random(7)
    intents = [*pack.intents, SILENCE, UNCLEAR, "FEELING", "SPEECH_END"]
    for _ in range(300):
        guide = SetupGuide(pack, offer=chance.random() < 0.5)
        cues: list[object] = list(guide.begin())
        said_yes = False
        for at in range(40):
            state = guide.memory.state
            if cues and isinstance(cues[-1], End):
                break
            if not state.startswith("SETUP"):
                break
            intent = AUTO if isinstance(cues[-1], Next) else chance.choice(intents)
            said_yes = said_yes or (state, intent) == ("SETUP_NOTES", "YES")
            cues = list(guide.hear(Turn(intent, at=float(at), rung=chance.randint(0, 1)))) or cues
            assert all(not isinstance(cue, Listen) or cue.state in pack.states for cue in cues)
        assert said_yes or not guide.answers.notes


def test_it_takes_at_most_two_minutes(pack: Pack) -> None:
    longest = SetupGuide(pack)
    said = [
        cue for cue in through(longest, "YES", "HELLO", "ONLY_ME", "NO", "NORMAL") if isinstance(cue, Say)
    ]
    words = sum(len(say.text.split()) for say in said)
    answering = 3.0
    assert words / WORDS_A_SECOND * 1.3 + len(said) * answering < 120


def test_its_words_are_as_plain_as_the_packs(pack: Pack) -> None:
    states = [state for state in pack.states.values() if state.group == GROUP]
    assert len(states) == 7
    for state in states:
        for text in (*(p for prompt in state.prompts for p in prompt.spoken), state.silence, state.help):
            spoken = f" {' '.join(words(text))} ".lower()
            assert not any(
                f" {f.lower()} " in spoken for each in pack.style.forbidden.values() for f in each
            ), text
            for sentence in text.replace("?", ".").split("."):
                assert len(sentence.split()) <= 18, sentence
            if text:
                assert grade(text, syllables_of(words(text))) <= 5, text


def test_every_phrase_of_it_means_one_thing_there(pack: Pack) -> None:
    for state in (state for state in pack.states.values() if state.group == GROUP):
        table = PhraseTable.for_state(pack, state.name)
        for intent in state.go:
            if intent in pack.intents:
                taught = table.normaliser.listed(pack.intents[intent].say[0])[0]
                assert table.meanings[taught] == intent, (state.name, intent)


def test_what_was_settled_is_in_the_settings_and_all_else_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "voice-coach" / "settings.toml"
    save(Answers(personal=True, notes=True, patience=2.0, volume=-2, pace=-1), path)
    notes = {"notes": True, "keep_days": 0, "note_dates": False}
    settled = {"patience": 2.0, "personal": True, "volume": -2, "pace": -1}
    assert read_settings(path) == settled | notes
    path.write_text('# mine\nvoice = "en-gb"\n\n[notes]\nkeep_days = 7 # a week\n')
    save(Answers(personal=False, patience=0.0), path)
    settled = {"patience": 0.0, "personal": False, "volume": 0, "pace": 0}
    assert read_settings(path) == settled | {"voice": "en-gb", "notes": False, "keep_days": 7}
    assert "# mine" in path.read_text()
    assert "# a week" in path.read_text()
    save(Answers(patience=1.0), path)
    assert tomllib.loads(path.read_text())["patience"] == 1.0
    assert path.read_text().count("patience") == 1


def test_settings_that_cannot_be_read_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("patience = [")
    with pytest.raises(SetupError, match="not good TOML"):
        save(Answers(), path)
    assert path.read_text() == "patience = ["


def test_the_template_begins_with_nothing_set() -> None:
    assert "# patience" in TEMPLATE
