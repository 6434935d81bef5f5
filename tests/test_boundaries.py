"""What each part of the package may know of the others, read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "voice_coach"

PURE_PARTS = ("conversation", "understanding")
NOT_IN_PURE_PARTS = {
    "voice_coach.audio",
    "voice_coach.hearing",
    "voice_coach.speaking",
    "voice_coach.notes",
    "voice_coach.screen",
    "sounddevice",
    "vosk",
    "pocketsphinx",
    "pyttsx3",
    "time",
    "random",
    "os",
    "pathlib",
    "subprocess",
    "socket",
}
NETWORK = {"socket", "urllib", "http", "requests", "ssl"}
MAY_USE_THE_NETWORK = {"models/download.py", "screen/server.py", "screen/viewer.py"}
LINES_AT_MOST = 320


def files_of(*parts: str) -> list[Path]:
    """The Python files of the package, or of these folders in it."""
    folders = [PACKAGE / part for part in parts] or [PACKAGE]
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def name_of(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def imported(source: str, package: str) -> Iterator[str]:
    """The full name of everything imported anywhere in the source, whose own package is named."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*parents, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def trespasses(source: str, package: str, forbidden: set[str]) -> set[str]:
    """Which of the forbidden modules, or anything inside them, the source imports."""
    return {
        f for name in imported(source, package) for f in forbidden if name == f or name.startswith(f + ".")
    }


def machines_with_auto_transitions(source: str) -> list[int]:
    """Lines where a state machine is made without switching its automatic transitions off."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2].endswith("Machine")
        and not any(
            keyword.arg == "auto_transitions"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is False
            for keyword in node.keywords
        )
    ]


def package_of(file: Path) -> str:
    return ".".join(file.parent.relative_to(ROOT).parts)


@pytest.mark.parametrize("file", files_of(*PURE_PARTS), ids=name_of)
def test_what_decides_knows_nothing_of_sound_files_clocks_or_chance(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert trespasses(source, package_of(file), NOT_IN_PURE_PARTS) == set()


def test_only_the_model_download_and_the_page_may_use_the_network() -> None:
    users = {
        name_of(file)
        for file in files_of()
        if trespasses(file.read_text(encoding="utf-8"), package_of(file), NETWORK)
    }
    assert users <= MAY_USE_THE_NETWORK


def test_no_model_is_ever_opened_by_its_language() -> None:
    # vosk.Model(lang=...) and Model(model_name=...) go to the network when nothing is there.
    opened = [
        (name_of(file), {keyword.arg for keyword in node.keywords})
        for file in files_of()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"vosk.Model", "Model"}
    ]
    assert opened == [("hearing/vosk_recognizer.py", {"model_path"})]


def test_no_state_machine_has_automatic_transitions() -> None:
    # They add to_<state>() methods that walk past every guard.
    found = {
        name_of(file): machines_with_auto_transitions(file.read_text(encoding="utf-8")) for file in files_of()
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files_of()}
    assert {name: length for name, length in lengths.items() if length > LINES_AT_MOST} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os.path", {"os"}),
        ("def f():\n    from time import monotonic", {"time"}),
        ("from ..hearing import recognizer", {"voice_coach.hearing"}),
        ("from .. import speaking", {"voice_coach.speaking"}),
        ("from voice_coach import audio", {"voice_coach.audio"}),
        ("import voice_coach.notes.store as store", {"voice_coach.notes"}),
        ("from . import cues", set()),
        ("import operator, timeit", set()),
    ],
)
def test_an_import_is_seen_however_it_is_written(source: str, found: set[str]) -> None:
    assert trespasses(source, "voice_coach.conversation", NOT_IN_PURE_PARTS) == found


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("Machine(model, states)", [1]),
        ("transitions.Machine(model, auto_transitions=True)", [1]),
        ("\nHierarchicalMachine(m, auto_transitions=flag)", [2]),
        ("Machine(model, auto_transitions=False)", []),
    ],
)
def test_a_machine_with_automatic_transitions_is_seen(source: str, lines: list[int]) -> None:
    assert machines_with_auto_transitions(source) == lines
