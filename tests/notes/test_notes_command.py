"""voice-coach notes: safe by default, and plain about what it cannot promise."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from voice_coach.__main__ import main
from voice_coach.notes import pass_phrase
from voice_coach.notes.sealing import Seal, WrongPassPhrase
from voice_coach.notes.store import Store

TODAY = date(2031, 5, 6)
PHRASE = "four plain garden words"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115 (a test's whole life)
    return Store(tmp_path / "data" / "voice-coach" / "notes")


@pytest.fixture
def two(store: Store) -> Store:
    from voice_coach.notes.recording import to_flac
    from voice_coach.speaking.stand_in import render_person

    store.add("md", b"I ask first.\x1b[2J\n", TODAY)
    store.add("flac", to_flac(render_person("hello")), TODAY)
    return store


def notes(*arguments: str) -> int:
    return main(["notes", *arguments])


def test_path_says_where_and_makes_nothing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert notes("path") == 0
    assert capsys.readouterr().out.strip() == str(store.path)
    assert not store.path.exists()


def test_a_list_opens_no_note(two: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert notes("list") == 0
    out = capsys.readouterr().out
    assert "ask first" not in out
    assert re.search(r"1 +text", out)
    assert re.search(r"2 +voice +0\.\d s", out)


def test_a_list_as_json_also_names_what_is_foreign(two: Store, capsys: pytest.CaptureFixture[str]) -> None:
    (two.path / "\x1b]0;evil").write_text("x")
    assert notes("list", "--json") == 0
    out = capsys.readouterr().out
    told = json.loads(out)
    assert [note["kind"] for note in told["notes"]] == ["text", "voice"]
    assert told["foreign"][0]["name"] == "\x1b]0;evil"
    assert "\x1b" not in out


def test_names_that_steer_a_terminal_are_printed_harmlessly(
    two: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    (two.path / "\x1b]0;evil").write_text("x")
    assert notes("list") == 0
    assert "left alone: ?]0;evil" in capsys.readouterr().err


def test_show_prints_text_without_its_control_characters(
    two: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert notes("show") == 0
    out = capsys.readouterr().out
    assert "1: I ask first.?[2J" in out
    assert "notes play 2" in out


def test_a_note_there_is_none_of_is_named(two: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert notes("show", "1", "7") == 2
    assert "There is no note 7" in capsys.readouterr().err


def test_spoilt_notes_are_named_and_the_others_shown(two: Store, capsys: pytest.CaptureFixture[str]) -> None:
    two.add("md", b"\xff\xfe", TODAY)
    two.add("md", b"the last\n", TODAY)
    assert notes("show") == 1
    told = capsys.readouterr()
    assert "the last" in told.out
    assert "note-0003.md" in told.err


def test_a_voice_note_is_played(two: Store) -> None:
    assert notes("play", "2", "--speaker", "none") == 0


def test_a_text_note_is_read_out(two: Store) -> None:
    assert notes("play", "1", "--speaker", "none") == 0


def test_a_damaged_voice_note_is_named(two: Store, capsys: pytest.CaptureFixture[str]) -> None:
    (two.path / "note-0002.flac").write_bytes(b"fLaC" + b"\0" * 60)
    assert notes("play", "--speaker", "none") == 1
    assert "note-0002.flac" in capsys.readouterr().err


def test_nothing_is_deleted_without_a_yes(two: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert notes("delete", "1") == 2
    assert notes("wipe") == 2
    assert "Nothing was deleted" in capsys.readouterr().err
    assert len(two.look().notes) == 2


def test_deleting_says_what_it_cannot_promise(two: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert notes("delete", "1", "--yes") == 0
    assert "not erasure" in capsys.readouterr().out
    assert [note.number for note in two.look().notes] == [2]
    assert notes("wipe", "--yes") == 0
    assert two.look().notes == ()


def test_export_to_a_folder_and_to_one_page(two: Store, tmp_path: Path) -> None:
    assert notes("export", str(tmp_path / "out")) == 0
    assert notes("export", str(tmp_path / "out.md")) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"note-0001.md", "note-0002.flac"}
    assert (tmp_path / "out.md").read_text().startswith("## Note 1\n\nI ask first.")
    assert (tmp_path / "out.md").stat().st_mode & 0o777 == 0o600


def test_export_overwrites_nothing(two: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "note-0002.flac").write_text("mine")
    (tmp_path / "out.md").write_text("mine")
    assert notes("export", str(tmp_path / "out")) == 2
    assert notes("export", str(tmp_path / "out.md")) == 2
    assert [path.read_text() for path in (tmp_path / "out").iterdir()] == ["mine"]
    assert (tmp_path / "out.md").read_text() == "mine"


def test_after_a_forgotten_pass_phrase_one_can_only_begin_anew(
    two: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    two.start_sealing(PHRASE)
    assert two.seal_all() == 2
    assert notes("wipe", "--keys", "--yes") == 0
    assert list(two.path.iterdir()) == []
    assert not two.sealed
    assert two.add("md", b"anew\n", TODAY).name == "note-0001.md"


def test_notes_are_switched_off_in_the_settings(store: Store, tmp_path: Path) -> None:
    assert notes("off") == 0
    assert "on = false" in (tmp_path / "config" / "voice-coach" / "settings.toml").read_text()


def test_notes_are_switched_on_only_by_a_yes_after_hearing_what_it_means(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "config" / "voice-coach" / "settings.toml"
    monkeypatch.setattr("voice_coach.commands.say.play_samples", lambda speaker, samples: None)
    assert notes("on") == 2
    assert "a court can ask for notes" in capsys.readouterr().out
    assert not settings.exists()
    for answer, on in (("", False), ("no", False), ("yes", True)):
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda prompt, answer=answer: answer)
        assert notes("on") == 0
        assert (settings.exists() and "on = true" in settings.read_text()) is on


def test_a_pass_phrase_is_not_taken_from_a_pipe(two: Store) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "voice_coach", "notes", "seal"],
        input=f"{PHRASE}\n{PHRASE}\n",
        text=True,
        capture_output=True,
        check=False,
        start_new_session=True,  # no terminal
    )
    assert ended.returncode == 2
    assert "typed on a terminal only" in ended.stderr
    assert not two.sealed


def test_after_a_wrong_pass_phrase_the_pause_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def wrong(self: Seal, phrase: str) -> None:
        raise WrongPassPhrase("That pass phrase does not open the notes.")

    monkeypatch.setattr(Seal, "open", wrong)
    monkeypatch.setattr(pass_phrase, "ask", lambda prompt: "x")
    monkeypatch.setattr(time, "sleep", pauses.append)
    with pytest.raises(WrongPassPhrase):
        pass_phrase.open_identity(Store(tmp_path).seal)
    assert pauses == [1.0, 2.0, 4.0]


def test_sealing_showing_and_unsealing_at_a_terminal_shows_no_pass_phrase(two: Store) -> None:
    code, shown = at_a_terminal("seal", PHRASE, PHRASE)
    assert code == 0, shown
    assert "2 notes sealed" in shown
    assert PHRASE not in shown
    code, shown = at_a_terminal("show", PHRASE, more=("1",))
    assert code == 0, shown
    assert "I ask first." in shown
    code, shown = at_a_terminal("unseal", "a wrong one", PHRASE)
    assert code == 0, shown
    assert "That pass phrase does not open the notes." in shown
    assert not two.sealed
    assert [note.sealed for note in two.look().notes] == [False, False]


def test_two_different_pass_phrases_seal_nothing(two: Store) -> None:
    code, shown = at_a_terminal("seal", PHRASE, PHRASE + "x")
    assert code == 2
    assert "not the same" in shown
    assert not two.sealed


def at_a_terminal(what: str, *typed: str, more: tuple[str, ...] = ()) -> tuple[int, str]:
    """Run a notes command on a terminal of its own, type each line when a pass phrase is asked for."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "voice_coach", "notes", what, *more])
    shown, left = "", list(typed)
    seen = 0
    while True:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        shown += data.decode(errors="replace")
        asked = len(re.findall(r"(?:hrase|again): ", shown))
        while asked > seen and left:
            seen += 1
            os.write(terminal, left.pop(0).encode() + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown
