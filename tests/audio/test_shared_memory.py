"""PortAudio where /dev/shm has no room: on Debian it brings JACK's library, which then crashes or hangs."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys

import pytest
from virtual_sound_card import SoundCard

from voice_coach.audio.shared_memory import asks_jack

NO_ROOM = "mount -t tmpfs -o size=64k small /dev/shm || exit 77;"
FULL = NO_ROOM + "dd if=/dev/zero of=/dev/shm/full bs=4k 2>/dev/null;"
HALF_MADE = (
    "mount -t tmpfs -o size=1m small /dev/shm || exit 77;"
    "mkdir /dev/shm/jack_db-$(id -u); : > /dev/shm/jack_db-$(id -u)/__db.001;"
)
ENOUGH = "mount -t tmpfs -o size=256k small /dev/shm || exit 77;"

pytestmark = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="making a small /dev/shm needs the rights of root and unshare",
)
needs_jack = pytest.mark.skipif(not asks_jack(), reason="PortAudio is built without JACK here")


def inside(steps: str, *arguments: str) -> list[str]:
    """The coach's command in a mount namespace whose /dev/shm was made by `steps`."""
    alone = ["unshare", "-m", "sh", "-c", f'{steps} "$@"', "sh"]
    return [*alone, sys.executable, "-m", "voice_coach", *arguments]


def run(card: SoundCard, steps: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        inside(steps, *arguments),
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        env=card.environment,
        timeout=120,
    )
    if ended.returncode == 77 or "unshare failed" in ended.stderr:
        pytest.skip("no small /dev/shm can be mounted here")
    return ended


@needs_jack
@pytest.mark.parametrize(
    ("steps", "remedy"),
    [(FULL, "ls -lS /dev/shm"), (NO_ROOM, "ls -lS /dev/shm"), (HALF_MADE, "remove that folder")],
    ids=["full", "too little", "left half made"],
)
def test_a_session_says_that_the_memory_folder_is_full_and_ends(
    sound_card: SoundCard, steps: str, remedy: str
) -> None:
    ended = run(sound_card, steps, "start", "--mode", "heard")
    assert ended.returncode == 1, ended.stderr
    [line] = ended.stderr.strip().splitlines()
    assert line.startswith("voice-coach: ")
    assert "/dev/shm" in line
    assert remedy in line
    assert ended.stdout == ""


@needs_jack
def test_at_a_terminal_it_goes_on_typed(sound_card: SoundCard) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, b"stop\n")
    ended = subprocess.run(
        inside(FULL, "start", "--mode", "heard"),
        check=False,
        capture_output=True,
        stdin=theirs,
        text=True,
        env=sound_card.environment,
        timeout=120,
    )
    os.close(ours)
    os.close(theirs)
    if ended.returncode == 77 or "unshare failed" in ended.stderr:
        pytest.skip("no small /dev/shm can be mounted here")
    assert ended.returncode == 0, ended.stderr
    assert "/dev/shm" in ended.stderr
    assert "We go on typed." in ended.stderr


def test_where_there_is_just_enough_room_the_devices_are_found_again_and_again(sound_card: SoundCard) -> None:
    again = '"$@" || exit; dd if=/dev/zero of=/dev/shm/full bs=4k 2>/dev/null;'
    ended = run(sound_card, ENOUGH + again, "devices")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("default speaker") == 2
