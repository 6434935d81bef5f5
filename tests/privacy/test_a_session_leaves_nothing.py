"""A whole session, seen from outside: no network, no file, no trace of what was said."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from virtual_sound_card import SoundCard
from watched_session import (
    ANSWERS,
    CANARY,
    ROOT,
    VOSK,
    WITH_A_NOTE,
    Home,
    Trace,
    canary_bytes,
    holders,
    read_trace,
    strace,
)

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="it looks through Linux's windows: strace, /proc"),
    pytest.mark.timeout(240),
]
watches = pytest.mark.skipif(
    shutil.which("strace") is None or (hasattr(os, "geteuid") and os.geteuid() != 0),
    reason="needs strace, and root's rights: the program forbids others of its user to look into it",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("watched"))


class Watched:
    """One session without a note: watched by strace, with the home before and after."""

    def __init__(self, home: Home) -> None:
        self.before = home.image()
        trace = home.beside / "trace"
        self.run = home.rehearse(home.plan(ANSWERS), *strace(trace))
        self.after = home.image()
        self.trace: Trace = read_trace(trace)

    @property
    def states(self) -> list[str]:
        return states_of(self.run.stdout)


def states_of(log: str) -> list[str]:
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [event["name"] for event in events if event["event"] == "state"]


@pytest.fixture(scope="module")
def watched(home: Home) -> Watched:
    return Watched(home)


@watches
def test_the_session_that_is_watched_is_a_whole_one(watched: Watched) -> None:
    assert watched.run.returncode == 0, watched.run.stderr
    assert watched.states[-2:] == ["CLOSE_CONNECT", "GOODBYE"]
    assert {"CONNECT", "LISTEN"} <= set(watched.states)
    assert sum("execve" in line or "openat" in line for line in watched.trace.lines) > 1000


@watches
def test_no_socket_leads_anywhere_but_to_a_sound_server(watched: Watched) -> None:
    assert watched.trace.strange_sockets == []


@watches
def test_no_file_is_opened_for_writing_made_renamed_or_removed(watched: Watched) -> None:
    assert watched.trace.changes == []


@watches
def test_home_and_temp_folder_are_the_same_before_and_after(watched: Watched) -> None:
    assert watched.after == watched.before


@watches
def test_the_same_holds_with_the_recogniser_vosk(home: Home) -> None:
    trace, before = home.beside / "trace-with-vosk", home.image()
    run = home.rehearse(home.plan(ANSWERS, listens=VOSK), *strace(trace))
    assert states_of(run.stdout)[-1] == "GOODBYE", run.stderr
    seen = read_trace(trace)
    assert any("final.mdl" in line for line in seen.lines)
    assert seen.strange_sockets == []
    assert seen.changes == []
    assert home.image() == before


@watches
def test_a_kept_note_is_all_that_is_written_and_only_in_its_folder(home: Home) -> None:
    trace = home.beside / "trace-of-a-note"
    run = home.rehearse(home.plan(WITH_A_NOTE, notes=True), *strace(trace))
    try:
        assert states_of(run.stdout)[-3:] == ["NOTE_BACK", "NOTE_KEPT", "GOODBYE"], run.stderr
        seen = read_trace(trace)
        assert seen.strange_sockets == []
        places = (str(home.notes), *(f'"{parent}"' for parent in home.notes.parents), "fchmod(")
        assert seen.changes != []
        assert [line for line in seen.changes if not any(place in line for place in places)] == []
        assert [path.name for path in home.notes.iterdir()] == ["note-0001.flac"]
        left = [path for path in home.folder.rglob("*") if path.is_file()]
        assert left == [home.notes / "note-0001.flac"]
        assert CANARY not in run.stdout
    finally:
        shutil.rmtree(home.folder / ".local", ignore_errors=True)


@watches
def test_the_session_is_the_same_where_there_is_no_network_at_all(home: Home, watched: Watched) -> None:
    alone = ("unshare", "-n")
    none = (
        subprocess.run([*alone, "true"], check=False, capture_output=True)
        if shutil.which("unshare")
        else None
    )
    if none is None or none.returncode != 0:
        pytest.skip("no network namespace can be made here")
    without = home.rehearse(home.plan(ANSWERS), *alone)
    assert states_of(without.stdout)[-1] == "GOODBYE", without.stderr
    assert without.stdout == watched.run.stdout


def test_nothing_said_or_typed_is_anywhere_while_it_runs_or_afterwards(home: Home) -> None:
    started = time.time() - 1.0
    marks = canary_bytes(home.sound)
    for arguments, typed in (
        (("text", "--mode", "heard"), f"yes\nyes\n{CANARY}\n{CANARY}\n"),
        (
            (
                *("start", "--mode", "heard", "--recognizer", "pocketsphinx"),
                *("--speaker", "none", "--microphone", f"wav:{home.beside / 'canary.wav'}"),
            ),
            "",
        ),
    ):
        session = subprocess.Popen(
            [sys.executable, "-m", "voice_coach", *arguments],
            env=home.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert session.stdin is not None
        assert session.stderr is not None
        session.stdin.write(typed)
        session.stdin.flush()
        seen = set()
        for _ in range(20):
            for process in processes_of(session.pid):
                seen.add(process.name)
                for window in ("cmdline", "environ", "comm"):
                    with contextlib.suppress(OSError):
                        data = (process / window).read_bytes()
                        assert not any(mark in data for mark in marks), f"{process} {window}"
            time.sleep(0.05)  # what is looked for would stand there for as long as the process lives
        assert str(session.pid) in seen
        session.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            session.wait(120)
        told = session.stderr.read()
        assert session.returncode == 0, told
        assert not any(mark.decode(errors="ignore") in told for mark in marks[:3])
        assert processes_of(session.pid) == []
    places = [home.folder, Path("/dev/shm"), Path("/var/log"), Path("/var/tmp"), Path("/run/user")]
    assert holders(places, marks, since=started) == []
    assert CANARY not in journal()


def test_the_search_finds_a_canary_that_is_there(home: Home, tmp_path: Path) -> None:
    marks = canary_bytes(home.sound)
    (tmp_path / "words").write_text(f"he said: {CANARY}.")
    (tmp_path / "sound").write_bytes(b"RIFF" + home.sound.tobytes())
    (tmp_path / "other").write_text("nothing")
    assert sorted(holders([tmp_path], marks, since=0)) == [str(tmp_path / "sound"), str(tmp_path / "words")]


@watches
def test_with_a_sound_server_its_socket_is_the_only_one(
    home: Home, sound_card: SoundCard, tmp_path: Path
) -> None:
    before = home.image()
    session = subprocess.Popen(
        [*strace(tmp_path / "trace"), sys.executable, "-m", "voice_coach", "start", "--events", "-"],
        env={**home.environment, **card_variables(sound_card)},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_interrupts,  # noqa: PLW1509 (one thread)
    )
    assert session.stdout is not None
    for line in session.stdout:
        if json.loads(line)["event"] == "prompt":  # speaker and microphone are both open by then
            break
    for process in processes_below(session.pid):
        os.kill(process, signal.SIGINT)
        break
    _, told = session.communicate(timeout=60)
    seen = read_trace(tmp_path / "trace")
    assert seen.strange_sockets == [], told
    answered = [line for line in seen.sockets if "connect(" in line and line.endswith(" = 0")]
    assert answered != []
    assert [line for line in answered if f"{sound_card.folder}/native" not in line] == []
    # The sound server's library keeps a cookie in the folder that is its own.
    assert [line for line in seen.changes if str(sound_card.folder) not in line] == []
    assert home.image() == before


def hears_interrupts() -> None:
    """For a child: tests in the background of a shell would hand on that interrupts are not heard."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def card_variables(card: SoundCard) -> dict[str, str]:
    """The variables by which a program finds the virtual sound card."""
    return {name: value for name, value in card.environment.items() if os.environ.get(name) != value} | {
        name: value for name, value in card.environment.items() if name.startswith(("PULSE", "ALSA"))
    }


def processes_of(session: int) -> list[Path]:
    """Every live process of a session (setsid), from /proc."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            with contextlib.suppress(OSError, IndexError):
                fields = (path / "stat").read_text().rpartition(") ")[2].split()
                if int(fields[3]) == session and fields[0] != "Z":
                    found.append(path)
    return found


def processes_below(parent: int) -> list[int]:
    """The children of a process."""
    with contextlib.suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []


def journal() -> str:
    """The last minutes of the system's journal, where there is one."""
    if shutil.which("journalctl") is None:
        return ""
    said = subprocess.run(
        ["journalctl", "--since", "-5min", "--no-pager"], capture_output=True, text=True, check=False
    )
    return said.stdout
