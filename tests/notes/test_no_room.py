"""Where nothing can be written: clear words, nothing lost, nothing anywhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEEP = """
import sys, datetime
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from voice_coach.conversation.cues import Turn
from voice_coach.notes.keeper import NoteKeeper
from voice_coach.notes.store import Store
keeper = NoteKeeper(Store(Path(sys.argv[1])), today=lambda: datetime.date(2031, 5, 6))
keeper.typed("x" * 3000)
if len(sys.argv) > 3:
    import os
    os.setegid(int(sys.argv[3]))
    os.seteuid(int(sys.argv[3]))
kept = keeper.keep()
print(kept, keeper.trouble)
"""


def keep_a_note(folder: Path, *, before: tuple[str, ...] = (), user: int | None = None) -> str:
    """Keep a note of 3 kB in a process of its own; what it says of it."""
    who = [] if user is None else [str(user)]
    command = [*before, sys.executable, "-c", KEEP, str(folder), str(ROOT), *who]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.stdout.strip()


needs_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="making a small disk, or being another user, needs the rights of root",
)


@needs_root
def test_on_a_full_disk_a_note_fails_in_words_and_the_notes_there_stay(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    steps = (
        f"mount -t tmpfs -o size=16k small {disk} || exit 77;"
        f"mkdir -m 700 {disk}/notes; echo kept > {disk}/notes/note-0001.md;"
        f"dd if=/dev/zero of={disk}/fill bs=1k 2>/dev/null;"
        f'"$@"; ls -A {disk}/notes; cat {disk}/notes/note-0001.md'
    )
    said = keep_a_note(disk / "notes", before=("unshare", "-m", "sh", "-c", steps, "sh"))
    if not said:
        pytest.skip("no small disk can be mounted here")
    first, *rest = said.splitlines()
    assert first.startswith("False There is no room left for the notes folder")
    assert rest == ["note-0001.md", "kept"]


@needs_root
def test_in_a_read_only_place_a_note_fails_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir(mode=0o700)
    steps = (
        f'mount --bind -o ro {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path} || exit 77; "$@"'
    )
    said = keep_a_note(folder, before=("unshare", "-m", "sh", "-c", steps, "sh"))
    if not said:
        pytest.skip("nothing can be mounted read-only here")
    assert said.startswith("False The notes folder")
    assert "Read-only" in said
    assert list(folder.iterdir()) == []


@needs_root
def test_a_user_without_rights_to_the_place_is_told_so(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o755)
    said = keep_a_note(locked / "notes", user=65534)
    assert said.startswith("False The notes folder")
    assert list(locked.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="this system has no limit on the size of a file")
def test_a_write_cut_short_leaves_nothing(tmp_path: Path) -> None:
    limit = ("sh", "-c", 'trap "" XFSZ; ulimit -f 2; exec "$@"', "sh")
    said = keep_a_note(tmp_path / "notes", before=limit)
    assert said.startswith("False There is no room left")
    assert list((tmp_path / "notes").iterdir()) == []
