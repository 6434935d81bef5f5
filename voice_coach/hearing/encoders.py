"""What three encoders leave of a piece, side by side: Moonshine tiny's, Moonshine base's, Whisper tiny.en's.

In: a piece of speech, and what the encoder of Moonshine tiny left of it, which is at hand. Out: one row for
each 24 ms. It keeps no sound and writes nothing.

Networks of other sizes and makers lose other sounds in noise: of synthetic voices that the network over these
rows had not learned from, it has the right phrase at 10 dB in 81 to 96 of a hundred; over Moonshine tiny's
rows alone in 69 to 83. Only the encoders of the other two are needed and are here (weights/, both under the
MIT licence, made by scripts/make_encoders): Jeffries et al. 2024, Radford et al. 2022.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.hearing.moonshine import PADDING, prepared
from voice_coach.hearing.network import open_network

Floats = NDArray[np.float32]
WEIGHTS = Path(__file__).with_name("weights")
BASE, WHISPER = "moonshine_base.onnx", "whisper_tiny_en.onnx"
WIDTHS = (288, 416, 384)
"""Of the three encoders' parts of a row, in this order."""
WIDTH = sum(WIDTHS)
STEP, FIRST = 0.024, 0.031 - 0.1
"""Seconds from row to row, and from the piece's beginning to the middle of the first: Moonshine's frames."""
WHISPER_STEP, WHISPER_PADDING = 0.02, 0.2
"""Seconds from frame to frame of Whisper's, and of quiet before and after the piece."""
LONGEST = 7 * HEARING_RATE
"""Whisper's encoder knows no places beyond 8 s here."""


class Encoders:
    """The two further encoders, loaded (31 MB of files, 60 MB of memory)."""

    def __init__(self) -> None:
        """Load them (0.2 s). Raises SetupError for a broken file."""
        self._base, self._whisper = (open_network(WEIGHTS / name) for name in (BASE, WHISPER))
        self._quiet = np.zeros(int(WHISPER_PADDING * HEARING_RATE), np.float32)

    def __call__(self, piece: Pcm, hidden: Floats) -> Floats:
        """Rows of WIDTH, as many as Moonshine tiny's frames (11 ms of computing for each second).

        `piece`: int16, 16 kHz, LONGEST at most. `hidden`: (1, frames, 288), of the same piece.
        """
        tiny, wave = hidden[0], prepared(piece)
        base = _run(self._base, wave, PADDING)[: len(tiny)]
        whisper = _run(self._whisper, wave, self._quiet)
        lacking = np.zeros((len(tiny) - len(base), base.shape[1]), np.float32)
        return np.concatenate([tiny, np.concatenate([base, lacking]), _at_steps(whisper, len(tiny))], axis=1)


def of_base(rows: Floats) -> Floats:
    """Moonshine base's part of the rows."""
    return rows[:, WIDTHS[0] : WIDTHS[0] + WIDTHS[1]]


def _run(network: Any, wave: Floats, quiet: Floats) -> Floats:
    fed = {"input_values": np.concatenate([quiet, wave, quiet])[None]}
    frames: Floats = network.run(None, fed)[0][0]
    return frames


def _at_steps(frames: Floats, count: int) -> Floats:
    """Whisper's frames at Moonshine's times, between two of them."""
    times = (np.arange(count) * STEP + FIRST + WHISPER_PADDING) / WHISPER_STEP
    places = np.clip(times, 0, len(frames) - 1)
    before = places.astype(np.int64)
    share = (places - before)[:, None].astype(np.float32)
    after = np.minimum(before + 1, len(frames) - 1)
    between: Floats = frames[before] * (1 - share) + frames[after] * share
    return between
