"""The pins in requirements/: whole, by hash, for every platform, and naming no index, mirror or folder."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILES = ("build", "run", "dev")
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?: ; (?P<marker>.+))?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")

LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
MAC = {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"}
WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}
SYSTEMS = {
    "linux-x86_64": {**LINUX, "platform_machine": "x86_64"},
    "linux-aarch64": {**LINUX, "platform_machine": "aarch64"},
    "macos-arm64": {**MAC, "platform_machine": "arm64"},
    "windows-amd64": {**WINDOWS, "platform_machine": "AMD64"},
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def environment_of(system: str, python: str) -> dict[str, str]:
    """What a marker is asked against, for CPython on this system."""
    return {
        **SYSTEMS[system],
        "python_version": python,
        "python_full_version": f"{python}.2",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


ENVIRONMENTS = [
    pytest.param(environment_of(system, python), id=f"{system}-python{python}")
    for system in SYSTEMS
    for python in PYTHONS
]


@dataclass(frozen=True)
class Pin:
    """One package at one version, with where it applies and the sums of its files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def read_pins(text: str) -> list[Pin]:
    """Every pin of a requirements file; anything in it that is not a pin with hashes is an error."""
    pins = []
    for entry in text.replace("\\\n", " ").splitlines():
        head, *hashes = [part.strip() for part in entry.split("--hash=")]
        match = PIN.fullmatch(head)
        assert match, f"not a pin: {entry!r}"
        sums = tuple(f"--hash={part}" for part in hashes)
        pins.append(Pin(match["name"], match["version"], match["marker"] or "", sums))
    return pins


def pins_of(file: str) -> list[Pin]:
    return read_pins((ROOT / "requirements" / f"{file}.txt").read_text(encoding="utf-8"))


def active(pins: list[Pin], environment: dict[str, str]) -> dict[str, list[str]]:
    """Name to versions, of the pins that apply in this environment."""
    found: dict[str, list[str]] = {}
    for pin in pins:
        if not pin.marker or Marker(pin.marker).evaluate(environment):
            found.setdefault(pin.name, []).append(pin.version)
    return found


def unmet(requirements: list[str], pins: list[Pin], environment: dict[str, str]) -> list[str]:
    """The requirements that no active pin satisfies."""
    versions = active(pins, environment)
    return [
        text
        for text in requirements
        if not any(
            Requirement(text).specifier.contains(version)
            for version in versions.get(canonicalize_name(Requirement(text).name), [])
        )
    ]


@pytest.mark.parametrize("file", FILES)
def test_every_pin_carries_hashes(file: str) -> None:
    pins = pins_of(file)
    assert pins
    for pin in pins:
        assert pin.hashes, pin.name
        assert all(HASH.fullmatch(one) for one in pin.hashes), pin.name


@pytest.mark.parametrize("file", FILES)
def test_no_index_no_mirror_no_folder_is_named(file: str) -> None:
    text = (ROOT / "requirements" / f"{file}.txt").read_text(encoding="utf-8")
    assert not re.findall(r"/|@|--(?!hash=)[a-z-]+|#", text)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_dependency_of_the_project_is_pinned_everywhere(environment: dict[str, str]) -> None:
    dependencies = PYPROJECT["project"]["dependencies"]
    assert unmet(dependencies, pins_of("run"), environment) == []
    assert unmet([*dependencies, *PYPROJECT["dependency-groups"]["dev"]], pins_of("dev"), environment) == []
    assert unmet(PYPROJECT["build-system"]["requires"], pins_of("build"), environment) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("file", FILES)
def test_each_package_has_one_version_in_one_place(file: str, environment: dict[str, str]) -> None:
    assert {name: found for name, found in active(pins_of(file), environment).items() if len(found) > 1} == {}


def test_vosk_takes_its_last_release_for_each_system() -> None:
    assert active(pins_of("run"), environment_of("linux-x86_64", "3.11"))["vosk"] == ["0.3.45"]
    assert active(pins_of("run"), environment_of("macos-arm64", "3.11"))["vosk"] == ["0.3.44"]


def test_the_developers_pins_hold_the_programs_and_the_builders() -> None:
    dev = set(pins_of("dev"))
    assert set(pins_of("run")) <= dev
    assert set(pins_of("build")) <= dev


@pytest.mark.parametrize(
    "line", ["-e .", "--index-url x", "numpy>=1", "numpy==1 @ file:x", "numpy", "# found by a mirror"]
)
def test_a_line_that_is_not_a_pin_is_refused(line: str) -> None:
    with pytest.raises(AssertionError, match="not a pin"):
        read_pins(line)


def test_a_dependency_that_outgrew_its_pin_is_named() -> None:
    pins = read_pins("numpy==1.26.0 --hash=sha256:" + "0" * 64)
    assert unmet(["numpy>=2", "vosk"], pins, environment_of("linux-x86_64", "3.11")) == ["numpy>=2", "vosk"]
