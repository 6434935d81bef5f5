"""Packs load whole, or say every fault with its file and key."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from voice_coach.errors import SetupError
from voice_coach.packs.load import PackError, load_pack
from voice_coach.packs.read import MAX_FILE_BYTES

Breaker = Callable[[str, str, str], list[str]]


def test_the_english_pack_holds_every_state_of_the_design() -> None:
    pack = load_pack("en")
    kept_before = [name for name, state in pack.states.items() if state.group == "my_notes"]
    assert len(pack.states.keys() - {*kept_before, "T_NOTE_OFFER", "NOTE_VOICE"}) == 105
    assert {"WELCOME", "CHALLENGE_GATE", "T_CH_CARD", "CR_CHECK", "NOTE_BACK"} <= pack.states.keys()
    assert pack.states["WELCOME"].group == "arrive"
    assert pack.intents["JUST_LISTEN"].scope == "anywhere"
    assert pack.contacts["crisis"][0].digits == "one three, one one, one four"


def test_a_plain_string_is_a_prompt_and_parts_are_said_apart(pack_folder: Path) -> None:
    hello = load_pack("xx", pack_folder).states["HELLO"]
    assert hello.prompts[0].spoken == ("Hello. Shall we go on?",)
    assert hello.prompts[2].when == "returning"
    assert len(load_pack("en").states["CR_SELF"].prompts[0].spoken) == 3


def test_a_loaded_pack_cannot_be_changed() -> None:
    state = load_pack("en").states["WELCOME"]
    with pytest.raises(ValidationError):
        state.stance = "challenge"


def test_a_persons_own_words_win_and_the_rest_still_comes_from_what_ships(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "content" / "en"
    shutil.copytree(shipped, tmp_path / "content" / "en")
    arrive = tmp_path / "content" / "en" / "arrive.toml"
    arrive.write_text(
        arrive.read_text(encoding="utf-8").replace("Hi. I read out", "G'day. I read out"), "utf-8"
    )
    pack = load_pack("en", tmp_path)
    assert pack.states["WELCOME"].prompts[1].text.startswith("G'day.")
    assert "YES" in pack.intents


@pytest.mark.parametrize("language", ["", "../en", "en/../..", "EN", "e", "en\n"])
def test_a_language_that_is_no_tag_is_refused(language: str) -> None:
    with pytest.raises(SetupError, match="no language tag"):
        load_pack(language)


def test_a_language_nobody_wrote_yet_is_said_with_the_places_looked_in() -> None:
    with pytest.raises(SetupError, match='no content for the language "zz"'):
        load_pack("zz")


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        ("content/arrive.toml", "[HELLO]", "[HELLO", "content/xx/arrive.toml: it is not TOML: "),
        ("content/arrive.toml", "silence =", "silense =", "HELLO.silence: this key is missing."),
        ("content/arrive.toml", "silence =", "silense =", "HELLO.silense: this key is not known here"),
        ("content/arrive.toml", '"Yes, or no?"', "5", "HELLO.silence: it must be text in quotes."),
        ("content/arrive.toml", '["H1"]', '"H1"', "HELLO.seed: it must be a list in square brackets."),
        ("content/arrive.toml", '"Hi. Go on?"', "7", "HELLO.prompts.1: it must be text"),
        ("content/arrive.toml", 'when = "ret', 'wenn = "ret', "HELLO.prompts.2.wenn: this key"),
        ("content/arrive.toml", 'stance = "none"', 'stance = "push"', "HELLO.stance: it must be one of"),
        ("content/arrive.toml", '"END"', "true", "HELLO.go.YES: it must be text in quotes."),
        ("content/arrive.toml", "[HELLO]", "loose = 1\n[HELLO]", "loose: a name is written in capitals"),
        ("content/arrive.toml", "[HELLO]", "LOOSE = 1\n[HELLO]", "LOOSE: it must be a table"),
        ("content/arrive.toml", "picto =", 'name = "X"\npicto =', "HELLO: its name and group come from"),
        ("content/lines.toml", '["Skipped."]', '"Skipped."', "SKIPPED: it must be a list"),
        ("content/feelings.toml", "words", "word", "words: this key is missing."),
        ("content/contacts.toml", "digits", "digit", "crisis.0.digit: this key is not known here"),
        ("content/style.toml", "[forbidden]", "[forbiden]", "forbiden: this key is not known here"),
        ("grammars/rules.toml", "hedges", "hegdes", "hedges: this key is missing."),
        ("grammars/shared.toml", '"yes"', '"yes [no"', "a bracket is opened and never closed"),
        ("grammars/shared.toml", '"yes"', '"[yes]"', "it would match when nothing is said"),
        ("grammars/shared.toml", '"yes"', '""', "it is empty"),
        ("grammars/shared.toml", '"yes"', '"' + "(a|b)" * 9 + '"', "it stands for more than 200 phrases"),
        ("grammars/rules.toml", "hedges", f"contractions.a = '{'b' * 41}'\nhedges", "a spelling may"),
        ("grammars/shared.toml", '"yes"', '"y\\u202ees"', "YES.say.0: it holds the character U+202E"),
        ("content/lines.toml", "Skipped.", "Ski\u200bpped.", "it holds the hidden mark U+200B"),
        ("content/lines.toml", "Skipped.", "Skip\\u0007ped.", "SKIPPED.0: it holds the character U+0007"),
        ("content/lines.toml", "Skipped.", "Skip\\nped.", "SKIPPED.0: it holds the character U+000A"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_and_key(
    broken: Breaker, path: str, old: str, new: str, fault: str
) -> None:
    faults = broken(path, old, new)
    assert any(fault in line for line in faults), faults
    assert all(line.startswith(path.replace("/", "/xx/")) for line in faults), faults


def test_every_fault_of_a_pack_is_listed_not_only_the_first(pack_folder: Path) -> None:
    (pack_folder / "content/xx/lines.toml").write_text("SKIPPED = 1", "utf-8")
    (pack_folder / "content/xx/style.toml").unlink()
    (pack_folder / "grammars/xx/shared.toml").write_text("[YES]\nsays = []", "utf-8")
    with pytest.raises(PackError) as caught:
        load_pack("xx", pack_folder)
    places = {(fault.file, fault.key) for fault in caught.value.faults}
    assert places == {
        ("content/xx/lines.toml", "SKIPPED"),
        ("content/xx/style.toml", ""),
        ("grammars/xx/shared.toml", "YES.say"),
        ("grammars/xx/shared.toml", "YES.says"),
    }
    assert str(caught.value).count("\n") == len(places)


def test_a_state_written_twice_is_a_fault(pack_folder: Path) -> None:
    shutil.copy(pack_folder / "content/xx/arrive.toml", pack_folder / "content/xx/close.toml")
    with pytest.raises(PackError, match=r"HELLO: it stands in content/xx/arrive\.toml already"):
        load_pack("xx", pack_folder)


def test_a_file_that_is_too_long_is_not_read(pack_folder: Path) -> None:
    (pack_folder / "content/xx/lines.toml").write_text("#" * (MAX_FILE_BYTES + 1), "utf-8")
    with pytest.raises(PackError, match=r"lines\.toml: it is longer than 256 kB"):
        load_pack("xx", pack_folder)


def test_a_file_that_is_not_utf_8_is_a_fault(pack_folder: Path) -> None:
    (pack_folder / "content/xx/lines.toml").write_bytes(b'SKIPPED = ["\xff"]')
    with pytest.raises(PackError, match="byte 13 is not UTF-8"):
        load_pack("xx", pack_folder)


def test_a_file_nested_beyond_reading_is_a_fault(pack_folder: Path) -> None:
    (pack_folder / "content/xx/lines.toml").write_text("SKIPPED = " + "[" * 50_000, "utf-8")
    with pytest.raises(PackError, match="lines"):
        load_pack("xx", pack_folder)
    (pack_folder / "content/xx/lines.toml").write_text("SKIPPED = " + "[" * 30 + "]" * 30, "utf-8")
    with pytest.raises(PackError, match="nested more than 12 deep"):
        load_pack("xx", pack_folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_a_pack_does_not_hold_up_the_start(pack_folder: Path) -> None:
    os.mkfifo(pack_folder / "content/xx/pipe.toml")
    with pytest.raises(PackError, match=r"pipe\.toml: it is not a plain file"):
        load_pack("xx", pack_folder)


def test_a_link_out_of_the_folder_is_not_followed(
    pack_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.toml"
    outside.write_text('SECRET = ["x"]', "utf-8")
    (pack_folder / "content/xx/more.toml").symlink_to(outside)
    with pytest.raises(PackError, match="a link that leaves the pack's folder") as caught:
        load_pack("xx", pack_folder)
    assert "SECRET" not in str(caught.value)


def test_too_many_files_are_refused(pack_folder: Path) -> None:
    for number in range(70):
        (pack_folder / f"content/xx/extra{number}.toml").write_text("", "utf-8")
    with pytest.raises(PackError, match="a pack may have 64"):
        load_pack("xx", pack_folder)
