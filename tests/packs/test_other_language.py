"""Another language is only data: a made-up one, every letter marked, goes through every state."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from voice_coach.__main__ import main
from voice_coach.errors import SetupError
from voice_coach.hearing.choice import choose_recognizer
from voice_coach.packs.check import check_folder
from voice_coach.packs.load import load_pack
from voice_coach.rehearsal.plan import Plan, read_plan
from voice_coach.session import pack_of

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests" / "sessions"))
from typed_rehearsal import TypedRehearsal  # noqa: E402

PLANS = {
    path.stem: path
    for folder in ("", "journeys")
    for path in (ROOT / "tests/sessions" / folder).glob("*.toml")
}
KEPT = {"kept_notes": 2, "sealed_notes": 1}


def _pseudo() -> Any:
    loader = SourceFileLoader("pseudo_language", str(ROOT / "scripts" / "pseudo_language"))
    spec = spec_from_loader("pseudo_language", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


PSEUDO = _pseudo()


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made-up language xx, where a person keeps their own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    pack_of.cache_clear()
    folder = tmp_path / "voice-coach" / "packs"
    PSEUDO.write(folder, "xx")
    return folder


def plain_words(text: str) -> set[str]:
    """Words without one marked letter."""
    return {word for word in re.findall(r"[^\W\d_]+", text) if word.isascii()}


def test_the_made_up_language_has_no_fault(packs: Path) -> None:
    assert check_folder(packs) == []


def test_check_says_what_a_language_lacks(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "xx"]) == 0
    lines = packs / "content" / "xx" / "lines.toml"
    lines.write_text(lines.read_text(encoding="utf-8").replace("TYPED_TICK", "TYPED_TOCK"), encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "xx"]) == 2
    assert "TYPED_TICK: this line is missing; the pack en has it." in capsys.readouterr().out


def test_it_goes_through_every_state_without_one_plain_word(packs: Path) -> None:
    pack = load_pack("xx")
    reached: set[str] = set()
    for name, path in PLANS.items():
        rehearsal = TypedRehearsal(pack, in_marks(read_plan(path)), KEPT.get(name, 0), name == "sealed_notes")
        rehearsal.faults()
        reached |= set(rehearsal.witness.states)
        said = " ".join(say.text.replace("{note}", "").replace("{count}", "") for say in rehearsal.said)
        assert plain_words(said) == set(), name
    assert reached == load_pack("en").states.keys()


def in_marks(plan: Plan) -> Plan:
    """The same plan, its words said in the made-up language."""
    turns = (turn.model_copy(update={"say": turn.say and PSEUDO.marked(turn.say)}) for turn in plan.turns)
    return replace(plan, turns=tuple(turns))


def test_a_whole_typed_session_shows_not_one_plain_word(
    packs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "voice-coach").mkdir(parents=True)
    (tmp_path / "config" / "voice-coach" / "settings.toml").write_text("[notes]\non = true\n", "utf-8")
    answers = iter(
        [
            *(
                "yes",
                "yes",
                "help",
                "worn out",
                "",
                "",
                "some words",
                "that's all",
                "skip",
                "steady",
                "my brother",
            ),
            *("yes", "I ask first", "that's all", "keep it"),
        ]
    )
    monkeypatch.setattr("builtins.input", lambda prompt: PSEUDO.marked(next(answers)))
    assert main(["text", "--language", "xx", "--mode", "heard", "--seed", "1"]) == 0
    told = capsys.readouterr().out
    assert len(told.split()) > 100
    assert plain_words(told) == set()
    assert next(answers, None) is None


def test_a_language_no_recogniser_here_understands_says_so_and_offers_text(
    packs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = ["--microphone", f"wav:{tmp_path / 'none.wav'}", "--speaker", "none"]
    assert main(["start", "--language", "xx", "--mode", "heard", *nothing]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "No recogniser here understands xx" in told.err
    assert "voice-coach text --language xx" in told.err
    assert told.out == ""


@pytest.mark.parametrize("kind", ["auto", "pocketsphinx"])
def test_english_is_not_heard_into_another_language(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(SetupError, match="voice-coach text --language de"):
        choose_recognizer(kind, None, "de")
    assert choose_recognizer(kind, None, "en-AU").kind == "pocketsphinx"


def test_words_of_danger_are_met_in_the_made_up_language_too(
    packs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["yes", "I want to die", "numbers", "stop", "stop"])
    monkeypatch.setattr("builtins.input", lambda prompt: PSEUDO.marked(next(answers)))
    main(["text", "--language", "xx", "--mode", "heard"])
    assert PSEUDO.marked("Lifeline") in capsys.readouterr().out
