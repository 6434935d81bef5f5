"""Noise under speech, so many dB; and where speech ends.

The level of the speech is that of its active frames, those no more than 15.9 dB under it (the margin of ITU-T
P.56), so that pauses do not count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voice_coach.audio.ports import Pcm
from voice_coach.audio.wavefile import read_pcm

from .material import RECORDINGS, Utterance

FRAME = 320
MARGIN_DB = 15.9


class Noises:
    """The recorded noises, one chosen for each utterance, always the same."""

    def __init__(self) -> None:
        folder = RECORDINGS / "noise"
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
        self._noises = {path.stem: read_pcm(path)[0] for path in paths if path.suffix in (".flac", ".wav")}

    def __len__(self) -> int:
        return len(self._noises)

    def name(self, said: Utterance) -> str:
        """Which noise lies under it; "" when none does."""
        return "" if said.level is None else list(self._noises)[sum(said.name.encode()) % len(self)]

    def under(self, sound: Pcm, said: Utterance) -> Pcm:
        """The sound with its noise."""
        if said.level is None:
            return sound
        noise = self._noises[self.name(said)]
        at = np.random.default_rng(sum(said.name.encode())).integers(0, max(1, noise.size - sound.size))
        part = np.resize(noise[at:], sound.size).astype(np.float64)
        part *= 10 ** ((active_level(sound) - said.level) / 20) / max(1.0, float(part.std()))
        return np.clip(sound + part, -32768, 32767).astype(np.int16)


def active_level(sound: Pcm) -> float:
    """Level of the active speech in dB over one step of the samples."""
    power = _frames(sound).var(axis=1)
    active = power
    for _ in range(10):
        threshold = active.mean() / 10 ** (MARGIN_DB / 10)
        active = power[power >= threshold]
    return 10 * float(np.log10(max(1.0, active.mean())))


def last_loud(sound: Pcm) -> int:
    """Number of the frame after the last that is within 20 dB of the loudest: the end of speech."""
    level = _frames(sound).std(axis=1)
    return int(np.flatnonzero(level > level.max() / 10)[-1]) + 1


def _frames(sound: Pcm) -> NDArray[np.float64]:
    return sound[: sound.size // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
