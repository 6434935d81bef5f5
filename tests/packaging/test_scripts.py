"""The scripts a person runs from a clone: what they say, and how they end.

The programs they call (apt-get, sudo, python3) are stand-ins here that only write down how they were called;
that the real ones do the work is seen by every run of the suite in a fresh clone.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(file for file in (ROOT / "scripts").iterdir() if file.is_file())
SHELL_TOOLS = ("cat", "cksum", "dirname", "env", "mktemp", "readlink", "rm", "sh")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the scripts look for Linux's packages")


class Machine:
    """A checkout whose path has spaces, on a machine that has only the programs it is given."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "my clone"
        self.programs = folder / "bin"
        self.calls = folder / "calls"
        self.programs.mkdir()
        self.calls.touch()
        (folder / "tmp").mkdir()
        self.logs = folder / "tmp"
        for name in ("scripts", "requirements", "voice_coach"):
            shutil.copytree(ROOT / name, self.checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        for tool in SHELL_TOOLS:
            (self.programs / tool).symlink_to(str(shutil.which(tool)))
        self.program("uname", "echo Linux")
        self.program("id", "echo 1000")

    def program(self, name: str, script: str) -> None:
        """Put a stand-in on the machine that notes its arguments, then runs the script."""
        file = self.programs / name
        file.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.calls}"\n{script}\n', encoding="utf-8")
        file.chmod(0o755)

    def run(self, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.checkout / "scripts" / script), *arguments],
            env={"PATH": str(self.programs), "TMPDIR": str(self.logs), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.name)
def test_no_script_names_a_machine_path_or_a_registry(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    text = text.replace("http://www.w3.org/2000/svg", "")  # the name of a format, not an address
    text = re.sub(r"http://(127\.0\.0\.1:|\")", "", text)  # the machine itself
    assert not re.findall(r"https?:|pypi|\.org|/root\b|/work\b|/home\b|index-url", text)


def test_a_machine_without_python_is_told_so_plainly(machine: Machine) -> None:
    result = machine.run("start", VOICE_COACH_SKIP_SYSTEM="1")
    assert result.returncode == 2
    assert result.stderr.startswith("voice-coach needs Python 3.11")
    assert list(machine.logs.iterdir()) == []


def test_an_old_python_is_named(machine: Machine) -> None:
    machine.program("python3", "echo 3.9")
    result = machine.run("start", VOICE_COACH_SKIP_SYSTEM="1")
    assert result.returncode == 2
    assert "(found: 3.9)" in result.stderr


def test_a_person_without_rights_gets_one_command(machine: Machine) -> None:
    machine.program("python3", 'case "$*" in *ensurepip*) exit 1 ;; *) echo 3.11 ;; esac')
    machine.program("apt-get", "exit 1")
    machine.program("sudo", "exit 1")
    result = machine.run("start", VOICE_COACH_SKIP_SYSTEM="1")
    assert result.returncode == 2
    commands = [line.strip() for line in result.stderr.splitlines() if line.startswith("    ")]
    assert commands == ["sudo apt-get update && sudo apt-get install python3-venv"]
    assert "apt-get" not in machine.calls.read_text(encoding="utf-8").replace("sudo -n true", "")
    assert list(machine.logs.iterdir()) == []


def test_the_administrator_is_not_asked(machine: Machine) -> None:
    machine.program("id", "echo 0")
    machine.program(
        "python3", 'case "$*" in *ensurepip*) exit 1 ;; *-m\\ venv*) exit 1 ;; *) echo 3.12 ;; esac'
    )
    machine.program("apt-get", "exit 0")
    result = machine.run("start", VOICE_COACH_SKIP_SYSTEM="1")
    assert "installing from the system: python3-venv" in result.stderr
    installs = [
        line for line in machine.calls.read_text(encoding="utf-8").splitlines() if " install " in line
    ]
    assert [line.split()[-1] for line in installs] == ["python3-venv"]


def test_a_step_that_fails_leaves_its_details(machine: Machine) -> None:
    machine.program(
        "python3", 'case "$*" in *-m\\ venv*) echo no room on the disk; exit 1 ;; *) echo 3.12 ;; esac'
    )
    result = machine.run("start", VOICE_COACH_SKIP_SYSTEM="1")
    assert result.returncode == 1
    assert "no room" not in result.stderr
    [log] = machine.logs.iterdir()
    assert result.stderr.rstrip().endswith(str(log))
    assert "no room on the disk" in log.read_text(encoding="utf-8")


@pytest.mark.skipif(
    Path(sys.prefix) != ROOT / ".venv", reason="runs in the checkout's own .venv (scripts/test)"
)
def test_a_ready_checkout_goes_straight_to_the_command(tmp_path: Path) -> None:
    # A set-up would speak on standard error.
    result = subprocess.run(
        [str(ROOT / "scripts" / "start"), "--help"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert result.returncode == 0
    assert result.stdout.startswith("usage: voice-coach")
    assert result.stderr == ""
