"""Killed at any moment: the whole note or none of it. scripts/prove_notes does the same 200 times."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from killing import CANARY, a_voice, kill_again_and_again, left_behind, open_bytes

from voice_coach.notes.store import Store

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
SEED = 20_310_506


def test_a_kill_at_a_random_moment_leaves_whole_notes_only(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path / "notes", 20, SEED) == []


def test_a_kill_at_a_random_moment_leaves_no_open_byte_of_a_sealed_note(tmp_path: Path) -> None:
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    seal_for(identity, tmp_path / "notes")
    assert kill_again_and_again(tmp_path / "notes", 20, SEED + 1, identity) == []
    assert all(note.sealed for note in Store(tmp_path / "notes").look().notes)


KEEPING = (
    "import sys, datetime; from pathlib import Path; from voice_coach.notes.store import Store;"
    f"Store(Path(sys.argv[1])).add('md', {CANARY!r}.encode() + b'\\n', datetime.date.today())"
)
STEPS = ("openat", "write", "fsync", "utimensat", "link", "linkat", "unlink", "unlinkat", "close")
TRACED = "trace=" + ",".join(STEPS)


@pytest.mark.skipif(shutil.which("strace") is None, reason="the program strace is not installed")
def test_a_kill_at_each_step_of_writing_leaves_the_whole_note_or_none(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    keeping = [sys.executable, "-c", KEEPING, str(folder)]

    def traced(*options: str) -> int:
        trace = ["strace", "-qq", "-y", "-o", str(tmp_path / "trace"), "-e", TRACED, *options]
        return subprocess.run([*trace, *keeping], check=False, capture_output=True).returncode

    assert traced() == 0
    calls = [line.partition("(") for line in (tmp_path / "trace").read_text().splitlines()]
    # Which of the process's calls of each name touch the folder: counted, they can be struck one by one.
    ours = [
        (name, sum(other == name for other, _, _ in calls[: place + 1]))
        for place, (name, _, rest) in enumerate(calls)
        if str(folder) in rest
    ]
    assert {"openat", "write", "fsync", "utimensat", "unlink"} <= {name for name, _ in ours}
    kept = 1
    for name, which in ours:
        # Struck on its way in: the call itself is not made.
        code = traced("-e", f"inject={name}:error=EINTR:signal=KILL:when={which}")
        assert code in {-9, 137}, f"{name} {which} was not reached"
        Store(folder).tidy(date(2031, 5, 6))
        assert left_behind(Store(folder), a_voice(), None) == []
        assert len(Store(folder).look().notes) in {kept, kept + 1}
        kept = len(Store(folder).look().notes)
    assert 1 < kept <= len(ours), "some kills came before the note had its name, and some after"


def test_the_check_itself_sees_a_half_note_a_leftover_and_an_open_byte(tmp_path: Path) -> None:
    store = Store(tmp_path / "notes")
    store.add("md", CANARY[:10].encode(), date(2031, 5, 6))
    (store.path / "note-0002.md").write_bytes(b"")
    (store.path / "note-0003.md.age").write_bytes(CANARY.encode())
    (store.path / ".x.part").write_bytes(b"")
    faults = left_behind(store, a_voice(), None)
    assert len(faults) == 4
    assert open_bytes(store.path, a_voice()) == ["note-0003.md.age holds an open part of a note"]


def seal_for(identity: object, folder: Path) -> None:
    """A sealed folder, with a key that costs no half second to open."""
    folder.mkdir(mode=0o700)
    (folder / "recipient.txt").write_text(f"{identity.to_public()}\n")  # type: ignore[attr-defined]
    (folder / "identity.age").write_bytes(b"not opened here")
