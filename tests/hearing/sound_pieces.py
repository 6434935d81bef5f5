"""Recordings as int16 samples, with a room around them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from voice_coach.audio.ports import Pcm


def read(path: Path) -> Pcm:
    import soundfile

    samples, rate = soundfile.read(str(path), dtype="int16")
    assert rate == 16_000
    pcm: Pcm = samples
    return pcm


def in_a_room(pcm: Pcm, *, before: float = 1.0, after: float = 1.5, seed: int = 1) -> Pcm:
    """A recording with its own background noise before and after it, in whole frames."""
    frames = pcm[: pcm.size // 320 * 320].reshape(-1, 320).astype(np.float64)
    noise = max(1.0, float(frames.std(axis=1).min()))
    rng = np.random.default_rng(seed)
    lead, tail = (rng.normal(0.0, noise, round(16_000 * s)).astype(np.int16) for s in (before, after))
    whole = np.concatenate([lead, pcm, tail])
    return whole[: whole.size // 320 * 320]
