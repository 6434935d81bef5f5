"""voice-coach privacy and doctor: what is here, what is promised, what is wrong and how to mend it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.__main__ import main
from voice_coach.events import EventLog
from voice_coach.notes.store import Store
from voice_coach.packs.load import load_pack
from voice_coach.places import models_folder
from voice_coach.speaking.stand_in import render_person
from voice_coach.understanding.table import PhraseTable
from voice_coach.understanding.understand import understand

TODAY = date(2031, 5, 6)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Store(tmp_path / "data" / "voice-coach" / "notes")


def test_with_nothing_kept_privacy_says_nothing_is_here(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["privacy"]) == 0
    assert "On this device now:\n  nothing" in capsys.readouterr().out
    assert not store.path.parent.exists()


def test_privacy_prints_what_is_spoken_to_what_do_you_keep(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = load_pack("en")
    table = PhraseTable.for_state(pack, "LISTEN")
    assert understand("what do you keep", table, "free").intent == "RECORD_Q"
    main(["privacy"])
    assert capsys.readouterr().out.startswith(pack.lines["RECORD_Q"][0])


def test_privacy_lists_every_file_of_ours_with_its_size(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["settings", "init"])
    store.add("md", b"one\n", TODAY)
    (store.path / "shopping.txt").write_text("tea")
    (store.path / ".note-0002.md.00000000.part").write_text("ha")
    (tmp_path / "data" / "voice-coach" / "models" / "small").mkdir(parents=True)
    (tmp_path / "data" / "voice-coach" / "models" / "small" / "am").write_bytes(b"x" * 10)
    (tmp_path / "config" / "voice-coach" / "contacts.toml").write_text("violence = []\n")
    words = tmp_path / "data" / "voice-coach" / "packs" / "content" / "de"
    words.mkdir(parents=True)
    (words / "lines.toml").write_text("")
    capsys.readouterr()
    assert main(["privacy", "--json"]) == 0
    told = {each["path"]: each for each in json.loads(capsys.readouterr().out)["files"]}
    there = {str(path) for path in tmp_path.rglob("*") if path.is_file() and path.name != "am"}
    assert there <= told.keys()
    assert told[str(store.path / "note-0001.md")]["bytes"] == 4
    assert told[str(tmp_path / "data" / "voice-coach" / "models" / "small")]["bytes"] == 10


@pytest.fixture
def yes(tmp_path: Path) -> str:
    sound = np.concatenate([np.zeros(8_000, np.int16), render_person("yes"), np.zeros(16_000, np.int16)])
    soundfile.write(tmp_path / "yes.wav", sound, 16_000)
    return f"wav:{tmp_path / 'yes.wav'}"


def doctor(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    code = main(["doctor", "--json", *arguments])
    told = json.loads(capsys.readouterr().out)
    assert told["fit"] is (code == 0)
    return code, {part["part"]: part for part in told["parts"]}


def test_the_doctor_finds_a_fit_machine_fit(
    store: Store, yes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, parts = doctor(capsys, "--microphone", yes, "--speaker", "none", "--talk")
    assert code == 0
    assert list(parts) == [
        *("python", "settings", "portaudio", "words", "contacts", "recogniser", "voice", "prompts"),
        *("speaker", "microphone", "talk", "notes", "space"),
    ]
    assert {name for name, part in parts.items() if part["state"] == "bad"} == set()
    assert parts["talk"]["what"] == "your yes was understood"


def test_a_microphone_that_brings_no_speech_fails_the_talk(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "quiet.wav", np.zeros(32_000, np.int16), 16_000)
    wav = f"wav:{tmp_path / 'quiet.wav'}"
    code, parts = doctor(capsys, "--microphone", wav, "--speaker", "none", "--talk")
    assert code == 1
    assert parts["microphone"]["state"] == "remark"
    assert "muted" in parts["microphone"]["remedy"]
    assert parts["talk"]["state"] == "bad"


def test_a_missing_device_fails_with_a_remedy(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    code, parts = doctor(capsys, "--microphone", "wav:/nowhere.wav", "--speaker", "none")
    assert code == 1
    assert parts["microphone"]["state"] == "bad"
    assert parts["microphone"]["remedy"]


def test_faulty_settings_are_named_and_the_rest_is_still_looked_at(
    store: Store, yes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config" / "voice-coach").mkdir(parents=True)
    (tmp_path / "config" / "voice-coach" / "settings.toml").write_text("smell = 1\n")
    code, parts = doctor(capsys, "--microphone", yes, "--speaker", "none")
    assert code == 1
    assert parts["settings"]["state"] == "bad"
    assert parts["voice"]["state"] == "good"


def test_an_open_notes_folder_is_remarked_on_with_the_command_to_mend_it(
    store: Store, yes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store.add("md", b"one\n", TODAY)
    store.path.chmod(0o755)
    code, parts = doctor(capsys, "--microphone", yes, "--speaker", "none")
    assert code == 0
    assert parts["notes"]["state"] == "remark"
    assert parts["notes"]["remedy"] == f"chmod 700 {store.path}"


def test_a_model_that_cannot_be_used_is_named(
    yes: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    (models_folder() / "half" / "am").mkdir(parents=True)
    _, parts = doctor(capsys, "--microphone", yes, "--speaker", "none")
    assert parts["recogniser"]["state"] == "remark"
    assert "the model half is not a whole Vosk model" in parts["recogniser"]["what"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_log_of_events_that_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    EventLog(str(path), words=True).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_memory_is_never_dumped_not_even_to_a_collector() -> None:
    looking = (
        "import resource, ctypes; from voice_coach.core_dumps import forbid_core_dumps; forbid_core_dumps();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    said = subprocess.run([sys.executable, "-c", looking], capture_output=True, text=True, check=True).stdout
    assert said.strip() == ("(0, 0) 0" if sys.platform == "linux" else said.strip())


@pytest.mark.parametrize("module", ["voice_coach.hearing.worker", "voice_coach.speaking.renderer"])
def test_the_children_of_a_session_forbid_it_first_thing(module: str) -> None:
    telling = (
        "import runpy, sys, voice_coach.child as child\n"
        "child.forbid_core_dumps = lambda: sys.exit('forbidden')\n"
        f"runpy.run_module({module!r}, run_name='__main__')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", telling], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert ended.stderr.strip() == "forbidden"


@pytest.mark.parametrize("page", ["privacy.md", "threat-model.md"])
def test_every_test_that_a_page_leans_on_is_there(page: str) -> None:
    root = Path(__file__).resolve().parents[2]
    text = (root / "docs" / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|scripts)/[a-z_/]+(?:\.py)?)`", text))
    named |= {f"tests/**/{name}" for name in re.findall(r"`(test_[a-z_]+\.py)`", text)}
    assert len(named) > 5
    assert [name for name in named if not list(root.glob(name.rstrip("/")))] == []


@pytest.mark.parametrize(("page", "column"), [("privacy.md", 1), ("threat-model.md", 2)])
def test_every_claim_of_a_page_names_a_test(page: str, column: int) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / page).read_text(encoding="utf-8")
    heading = {"privacy.md": "| claim |", "threat-model.md": "| who |"}[page]
    rows = text[text.index(heading) :].split("\n\n")[0].splitlines()[2:]
    assert len(rows) > 8
    lacking = [row for row in rows if not re.search(r"`(tests/|test_)", row.strip("| ").split(" | ")[column])]
    assert lacking == []
