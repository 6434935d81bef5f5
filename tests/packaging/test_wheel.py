"""What a person gets who installs the package: the program and its packs, no recordings."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from voice_coach.hearing.encoders import BASE, WHISPER

ROOT = Path(__file__).resolve().parents[2]
SOUND = (".wav", ".flac", ".mp3", ".ogg", ".raw", ".npy")


def build(target: str, source: Path, into: Path) -> Path:
    """Build a "wheel" or an "sdist" of the source folder with hatchling and give back the one file made."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    [made] = [file for file in into.iterdir() if file.name != ".gitignore"]
    return made


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


MODEL = (".mdl", ".fst", ".conf", ".int", ".dic", ".lm.bin")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def source_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


def packs_in_the_checkout() -> set[str]:
    return {
        f"voice_coach/_packs/{file.relative_to(ROOT).as_posix()}"
        for folder in ("content", "grammars")
        for file in (ROOT / folder).rglob("*.toml")
    }


def test_the_wheel_holds_the_program_and_every_pack(wheel: Path) -> None:
    names = names_in(wheel)
    assert {"voice_coach/errors.py", "voice_coach/models/catalogue.toml"} <= names
    assert any(name.startswith("voice_coach/_packs/content/en/") for name in names)
    assert any(name.startswith("voice_coach/_packs/grammars/en/") for name in names)
    assert packs_in_the_checkout() <= names
    weights = {f"voice_coach/hearing/weights/{name}" for name in (BASE, WHISPER, "LICENCES.txt")}
    assert {*weights, "voice_coach/hearing/phones.npz", "voice_coach/hearing/spoken_words.npz"} <= names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    assert {name for name in names_in(wheel) if not name.startswith("voice_coach/")} == set()


def test_no_recording_travels_with_it(wheel: Path, source_archive: Path) -> None:
    with tarfile.open(source_archive) as archive:
        names = names_in(wheel) | set(archive.getnames())
    assert {name for name in names if name.endswith(SOUND)} == set()


def test_the_toy_model_of_the_tests_travels_with_neither(wheel: Path, source_archive: Path) -> None:
    with tarfile.open(source_archive) as archive:
        names = names_in(wheel) | set(archive.getnames())
    assert {name for name in names if name.endswith(MODEL) or "toy-vosk" in name} == set()


def test_the_wheel_names_its_command_and_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        described = {
            name.rpartition("/")[2]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert "voice-coach = voice_coach.__main__:main" in described["entry_points.txt"]
    assert "License-Expression: MIT" in described["METADATA"]
    assert "MIT License" in described["LICENSE"]


def test_the_source_archive_builds_the_same_wheel(wheel: Path, source_archive: Path, tmp_path: Path) -> None:
    with tarfile.open(source_archive) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    [source] = (tmp_path / "source").iterdir()
    assert names_in(build("wheel", source, tmp_path / "wheel")) == names_in(wheel)
