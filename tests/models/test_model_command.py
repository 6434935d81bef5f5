"""voice-coach model as a person drives it: real processes, a terminal where there is a question."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bad_server import BadServer
from toy_archive import NAME, zipped


class Machine:
    """A home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.models = home / "voice-coach" / "models"
        self.env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")} | {
            "XDG_DATA_HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
        }

    def model(self, *arguments: str, typed: bytes | None = None) -> subprocess.CompletedProcess[str]:
        """Run it; `typed` is typed on a terminal, None gives it none."""
        command = [sys.executable, "-m", "voice_coach", "model", *arguments]
        ours, theirs = pty.openpty()
        try:
            if typed is not None:
                os.write(ours, typed)
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL if typed is None else theirs,
                capture_output=True,
                text=True,
                timeout=60,
                env=self.env,
                check=False,
            )
        finally:
            os.close(ours)
            os.close(theirs)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def sha256(archive: bytes) -> str:
    return hashlib.sha256(archive).hexdigest()


def test_from_the_list_to_a_model_that_listens_and_gone_again(
    machine: Machine, server: BadServer, sha256: str
) -> None:
    got = machine.model("get", NAME, "--url", server.url, "--sha256", sha256, "--yes")
    assert got.returncode == 0, got.stderr
    assert got.stdout.splitlines()[0] == str(machine.models / NAME)
    assert sha256 in got.stdout
    assert "Sessions listen with it from now on" in got.stdout
    assert "100 %" in got.stderr
    listed = json.loads(machine.model("list", "--json").stdout)
    [model] = listed["installed"]
    assert (model["name"], model["fault"], model["used"]) == (NAME, "", True)
    assert machine.model("path", "small-en-toy-0.1").stdout.strip() == str(machine.models / NAME)
    assert machine.model("path").stdout.strip() == str(machine.models)
    again = machine.model("get", NAME, "--url", server.url, "--yes")
    assert again.returncode == 0
    assert "here already" in again.stdout
    refused = machine.model("remove", NAME)
    assert refused.returncode == 2
    assert "Nothing was removed" in refused.stderr
    assert machine.model("remove", NAME, "--yes").returncode == 0
    assert list(machine.models.iterdir()) == []


def test_a_model_of_another_language_is_not_said_to_be_listened_with(
    machine: Machine, server: BadServer, tmp_path: Path
) -> None:
    server.data = zipped("vosk-model-small-de-toy-0.1")
    right = hashlib.sha256(server.data).hexdigest()
    got = machine.model("get", "small-de-toy-0.1", "--url", server.url, "--sha256", right, "--yes")
    assert got.returncode == 0, got.stderr
    assert "Sessions listen with another now" in got.stdout


def test_nothing_is_fetched_without_a_yes(machine: Machine, server: BadServer, sha256: str) -> None:
    asked = ("get", NAME, "--url", server.url, "--sha256", sha256)
    silent = machine.model(*asked)
    assert silent.returncode == 2
    assert "Nothing was fetched" in silent.stderr
    for answer in (b"no\n", b"\n", b"y\n"):
        said = machine.model(*asked, typed=answer)
        assert said.returncode == 0
        assert "Nothing was fetched." in said.stdout
    assert server.asked == []
    assert not machine.models.exists()
    assert machine.model(*asked, typed=b"yes\n").returncode == 0
    assert (machine.models / NAME).is_dir()


def test_what_can_be_compared_with_nothing_needs_the_sum_or_a_word_of_its_own(
    machine: Machine, server: BadServer
) -> None:
    refused = machine.model("get", NAME, "--url", server.url, "--yes")
    assert refused.returncode == 2
    assert "no sum is known" in refused.stderr
    assert "--sha256" in refused.stderr
    assert server.asked == []
    taken = machine.model("get", NAME, "--url", server.url, "--yes", typed=b"yes\n")
    assert taken.returncode == 0, taken.stderr
    assert "Nothing shows that this is the right file" in taken.stdout


@pytest.mark.skipif(os.name != "posix", reason="an interrupt is POSIX's")
def test_an_interrupt_keeps_what_came_and_the_same_command_goes_on(
    machine: Machine, server: BadServer, sha256: str
) -> None:
    asked = ("get", NAME, "--url", server.url, "--sha256", sha256, "--yes")
    server.stalls_at = 300_000
    running = subprocess.Popen(
        [sys.executable, "-m", "voice_coach", "model", *asked],
        env=machine.env,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stalled.wait(30)
    part = machine.models / f".fetching-{NAME}.part"
    while not part.exists() or part.stat().st_size == 0:
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 1
    assert "the same command goes on from there" in said
    assert "Traceback" not in said
    server.stalls_at = None
    assert machine.model(*asked).returncode == 0
    assert server.asked[-1]["Range"].startswith("bytes=")


def test_a_mirror_must_hold_the_very_file_of_the_catalogue(machine: Machine, server: BadServer) -> None:
    lied = machine.model("get", "small-en-us-0.15", "--url", server.url, "--yes")
    assert lied.returncode == 1
    assert "41,205,931" in lied.stderr
    assert "Traceback" not in lied.stderr
    assert [path for path in machine.models.iterdir() if path.is_dir()] == []


def test_the_person_is_told_size_source_licence_and_sum_before_being_asked(machine: Machine) -> None:
    told = machine.model("get")
    assert told.returncode == 2
    for part in ("41.2 MB", "vosk-model-small-en-us-0.15.zip", "Apache-2.0", "SHA-256", str(machine.models)):
        assert part in told.stderr
    weak = machine.model("get", "--language", "de")
    assert "MD5" in weak.stderr
    assert "weak" in weak.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("get", "nothing-like-it"), "--url"),
        (("get", "../up"), "no name of a model"),
        (("get", "--language", "fi"), "no model for fi"),
        (("get", "--sha256", "abc"), "64 signs"),
        (("get", "--url", "/nowhere/small.zip", "--sha256", "0" * 64, "--yes"), "look at the path"),
        (("path", "nothing"), "There is no model nothing"),
        (("remove", "nothing", "--yes"), "There is no model nothing"),
        (("remove", "..", "--yes"), "There is no model"),
    ],
)
def test_what_cannot_be_is_one_sentence(machine: Machine, arguments: tuple[str, ...], said: str) -> None:
    run = machine.model(*arguments)
    assert run.returncode == 2
    assert said in run.stderr.splitlines()[-1]
    assert "Traceback" not in run.stderr


def test_the_list_shows_size_licence_and_what_is_known(machine: Machine) -> None:
    shown = machine.model("list", "--language", "en")
    assert shown.returncode == 0
    [line] = [line for line in shown.stdout.splitlines() if "small-en-us-0.15" in line]
    assert line.split() == [
        "vosk-model-small-en-us-0.15",
        "en-us",
        "41.2",
        "MB",
        "Apache-2.0",
        "SHA-256",
        "known",
    ]
    assert "-de-" not in shown.stdout
