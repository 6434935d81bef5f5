"""Words that mean harm, or are broken: refused with every fault, before a single one is spoken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from voice_coach.__main__ import main
from voice_coach.session import pack_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own copy of the English words, which goes before the one that ships."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    pack_of.cache_clear()
    folder = tmp_path / "voice-coach" / "packs"
    for kind in ("content", "grammars"):
        shutil.copytree(ROOT / kind / "en", folder / kind / "en")
    return folder


def write(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def a_cycle(own: Path) -> None:
    write(own / "content/en/remind.toml", 'AUTO = "REM_AFTER"', 'AUTO = "REM_PRINCIPLES"')


def a_state_nobody_reaches(own: Path) -> None:
    write(own / "content/en/together.toml", 'YES = "T_SHARE_TALK"', 'YES = "T_NEXT"')


def a_hidden_challenge(own: Path) -> None:
    question = "What else could be true here?"
    write(own / "content/en/listen.toml", 'help = "', f'help = "{question} ')


def a_way_round_the_gate(own: Path) -> None:
    write(own / "content/en/listen.toml", 'DONE = "HEARD"', 'DONE = "CH_OTHER"\nNO = "CH_NEXT"')


def ten_thousand_phrases(own: Path) -> None:
    phrases = ", ".join(f'"just me {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{n}"' for n in range(10_000))
    write(own / "grammars/en/arrive.toml", '"just me",', f'"just me", {phrases},')


def a_million_letters(own: Path) -> None:
    write(own / "content/en/listen.toml", 'help = "', 'help = "' + "so on and on " * 80_000)


def a_very_long_prompt(own: Path) -> None:
    write(own / "content/en/listen.toml", 'help = "', 'help = "' + "go on. " * 3_000)


def control_characters(own: Path) -> None:
    write(own / "content/en/listen.toml", 'help = "', 'help = "\\u0007\\u001b[2J')


def marks_from_right_to_left(own: Path) -> None:
    write(own / "content/en/listen.toml", 'help = "', 'help = "\\u202e')


def a_path_out_of_the_folder(own: Path) -> None:
    (own.parent / "secret.toml").write_text('SECRET = ["x"]', encoding="utf-8")
    (own / "content/en/more.toml").symlink_to(own.parent / "secret.toml")


HARM: dict[Callable[[Path], None], str] = {
    a_cycle: "REM_PRINCIPLES.go.AUTO: it leads back to itself",
    a_state_nobody_reaches: "T_SHARE_TALK: no answer leads to this state",
    a_hidden_challenge: "LISTEN.help: it repeats the words of a challenge card outside the locks",
    a_way_round_the_gate: 'LISTEN.go.NO: a careful answer may not lead to "CH_NEXT"',
    ten_thousand_phrases: "SOLO.say: it has 100",
    a_million_letters: "content/en/listen.toml: it is longer than 256 kB",
    a_very_long_prompt: "LISTEN.help: it has 60",
    control_characters: "LISTEN.help: it holds the character U+001B",
    marks_from_right_to_left: "LISTEN.help: it holds the character U+202E",
    a_path_out_of_the_folder: "content/en/more.toml: it is a link that leaves the pack's folder",
}


@pytest.mark.parametrize("harm", HARM, ids=[harm.__name__ for harm in HARM])
def test_such_words_are_refused_and_nothing_is_spoken(
    own: Path, harm: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    harm(own)
    assert main(["text", "--mode", "heard"]) == 2
    told = capsys.readouterr()
    assert HARM[harm] in told.err
    assert told.out == ""
    assert "Traceback" not in told.err
    assert "SECRET" not in told.err


def test_every_fault_of_such_words_is_listed(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = (a_cycle, a_state_nobody_reaches, a_hidden_challenge, a_way_round_the_gate, a_very_long_prompt)
    for harm in listed:
        harm(own)
    assert main(["text", "--mode", "heard"]) == 2
    told = capsys.readouterr().err
    assert [HARM[harm] for harm in listed if HARM[harm].partition(":")[0] not in told] == []


def test_a_persons_own_words_without_a_fault_are_spoken(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(own / "content/en/arrive.toml", "Hi. I read out", "G'day. I read out")
    write(own / "content/en/arrive.toml", "Hello. This is", "G'day. This is")
    write(own / "content/en/arrive.toml", "Welcome. We go", "G'day. We go")
    monkeypatch.setattr("builtins.input", lambda prompt: "stop")
    assert main(["text", "--mode", "heard"]) == 0
    assert capsys.readouterr().out.startswith("G'day.")
