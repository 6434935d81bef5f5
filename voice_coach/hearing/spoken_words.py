"""How likely a piece is a lone "yes", "no" or "stop": a classifier over what Moonshine base's encoder leaves.

In: the encoders' frames of a short piece. Out: a probability for each of three words. It knows English only,
and no other words: what it does not find is for the recognisers to say.

The decoder weighs a word as English would go on; three words that matter most deserve an ear that weighs the
sound alone. Fitted by scripts/fit_spoken_words on the tuning half of the voices. Of speakers unheard before,
"no" at 10 dB was right for 94 of a hundred and "stop" for 96; over Moonshine tiny's encoder for 92 and 95,
and with a probability of 0.9 for 79 and 88 instead of 85 and 92. Over all three it takes more other words.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice_coach.hearing.encoders import of_base

Floats = NDArray[np.float32]
WORDS = ("yes", "no", "stop")
WEIGHTS = Path(__file__).with_name("spoken_words.npz")
MOST_SECONDS = 2.0
"""A longer piece, with its half second of room, is no lone word."""
EDGES = (0.15, 0.9)
"""What of the frames is looked at in four parts: the rest is the room around the word."""
PARTS = 4


class SpokenWords:
    """The classifier, loaded (40 kB)."""

    def __init__(self) -> None:
        """Read the weights that lie beside this file."""
        with np.load(WEIGHTS) as stored:
            self._weights, self._offsets = stored["weights"], stored["offsets"]

    def __call__(self, frames: Floats) -> dict[str, float]:
        """Word -> probability, from rows of encoders.WIDTH."""
        odds = pooled(frames) @ self._weights + self._offsets
        chances = np.exp(odds - np.logaddexp.reduce(odds))
        return {word: float(chance) for word, chance in zip(WORDS, chances, strict=False)}


def pooled(rows: Floats) -> Floats:
    """Any number of frames as one vector: their mean, their maximum, and the means of four parts in order."""
    frames = of_base(rows)
    first = int(len(frames) * EDGES[0])
    last = max(first + PARTS, int(len(frames) * EDGES[1]))
    parts = np.array_split(frames[first:last], PARTS)
    return np.concatenate([frames.mean(0), frames.max(0), *(_mean(part) for part in parts)], dtype=np.float32)


def _mean(part: Floats) -> Floats:
    return part.mean(0) if len(part) else np.zeros(part.shape[1], np.float32)
