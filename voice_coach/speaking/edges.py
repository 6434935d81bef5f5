"""How a piece of sound begins and ends: without the engine's silence, and without a click.

In: samples (float32, mono). Out: new samples.
"""

from __future__ import annotations

import numpy as np

from voice_coach.audio.ports import SPEAKING_RATE, Samples

_SILENT = 0.003
"""Samples smaller than this (-50 dBFS) at the edges are the engine's lead-in and tail."""
_MARGIN_SECONDS = 0.012
"""Kept before and after, so that no soft consonant is lost."""


def trimmed(samples: Samples, rate: int = SPEAKING_RATE) -> Samples:
    """Without the engine's silence before and after (14 ms and up to 413 ms with eSpeak NG)."""
    loud = np.flatnonzero(np.abs(samples) > _SILENT)
    if loud.size == 0:
        return samples[:0]
    margin = round(_MARGIN_SECONDS * rate)
    return samples[max(0, int(loud[0]) - margin) : int(loud[-1]) + 1 + margin]


def faded(samples: Samples, seconds: float = 0.003, rate: int = SPEAKING_RATE) -> Samples:
    """The samples with a raised cosine over their first and last `seconds`, beginning and ending at 0."""
    length = min(round(seconds * rate), samples.size // 2)
    if length == 0:
        return samples
    ramp = (0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, length))).astype(np.float32)
    result = samples.copy()
    result[:length] *= ramp
    result[-length:] *= ramp[::-1]
    return result
