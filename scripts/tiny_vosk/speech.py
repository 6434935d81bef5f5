"""Synthetic speech for the toy model, and the features libvosk will compute from sound.

In: words and a voice. Out: clips with a known beginning and end, as MFCC frames of 10 ms. The same seed gives
the same clips, as long as eSpeak NG and flite are the same.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from tiny_vosk import vocabulary

Floats = np.ndarray[Any, np.dtype[np.float64]]

RATE = 16_000
UNKNOWN = "[unk]"
WINDOW, SHIFT, POINTS, BINS = 400, 160, 512, 40
MFCC_CONF = """--use-energy=false
--sample-frequency=16000
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=7600
--dither=0
"""
"""What mfcc() does, in libvosk's words."""

SAME = {"I#": "I", "I2": "I", "a#": "@", "@2": "@", "@5": "@", "t#": "t", "t2": "t", "aa": "a"}
SAME |= {"O@": "O:", "o@": "O:", "oo": "O:", "A@": "A:", "i@": "I @", "i@3": "I @", "@L": "@ l"}
SAME |= {"aI@": "aI @", "aI3": "aI @", "aU@": "aU @", "e@": "E @", "3": "@", "3:": "@", "0#": "0"}
SAME |= {"i": "i:", "U@": "U @", "r-": "r", "l#": "l", "A#": "A:", "I2@": "I @", "?": "", "n-": "n"}
SAME |= {"O2": "O:", "0": "A:", "a:": "a", "u": "u:", "ju:": "j u:", "l-": "l", "R": "r", "E2": "E"}
"""eSpeak NG's names of sounds that differ only in ways so small a model need not hear."""


@dataclass(frozen=True)
class Clip:
    """One thing said."""

    frames: Floats
    labels: tuple[str, ...]
    dialect: str
    begins: float
    ends: float
    """Seconds between which there is speech."""


@cache
def pronounce(word: str, accent: str) -> tuple[str, ...]:
    """The sounds eSpeak NG uses for a word in one accent."""
    if word == "a":  # alone it would be read as the letter
        return ("@",)
    command = ["espeak-ng", "-q", "-v", accent, "-x", "--sep= ", word]
    raw = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() + " "
    raw = re.sub(
        r"['|,%=_:;!]+(?=\s)|(?<=\s)['|,%=_!]+|^['|,%=_!\s]+",
        lambda found: ":" if found.group().startswith(":") else " ",
        raw,
    )
    return tuple(sound for item in raw.split() for sound in SAME.get(item, item).split())


def dialect(accent: str) -> str:
    return "en-us" if accent.startswith("en-us") else "en-gb"


def espeak(text: str, accent: str, variant: str, speed: int, pitch: int) -> Floats:
    voice = accent if variant == "-" else f"{accent}+{variant}"
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text]
    return _sound(subprocess.run(command, capture_output=True, check=True).stdout)


def flite(text: str, voice: str, stretch: float = 1.0) -> Floats:
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "-t", text]
        subprocess.run([*command, "-o", out.name], capture_output=True, check=True)
        return _sound(Path(out.name).read_bytes())


def _sound(wave: bytes) -> Floats:
    """16 kHz samples of a mono WAV of 16 bits; the lengths in a streamed header are not true."""
    samples = np.frombuffer(wave[44 : len(wave) - len(wave) % 2], "<i2").astype(np.float64)
    return _resampled(samples, int.from_bytes(wave[24:28], "little"))


def _resampled(samples: Floats, rate: float) -> Floats:
    return samples if rate == RATE else soxr.resample(samples, rate, RATE)


