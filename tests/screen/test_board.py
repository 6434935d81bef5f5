"""The keys and pictures of every state, from the real pack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voice_coach.errors import SetupError
from voice_coach.packs.models import Pack
from voice_coach.screen.board import MOST_CHOICES, WITHOUT_A_KEY, Board
from voice_coach.screen.key_words import check_key_words
from voice_coach.screen.pictograms import FRAME, drawings, folder, key_table, shapes_of, sprite
from voice_coach.screen.words import load_words, words_file
from voice_coach.understanding.table import PSEUDO, PhraseTable

ALWAYS = ["STOP", "PAUSE", "SKIP", "REPEAT", "HELP", "NUMBERS"]


def test_every_picture_a_pack_names_is_drawn(board: Board) -> None:
    assert board.pictures() <= set(drawings())


def test_every_drawing_is_of_the_family(pack: Pack) -> None:
    assert len(drawings()) >= len({state.picto for state in pack.states.values()})
    for name, shapes in drawings().items():
        assert shapes.startswith("<"), name
        assert len(shapes) < 1600, name


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<path d="M0 0" onclick="x()"/>',
        '<image href="http://elsewhere/x.png"/>',
        '<path d="M0 0" style="fill:red"/>',
        "<foreignObject/>",
        "<!ENTITY x 'y'>",
    ],
)
def test_a_drawing_with_anything_but_shapes_is_refused(tmp_path: Path, inside: str) -> None:
    file = tmp_path / "bad.svg"
    file.write_text(f"{FRAME}\n{inside}\n</svg>\n")
    with pytest.raises(SetupError, match=r"bad\.svg"):
        shapes_of(file)


def test_a_drawing_in_another_frame_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.svg"
    file.write_text('<svg viewBox="0 0 9 9"><path d="M0 0"/></svg>')
    with pytest.raises(SetupError):
        shapes_of(file)


def test_the_sprite_holds_what_was_asked_for_and_no_more() -> None:
    assert set(re.findall(r'id="p-(\w+)"', sprite({"ear", "key"}))) == {"ear", "key"}


def test_the_six_keys_are_always_there_with_the_taught_words(board: Board) -> None:
    assert [key.intent for key in board.always] == ALWAYS
    assert [key.word for key in board.always] == ["stop", "pause", "skip", "again", "help", "numbers"]


def test_every_listening_state_offers_a_few_keys_and_every_telling_one_none(board: Board) -> None:
    for state in board.pack.states.values():
        keys = board.choices(state)
        if state.listen == "none":
            assert keys == (), state.name
        else:
            assert 1 <= len(keys) <= MOST_CHOICES, (state.name, keys)


def test_every_key_has_a_picture_of_its_own_and_means_something_there(board: Board) -> None:
    for state in board.pack.states.values():
        table = PhraseTable.for_state(board.pack, state.name)
        for key in board.choices(state):
            assert key.picto != WITHOUT_A_KEY or key.intent in {"TALK", "AS_NEEDED"}, key
            assert key.intent in table.intents, (state.name, key)
        pictures = [key.picto for key in board.choices(state)]
        assert len(set(pictures)) == len(pictures), (state.name, pictures)


def test_a_key_shows_one_word_and_no_two_keys_on_a_screen_the_same(board: Board) -> None:
    for state in board.pack.states.values():
        words = {key.intent: key.word for key in (*board.choices(state), *board.always)}
        assert all(re.fullmatch(r"[a-z]+", word) for word in words.values()), (state.name, words)
        assert len(set(words.values())) == len(words), (state.name, words)


def test_the_word_on_a_key_is_understood_there_or_is_part_of_the_phrase_that_is(board: Board) -> None:
    opening = {"ASK_ME": "harder", "NO_LIMIT": "endless"}
    for state in board.pack.states.values():
        table = PhraseTable.for_state(board.pack, state.name)
        for key in board.choices(state):
            meant = [table.meanings.get(table.normaliser.listed(said)[0]) for said in (key.phrase, key.word)]
            assert meant[0] == key.intent, (state.name, key)
            assert meant[1] in {None, key.intent}, (state.name, key, "it says something else when it is said")
            known = meant[1] == key.intent or key.word in key.phrase.lower().split()
            assert known or opening.get(key.intent) == key.word or key.intent == "ONLY_ME", (state.name, key)


def test_the_name_of_a_key_holds_its_word_and_says_the_phrase(board: Board) -> None:
    for state in board.pack.states.values():
        for key in (*board.choices(state), *board.always):
            assert key.word in key.name
            assert key.name.endswith(key.phrase)
    assert board.key("JUST_LISTEN").name == "just listen"
    assert board.key("UNSURE").name == "maybe: not sure"


def test_nothing_beside_a_yes_can_be_taken_for_one(board: Board) -> None:
    for state in board.pack.states.values():
        keys = board.choices(state)
        if "YES" in {key.intent for key in keys}:
            others = {key.word for key in keys if key.intent != "YES"}
            assert not [word for word in others if re.search("yes|yeah|sure|ok|right|fine|good", word)], (
                state.name
            )


def test_another_language_without_words_of_its_own_shows_the_phrases_it_teaches(pack: Pack) -> None:
    foreign = pack.model_copy(update={"language": "xx"})
    assert Board(foreign, load_words("en")).key("JUST_LISTEN").word == "just listen"


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (
            'MORE = "more"',
            'MORE = "some more"',
            'keys.MORE: a key shows one word, and this one shows "some more"',
        ),
        ('MORE = "more"', "", 'keys.MORE: a key shows one word, and this one shows "there\'s more"'),
        ('BIN_IT = "bin"', 'BIN_IT = "keep"', 'in NOTE_BACK the key KEEP_IT shows "keep" too'),
        ('TRY_AGAIN = "retry"', 'TRY_AGAIN = "again"', 'in NOTE_BACK the key TRY_AGAIN shows "again" too'),
        ('MORE = "more"', 'MOER = "more"', "keys.MOER: there is no such answer"),
        ('begin = "begin"', 'begin = "begin now"', "called.begin: it must be one word"),
        ('bell = "Bell"', "", "signs.bell: this word is missing"),
        ('direction = "ltr"', 'direction = "down"', "cannot be used: direction"),
        ("[keys]", "[keys", "cannot be used"),
        ('begin = "begin"', "", "cannot be used: called.begin"),
    ],
)
def test_a_fault_of_the_words_on_keys_is_found(
    pack: Pack, tmp_path: Path, before: str, after: str, fault: str
) -> None:
    file = tmp_path / "content" / "en" / "screen" / "words.toml"
    file.parent.mkdir(parents=True)
    text = words_file("en").read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    found = [str(each) for each in check_key_words(pack, tmp_path)]
    assert any(fault in each for each in found), found


def test_the_key_table_names_only_intents_and_states_there_are(pack: Pack) -> None:
    table = key_table()
    assert set(table["pictures"]) <= set(pack.intents)
    assert set(table["choices"]) <= set(pack.states)
    assert {intent for keys in table["choices"].values() for intent in keys} <= set(pack.intents)
    own = {i for state in pack.states.values() for i in state.go if i not in PSEUDO}
    assert own - {"HELLO"} <= set(table["pictures"]), "a hello by key would prove nothing"


def test_a_gate_to_a_harder_question_offers_both_ways_out_alike(board: Board) -> None:
    for name in ("CHALLENGE_GATE", "CH_CONFIRM", "REOPEN_GATE", "T_CH_GATE", "T_CH_CONFIRM"):
        keys = [key.intent for key in board.choices(board.pack.states[name])]
        assert keys == ["ASK_ME", "JUST_LISTEN"], name


def test_drawings_and_words_are_found_in_this_checkout() -> None:
    assert (folder() / "keys.toml").is_file()


def test_the_contact_sheet_shows_every_drawing_as_it_is_now() -> None:
    sheet = (Path(__file__).parents[2] / "docs" / "pictograms.svg").read_text(encoding="utf-8")
    for name, shapes in drawings().items():
        assert sheet.count(shapes) >= 2, f"{name}: write the sheet anew with scripts/pictograms"


def test_no_drawing_is_there_for_nothing(board: Board) -> None:
    assert set(drawings()) == board.pictures()
