"""A third reading of a piece: how near its sounds are to those of each phrase, whatever English would say.

In: what three encoders leave of a piece, and phrases as rows of phones. Out: for each phrase how far
its best path lies under the best path of any sounds. Pure.

Moonshine's decoder and PocketSphinx's grammar both lose words in noise, each in its own way; a small
network over the encoders' frames (CTC, Graves et al. 2006) loses others. Fitted by scripts/fit_phones on
the tuning half of the voices. It knows English only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice_coach.hearing.sphinx_decoder import PHONES

Floats = NDArray[np.float32]
WEIGHTS = Path(__file__).with_name("phones.npz")
NUMBER = {phone: number for number, phone in enumerate(PHONES, start=1)}
"""0 is the blank between phones."""
NEVER = np.float32(-1e9)
ALIKE_PHONES = 6
"""Phrases are gone through in groups of this many phones more."""


@dataclass(frozen=True)
class _Group:
    """Phrases of about one length, as columns: blank, phone, blank, phone, ... blank."""

    phrases: tuple[str, ...]
    path: NDArray[np.int64]
    skip: Floats
    """What it costs to leave out the blank before a phone: nothing, or all where a phone comes twice."""
    last: NDArray[np.int64]


class Pronounced:
    """Phrases as rows of phones, laid out to be gone through at once."""

    def __init__(self, phones: Mapping[str, tuple[str, ...]]) -> None:
        """`phones`: phrase -> its phones, as PHONES names them."""
        groups: dict[int, list[str]] = {}
        for phrase, sounds in phones.items():
            if sounds:
                groups.setdefault(len(sounds) // ALIKE_PHONES, []).append(phrase)
        self.phrases = tuple(phrase for phrase, sounds in phones.items() if sounds)
        self.groups = tuple(_group({phrase: phones[phrase] for phrase in group}) for group in groups.values())


class PhoneReader:
    """The network, loaded (3.4 MB)."""

    def __init__(self) -> None:
        """Read the weights that lie beside this file."""
        with np.load(WEIGHTS) as stored:
            self._layers = [(stored[f"w{n}"].astype(np.float32), stored[f"b{n}"]) for n in (1, 2)]
            self._mean = stored["mean"]

    def read(self, frames: Floats) -> Floats:
        """Natural logs of how likely each phone is in each frame (frames, phones and blank first).

        `frames`: rows of encoders.WIDTH.
        """
        around = np.concatenate([self._mean[None], frames, self._mean[None]])
        beside = np.concatenate([around[:-2], frames, around[2:]], axis=1)
        (first, offset), (second, odds) = self._layers
        scores = np.maximum(beside @ first + offset, 0.0) @ second + odds
        scores -= scores.max(axis=1, keepdims=True)
        logs: Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return logs


def nearness(logs: Floats, pronounced: Pronounced) -> dict[str, float]:
    """Phrase -> log score of its best path under that of the best path of any sounds: 0 at most."""
    best = float(logs.max(axis=1).sum())
    found: dict[str, float] = {}
    for group in pronounced.groups:
        scores = np.full(group.path.shape, NEVER, np.float32)
        scores[:2] = logs[0][group.path[:2]]
        for frame in logs[1:]:
            before = scores
            scores = before.copy()
            np.maximum(scores[1:], before[:-1], out=scores[1:])
            np.maximum(scores[2:], before[:-2] + group.skip[2:], out=scores[2:])
            scores += frame[group.path]
        columns = np.arange(len(group.phrases))
        ends = np.maximum(scores[group.last, columns], scores[group.last - 1, columns])
        found |= {phrase: float(end) - best for phrase, end in zip(group.phrases, ends, strict=True)}
    return found


def _group(phones: Mapping[str, tuple[str, ...]]) -> _Group:
    longest = max(len(sounds) for sounds in phones.values())
    path = np.zeros((2 * longest + 1, len(phones)), np.int64)
    for column, sounds in enumerate(phones.values()):
        path[1 : 2 * len(sounds) : 2, column] = [NUMBER[phone] for phone in sounds]
    skip = np.full(path.shape, NEVER, np.float32)
    skip[2:][(path[2:] != 0) & (path[2:] != path[:-2])] = 0.0
    last = np.array([2 * len(sounds) for sounds in phones.values()])
    return _Group(tuple(phones), path, skip, last)