def trimmed(samples: Floats) -> Floats:
    """Without the quiet ends."""
    hop = RATE // 100
    level = np.sqrt((samples[: len(samples) // hop * hop].reshape(-1, hop) ** 2).mean(1))
    loud = np.nonzero(level > 0.01 * level.max())[0]
    return samples[loud[0] * hop : (loud[-1] + 1) * hop]


def in_a_room(
    samples: Floats, chance: np.random.Generator, *, clean: bool = False
) -> tuple[Floats, int, int]:
    """With silence around it, a level, some room and noise; and where the speech begins and ends."""
    samples = trimmed(samples)
    before, after = int(chance.uniform(0.12, 0.7) * RATE), int(chance.uniform(0.25, 0.9) * RATE)
    out = np.concatenate([np.zeros(before), samples, np.zeros(after)])
    if not clean and chance.random() < 0.4:
        out = _echoing(out, chance)
    out *= 10 ** (chance.uniform(-28, -3) / 20) * 32_767 / np.abs(out).max()
    if not clean and chance.random() < 0.85:
        snr = chance.uniform(8, 40)
        power = (out[before : before + len(samples)] ** 2).mean()
        colour = np.fft.rfft(chance.standard_normal(len(out)))
        colour /= np.maximum(np.arange(len(colour)), 20) ** chance.uniform(0, 0.8)
        noise = np.fft.irfft(colour, len(out))
        out += noise * np.sqrt(power / 10 ** (snr / 10) / (noise**2).mean())
    return np.clip(np.round(out), -32_768, 32_767), before, before + len(samples)


def _echoing(samples: Floats, chance: np.random.Generator) -> Floats:
    length = int(chance.uniform(0.05, 0.25) * RATE)
    tail = chance.standard_normal(length) * np.exp(-np.arange(length) * 6.9 / length)
    tail *= chance.uniform(0.1, 0.6) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    size = 1 << (len(samples) + length - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)[: len(samples)]


# -- features ---------------------------------------------------------------------------------------------


@cache
def _filters() -> tuple[Floats, Floats, Floats]:
    """Kaldi's window, its mel filters and its lifted cosine transform."""
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))) ** 0.85

    def mel(hertz: Any) -> Any:
        return 1127.0 * np.log(1.0 + hertz / 700.0)

    edges = np.linspace(mel(20.0), mel(7_600.0), BINS + 2)
    points = mel(np.arange(POINTS // 2) * RATE / POINTS)
    rising = (points - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - points) / (edges[2:] - edges[1:-1])[:, None]
    banks = np.clip(np.minimum(rising, falling), 0, None)
    order = np.arange(BINS)[:, None]
    cosines = np.sqrt(2.0 / BINS) * np.cos(np.pi / BINS * (np.arange(BINS) + 0.5) * order)
    cosines[0] = np.sqrt(1.0 / BINS)
    lift = 1.0 + 11.0 * np.sin(np.pi * order / 22.0)
    return window, banks, cosines * lift


def mfcc(samples: Floats) -> Floats:
    """Frames of 40 cepstra as Kaldi makes them: 25 ms every 10 ms, none that is not whole."""
    window, banks, cosines = _filters()
    count = 1 + (len(samples) - WINDOW) // SHIFT
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::SHIFT][:count]
    frames = frames - frames.mean(1, keepdims=True)
    shifted = np.concatenate([frames[:, :1], frames[:, :-1]], 1)
    power = np.abs(np.fft.rfft((frames - 0.97 * shifted) * window, POINTS)) ** 2
    return np.log(np.maximum(power[:, : POINTS // 2] @ banks.T, np.finfo(np.float32).eps)) @ cosines.T


# -- the corpus -------------------------------------------------------------------------------------------


def _sentences(chance: random.Random, count: int) -> Iterator[list[str]]:
    for _ in range(count):
        kind = chance.random()
        if kind < 0.60:
            yield chance.choice(vocabulary.PHRASES).split()
        elif kind < 0.70:
            yield chance.choices(vocabulary.WORDS, k=chance.randint(1, 3))
        elif kind < 0.90:
            yield chance.choices(vocabulary.OTHERS, k=chance.randint(1, 5))
        else:
            words = chance.choice(vocabulary.PHRASES).split()
            extra = chance.choices(vocabulary.OTHERS, k=chance.randint(1, 2))
            yield words + extra if chance.random() < 0.5 else extra + words


def _say(job: tuple[list[str], str, str, int, int, int]) -> Clip:
    words, accent, variant, speed, pitch, seed = job
    chance = np.random.default_rng(seed)
    if chance.random() < 0.2:
        accent = "en-us"
        samples = flite(" ".join(words), str(chance.choice(vocabulary.FLITE)), chance.uniform(0.75, 1.4))
    else:
        samples = espeak(" ".join(words), accent, variant, speed, pitch)
    samples = _resampled(samples, RATE * chance.uniform(0.87, 1.15))  # another throat, another tempo
    samples, begins, ends = in_a_room(samples, chance)
    labels = tuple(word if word in vocabulary.WORDS else UNKNOWN for word in words)
    return Clip(mfcc(samples), labels, dialect(accent), begins / RATE, ends / RATE)


def corpus(count: int, seed: int) -> list[Clip]:
    """So many clips: phrases, loose words, words outside the vocabulary, and phrases among such words."""
    chance = random.Random(seed)
    jobs = [
        (
            words,
            chance.choice(vocabulary.ACCENTS),
            chance.choice(vocabulary.VARIANTS),
            chance.randint(95, 235),
            chance.randint(25, 75),
            chance.randrange(1 << 30),
        )
        for words in _sentences(chance, count)
    ]
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(_say, jobs, chunksize=20))
