"""The settings file: read strictly, every fault at once, written only on demand."""

from __future__ import annotations

import argparse
import stat
from pathlib import Path

import pytest

from voice_coach.commands.options import session_options
from voice_coach.errors import SetupError
from voice_coach.settings_file import TEMPLATE, parse_settings, read_settings, switch_notes, write_template

HERE = Path("settings.toml")


def test_no_file_sets_nothing(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == {}


def test_the_file_to_begin_with_sets_nothing_but_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "voice-coach" / "settings.toml"
    write_template(path)
    assert read_settings(path) == {"notes": False, "keep_days": 0, "note_dates": False}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SetupError, match="already"):
        write_template(path)


def test_every_line_of_it_works_once_its_mark_is_taken_away() -> None:
    lines = [line.removeprefix("# ") if " = " in line else line for line in TEMPLATE.splitlines()]
    values = parse_settings("\n".join(lines).encode(), HERE)
    assert values["mode"] == "look-back"
    assert values["patience"] == 1.0


def test_all_faults_are_named_at_once() -> None:
    text = 'mode = 3\npatience = "long"\nheadphones = 1\nevents = "x"\nsmell = true\n[notes]\nwhere = "x"\n'
    with pytest.raises(SetupError) as told:
        parse_settings(text.encode(), HERE)
    for word in ("mode", "patience", "headphones", "events", "smell", "notes.where"):
        assert word in str(told.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('mode = "fly"', "mode"),
        ("patience = 11", "patience"),
        ("patience = 0.5", "patience"),
        ("patience = nan", "patience"),
        ("[notes]\nkeep_days = -1", "keep_days"),
        ("[notes]\nkeep_days = true", "keep_days"),
        ("notes = 3", "notes must be a table"),
        ("a = ", "not good TOML"),
        ("x = " + "[" * 3000, "not good TOML"),
        ('language = "en\\u001b[2J"', "language"),
    ],
)
def test_a_value_there_is_none_of_is_named(text: str, named: str) -> None:
    with pytest.raises(SetupError, match=named):
        parse_settings(text.encode(), HERE)


def test_bytes_that_are_no_text_and_files_too_large_are_named() -> None:
    with pytest.raises(SetupError, match="no text"):
        parse_settings(b"\xff\xfe\x00", HERE)
    with pytest.raises(SetupError, match="too large"):
        parse_settings(b"#" * 70_000, HERE)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "patience = 2.0\n",
        "[notes]\nkeep_days = 3\n",
        "# mine\n[notes]  # here\non = false # no\ndates = true\n",
        "[notes]\non = true\n",
    ],
)
def test_notes_are_switched_and_the_rest_stays_as_it_stands(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "settings.toml"
    if text is not None:
        path.write_text(text)
    before = read_settings(path)
    for on in (True, False, True):
        switch_notes(path, on)
        after = read_settings(path)
        assert after.pop("notes") is on
        assert {key: after[key] for key in before if key != "notes"} == {
            key: value for key, value in before.items() if key != "notes"
        }
    assert text is None or "# mine" not in text or "# mine" in path.read_text()


def test_what_is_typed_goes_before_what_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "voice-coach" / "settings.toml"
    path.parent.mkdir()
    path.write_text('mode = "heard"\ntime = "long"\nrecognizer = "pocketsphinx"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    options = session_options(argparse.Namespace(mode=None, time="short", recognizer="auto"))
    assert (options.mode, options.time, options.recognizer) == ("heard", "short", "auto")
