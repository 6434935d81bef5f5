"""A session bus of a test's own: the real dbus-daemon on a socket in a folder, and a desktop that calls."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATH = "/org/mpris/MediaPlayer2"
PLAYER = "org.mpris.MediaPlayer2.Player"
CONFIG = """<busconfig><type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""


def has_bus() -> bool:
    """Whether the daemon and its client are installed."""
    return all(shutil.which(name) for name in ("dbus-daemon", "dbus-send"))


@dataclass
class Bus:
    """A bus that runs."""

    address: str
    daemon: subprocess.Popen[str]

    def send(self, destination: str, method: str, *arguments: str, path: str = PATH) -> tuple[int, str]:
        """Call a method as a desktop would; exit code and what was printed."""
        command = ["dbus-send", f"--bus={self.address}", "--print-reply", "--reply-timeout=5000"]
        run = subprocess.run(
            [*command, f"--dest={destination}", path, method, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        return run.returncode, run.stdout + run.stderr

    def players(self) -> list[str]:
        """The media players that are registered."""
        _, names = self.send("org.freedesktop.DBus", "org.freedesktop.DBus.ListNames", path="/")
        return [word.strip('"') for word in names.split() if word.startswith('"org.mpris.MediaPlayer2.')]

    def press(self, method: str = "PlayPause") -> None:
        """What a desktop does with the key of a headset."""
        (player,) = self.players()
        code, answer = self.send(player, f"{PLAYER}.{method}")
        assert code == 0, answer


@contextmanager
def session_bus(folder: Path) -> Iterator[Bus]:
    """A bus while the block runs."""
    socket, config = folder / "bus", folder / "bus.conf"
    config.write_text(CONFIG.format(socket=socket), encoding="utf-8")
    daemon = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--nosyslog", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    try:
        yield Bus(address, daemon)
    finally:
        daemon.kill()
        daemon.wait()
