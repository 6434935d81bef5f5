"""Whole sessions in a home of their own, watched from outside: what they open, write, connect to, and leave.

The plans answer by keys, and by voice only where talk is talk, from recordings made beforehand: so nothing
but the program itself runs, and the same session can be held again and again.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from toy_model import TOY_MODEL

from voice_coach.speaking.stand_in import render_person

ROOT = Path(__file__).resolve().parents[2]
CANARY = "the quiet harbour keeps nine blue kettles"
CALLS = (
    "open,openat,openat2,creat,socket,connect,bind,mkdir,mkdirat,mknod,mknodat,link,linkat,symlink,symlinkat,"
    "rename,renameat,renameat2,unlink,unlinkat,rmdir,truncate,chmod,fchmod,fchmodat"
)
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
_SOUND_SERVER = re.compile(r'sun_path="[^"]*/(pulse/native|native|jack_[^"/]*|pipewire-0)"')
_DEVICE = re.compile(r'"/dev/(?!shm/)[^"]*"')
_JACK = re.compile(r'"/dev/shm/jack_db-[^"]*"')
"""PortAudio asks the library of JACK, which leaves an empty data base in memory."""
_TWICE = ("CONSENT", "NOTE_OFFER", "NOTE_VOICE", "NOTE_BACK")
"""Gates that open something take two presses of a key."""
ANSWERS = {
    "PLACE": "YES",
    "CONSENT": "YES",
    "CONNECT": "canary",
    "LISTEN": "canary, DONE",
    "HEARD": "SKIP",
    "CONNECT_CHECK": "STEADY",
    "CLOSE_CONNECT": "SKIP",
    "FORMAL_TOO": "SKIP",
}
POCKETSPHINX = 'recognizer = "pocketsphinx"'
VOSK = f'recognizer = "vosk"\nmodel = "{TOY_MODEL}"'
WITH_A_NOTE = {
    **ANSWERS,
    "NOTE_OFFER": "YES",
    "NOTE_VOICE": "YES",
    "NOTE_KIND": "VOICE",
    "NOTE_SAY": "canary, DONE",
    "NOTE_BACK": "KEEP_IT",
}


class Home:
    """An empty home and temp folder, and sessions in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "home"
        self.folder.mkdir()
        # As on any desktop: the sound server's library, which eSpeak asks too, would make run/pulse itself.
        for name in ("tmp", "run", "run/pulse"):
            (self.folder / name).mkdir(mode=0o700)
        self.beside = folder
        self.notes = self.folder / ".local" / "share" / "voice-coach" / "notes"
        self.sound = canary_sound()
        soundfile.write(folder / "canary.wav", self.sound, 16_000)

    @property
    def environment(self) -> dict[str, str]:
        """Everything a session may take for its own is in the home."""
        kept = {
            name: os.environ[name]
            for name in ("PATH", "ALSA_CONFIG_PATH")  # No sound server of another test: it brings a cookie.
            if name in os.environ
        }
        home = str(self.folder)
        return {
            **kept,
            "HOME": home,
            "TMPDIR": f"{home}/tmp",
            "XDG_RUNTIME_DIR": f"{home}/run",
            "LANG": "C.UTF-8",
            # What Python compiles beside the program on its first start is no part of a session.
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def plan(self, answers: dict[str, str], *, notes: bool = False, listens: str = POCKETSPHINX) -> Path:
        """A plan in which each state is answered so."""
        lines = [f'[settings]\nmode = "heard"\n{listens}\nseed = 1']
        if notes:
            lines.append(f'notes = true\nnotes-folder = "{self.notes}"')
        for state, answer in answers.items():
            for part in answer.split(", ") * (2 if state in _TWICE else 1):
                said = 'wav = "canary.wav"' if part == "canary" else f'key = "{part}"'
                lines.append(f'\n[[turn]]\nstate = "{state}"\n{said}')
        kind = "plan" if listens == POCKETSPHINX else "vosk"
        path = self.beside / ("note.toml" if notes else f"{kind}.toml")
        path.write_text("\n".join(lines) + "\n")
        return path

    def rehearse(self, plan: Path, *before: str) -> subprocess.CompletedProcess[str]:
        """Hold it, under another program if one is given; its event log is the output."""
        return self.run("rehearse", str(plan), "--events", "-", before=before)

    def run(
        self, *arguments: str, before: tuple[str, ...] = (), typed: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Any command."""
        return subprocess.run(
            [*before, sys.executable, "-m", "voice_coach", *arguments],
            env=self.environment,
            cwd=ROOT,
            input=typed or "",
            capture_output=True,
            text=True,
            check=False,
        )

    def image(self) -> dict[str, tuple[int, int, int, str]]:
        """Every name in it with mode, size, time and a sum of the content."""
        found = {}
        for path in sorted([self.folder, *self.folder.rglob("*")]):
            facts = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            found[str(path.relative_to(self.folder))] = (
                facts.st_mode,
                facts.st_size,
                facts.st_mtime_ns,
                content,
            )
        return found


@dataclass(frozen=True)
class Trace:
    """What strace saw of a session and of all it started."""

    lines: tuple[str, ...]

    @property
    def sockets(self) -> list[str]:
        """Every socket made, connected or bound."""
        return [line for line in self.lines if re.match(r"\d+ +(socket|connect|bind)\(", line)]

    @property
    def strange_sockets(self) -> list[str]:
        """All that are not local, or that lead to something else than a sound server's own door."""
        return [
            line
            for line in self.sockets
            if "AF_UNIX" not in line or ("socket(" not in line and not _SOUND_SERVER.search(line))
        ]

    @property
    def changes(self) -> list[str]:
        """Every call that could change a file system: opened for writing, made, renamed, removed."""
        found = []
        for line in self.lines:
            name = re.match(r"\d+ +(\w+)\(", line)
            if name is None or name[1] in {"socket", "connect", "bind"} or " = -1 " in line:
                continue
            if name[1].startswith("open") and not _WRITING.search(line):
                continue
            if not _DEVICE.search(line) and not _JACK.search(line):
                found.append(line)
        return found


def strace(path: Path) -> tuple[str, ...]:
    """A command in front of another that writes what it and all its children do to a file."""
    return ("strace", "-f", "--seccomp-bpf", "-qq", "-s", "300", "-o", str(path), "-e", f"trace={CALLS}")


def read_trace(path: Path) -> Trace:
    """As written by strace(): calls that other processes broke in on are put together again."""
    whole, begun = [], {}
    for line in path.read_text(errors="replace").splitlines():
        pid = line.split(" ", 1)[0]
        if "<unfinished ...>" in line:
            begun[pid] = line.split("<unfinished ...>")[0]
        elif "resumed>" in line:
            whole.append(begun.pop(pid, pid + " ") + line.split("resumed>", 1)[1])
        else:
            whole.append(line)
    return Trace(tuple(whole))


def canary_sound() -> np.ndarray:
    """The canary spoken by a made-up person (int16, 16 kHz)."""
    return render_person(CANARY)


def canary_bytes(sound: np.ndarray) -> list[bytes]:
    """What would be in a file that held the canary: its words, or its sound in any usual form."""
    loud = int(np.abs(sound.astype(np.int32)).argmax())
    piece = sound[loud - 16 : loud + 16]
    return [
        CANARY.encode(),
        CANARY.encode("utf-16-le"),
        b"blue kettles",
        piece.tobytes(),
        piece.byteswap().tobytes(),
        (piece.astype(np.float32) / np.float32(32_768)).tobytes(),
    ]


def holders(folders: list[Path], marks: list[bytes], *, since: float) -> list[str]:
    """Files changed since then, anywhere in the folders, that hold one of the marks."""
    found = []
    for folder in folders:
        for path in folder.rglob("*") if folder.is_dir() else ():
            try:
                if path.is_symlink() or not path.is_file() or path.stat().st_mtime < since:
                    continue
                data = path.read_bytes()
            except OSError:
                continue
            found += [str(path)] if any(mark in data for mark in marks) else []
    return found
