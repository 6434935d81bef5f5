"""What the phones are learned from: words, phrases and made-up sentences, many ways said, in many noises.

In: the pack's phrases, the common words, the tuning half of the recordings. Out: encoder frames and their
phones.
"""

from __future__ import annotations

import random
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import soxr
from hearing_bench.material import RECORDINGS, SENTENCES, in_a_room
from hearing_bench.mixing import active_level

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.audio.wavefile import read_pcm
from voice_coach.hearing.encoders import LONGEST, Encoders
from voice_coach.hearing.moonshine import Moonshine, model_folder
from voice_coach.hearing.phones import Floats
from voice_coach.hearing.sphinx_decoder import SphinxDecoder
from voice_coach.packs.load import load_pack
from voice_coach.understanding.table import PhraseTable

from .voices import FLITE, OTHERS, Saying, rate_of, render

COMMON = Path(__file__).resolve().parents[2] / "voice_coach" / "hearing" / "common_words.txt"
MADE_UP, MADE_UP_OTHERS = 1800, 2400
"""Rows of two to five common words, so that no phone comes only where the phrases have it."""
OF_OTHERS = 3
"""Of the five voices that are not flite's, so many say each phrase."""
SHORTEST = HEARING_RATE // 8
"""Samples; less is no word."""
TAKES, HEARD = 6, 2
"""Times that each recording, and each saying of a voice, is heard: in another noise each time."""
LEVELS, OFTEN = (None, 20, 10, 5, 0), (0.3, 0.15, 0.25, 0.2, 0.1)
SHARES = 24
"""In so many parts the sayings are taken in: what the encoders leave of all is several gigabytes."""


@dataclass(frozen=True)
class Lesson:
    """What the encoders left of a saying, and its phones."""

    frames: Floats
    phones: tuple[str, ...]


def sayings() -> list[Saying]:
    """All of them, in one fixed random order."""
    pack, chance = load_pack("en"), random.Random(5)
    tables = [PhraseTable.for_state(pack, name) for name, state in pack.states.items() if state.listen]
    phrases = sorted({text for table in tables for text in (*table.phrases, *table.decoys)})
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    words = [word for word in lines if not word.startswith("#") and word.replace("'", "").isalpha()]
    sentences = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    both = [*phrases, *(phrase for phrase in phrases if " " not in phrase for _ in range(2))]
    found = [Saying(text, voice) for text in both for voice in FLITE]
    found += [Saying(text, voice) for text in both for voice in chance.sample(OTHERS, OF_OTHERS)]
    listed = [*words, *sentences["ordinary"], *sentences["near_consent"]]
    for voices, count in ((tuple(FLITE), MADE_UP), (OTHERS, MADE_UP_OTHERS)):
        made_up = [" ".join(chance.choices(words, k=chance.randint(2, 5))) for _ in range(count)]
        found += [Saying(text, chance.choice(voices)) for text in (*listed, *made_up)]
    found += _recordings() * TAKES
    chance.shuffle(found)
    return found


def lessons() -> list[Lesson]:
    """What the encoder makes of all of them; two processes, some twenty-five minutes."""
    everything = sayings()
    with tempfile.TemporaryDirectory() as folder, get_context("spawn").Pool(2) as pool:
        said = list(zip(range(len(everything)), everything, render(everything, Path(folder)), strict=True))
        shares = pool.imap(_take_in, [said[at::SHARES] for at in range(SHARES)])
        return [lesson for share in shares for lesson in share]


def _recordings() -> list[Saying]:
    found = []
    for folder in sorted((RECORDINGS / "words").iterdir()):
        for path in sorted(folder.glob("*.flac")):
            named = path.name.split("_nohash")[0].split("_")
            if int(named[-1], 16) % 2 == 0:
                word = named[0] if folder.name == "unknown" else folder.name
                found.append(Saying(word, named[-1], str(path)))
    return found


def _take_in(said: list[tuple[int, Saying, Path]]) -> list[Lesson]:
    folder = model_folder()
    assert folder is not None
    ear, encoders, dictionary, noises = Moonshine(folder), Encoders(), SphinxDecoder(), _noises()
    found = []
    for (number, saying, file), take in product(said, range(HEARD)):
        if saying.path and take:
            continue
        phones = [dictionary.pronunciation(word) for word in saying.text.split()]
        chance = np.random.default_rng((number, take))
        sound = _somewhere(saying, file, chance) if all(phones) else None
        if sound is not None and sound.size <= LONGEST:
            noisy = _in_noise(sound, noises, chance)
            frames = encoders(noisy, ear.hear(noisy).hidden).astype(np.float16)
            found.append(Lesson(frames, tuple(phone for word in phones for phone in word)))
    return found


def _noises() -> list[Pcm]:
    return [read_pcm(path)[0] for path in sorted((RECORDINGS / "noise").glob("*.flac"))]


def _somewhere(saying: Saying, file: Path, chance: np.random.Generator) -> Pcm | None:
    """A recording in its own room; a voice with another throat and microphone. None: nothing was said."""
    if saying.path:
        return _cut(in_a_room(read_pcm(file)[0]), chance.uniform)
    if saying.voice in FLITE:
        sound, rate, speeds = read_pcm(file)[0], HEARING_RATE, (0.86, 1.16)
    else:
        sound, rate, speeds = np.fromfile(file, np.int16), rate_of(saying.voice), (0.9, 1.12)
    if sound.size < SHORTEST:
        return None
    sound = soxr.resample(sound.astype(np.float32), rate, HEARING_RATE * chance.uniform(*speeds))
    if chance.random() < 0.5:
        sound += np.float32(chance.uniform(-0.5, 0.5)) * np.concatenate([sound[:1] * 0, sound[:-1]])
    loud = sound / (np.abs(sound).max() + 1.0) * chance.uniform(3_000, 20_000)
    return _cut(in_a_room(loud.astype(np.int16), least=30.0), chance.uniform)


def _cut(sound: Pcm, between: Callable[[float, float], float]) -> Pcm:
    """Less of the room before and after, as pieces have it."""
    begins = sound[int(between(0.1, 0.4) * HEARING_RATE) :]
    return begins[: max(HEARING_RATE // 4, begins.size - int(between(0.6, 1.05) * HEARING_RATE))]


def _in_noise(sound: Pcm, noises: list[Pcm], chance: np.random.Generator) -> Pcm:
    level = chance.choice(np.array(LEVELS, object), p=OFTEN)
    if level is None:
        return sound
    noise = noises[chance.integers(len(noises))]
    if chance.random() < 0.2:
        noise = chance.normal(0.0, 1_000.0, sound.size * 2).astype(np.int16)
    at = chance.integers(0, max(1, noise.size - sound.size))
    part = np.resize(noise[at:], sound.size).astype(np.float64)
    part *= 10 ** ((active_level(sound) - level) / 20) / max(1.0, float(part.std()))
    return np.clip(sound + part, -32768, 32767).astype(np.int16)
