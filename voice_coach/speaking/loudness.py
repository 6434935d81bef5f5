"""One loudness for everything the coach plays, after ITU-R BS.1770-4.

In: samples (float32, mono). Out: their gated loudness in LUFS, or the samples brought to a loudness.
Only numpy: scipy would cost 80 MB of memory (measured in the audio study).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voice_coach.audio.ports import SPEAKING_RATE, Samples

PROMPT_LUFS = -23.0
"""EBU R 128's level for speech; leaves espeak's peaks at -4 to -10 dBFS (measured in the audio study)."""
EARCON_LUFS = -26.0
PEAK_DBFS = -3.0
"""Ceiling of the true peak, between the samples too (BS.1770-4, annex 2)."""
_BLOCK_SECONDS = 0.4
_STEP_SECONDS = 0.1
_FFT_SIZE = 1 << 15
_SETTLING_SECONDS = 0.25
"""After so long nothing is left of the filters' tail (the high-pass at 38 Hz falls by 1e-13)."""
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OVERSAMPLING = 4
_TAPS = 16
_MOST_BETWEEN = 2.0
"""Speech never peaks 6 dB higher between its samples than at them: far below the ceiling none is measured."""


def loudness(samples: Samples, rate: int = SPEAKING_RATE) -> float:
    """Integrated, gated loudness in LUFS; -inf for silence.

    A piece under a second is measured as if it were said again and again: gating blocks of 0.4 s would
    otherwise count the silence round a short word.
    """
    if samples.size == 0 or not np.any(samples):
        return float("-inf")
    if samples.size < rate:
        samples = np.tile(samples, -(-rate // samples.size))
    weighted = _k_weighted(samples, rate)
    power = _block_power(weighted, rate)
    power = power[_lufs(power) > _ABSOLUTE_GATE]
    if power.size == 0:
        return float("-inf")
    gate = _lufs(np.array([power.mean()]))[0] + _RELATIVE_GATE
    return float(_lufs(np.array([power[_lufs(power) > gate].mean()]))[0])


def at_loudness(samples: Samples, lufs: float = PROMPT_LUFS, rate: int = SPEAKING_RATE) -> Samples:
    """The samples at a loudness, less where their peak would pass -3 dBFS; silence stays silence."""
    measured = loudness(samples, rate)
    if measured == float("-inf"):
        return samples
    return with_gain(samples, lufs - measured)


def with_gain(samples: Samples, decibels: float) -> Samples:
    """Louder or softer, the true peak never above -3 dBFS: the whole is held back rather than clipped."""
    gain, ceiling = 10.0 ** (decibels / 20.0), 10.0 ** (PEAK_DBFS / 20.0)
    if gain * float(np.max(np.abs(samples), initial=0.0)) * _MOST_BETWEEN > ceiling:
        gain = min(gain, ceiling / true_peak(samples))
    return (samples * np.float32(gain)).astype(np.float32, copy=False)


def true_peak(samples: Samples) -> float:
    """The highest value of the sound itself, at its samples and between them (1.0 is full scale)."""
    between = (np.convolve(samples, taps, "same") for taps in _interpolation())
    return max(float(np.max(np.abs(each), initial=0.0)) for each in (samples, *between))


@lru_cache(maxsize=1)
def _interpolation() -> tuple[NDArray[np.float32], ...]:
    """Filters that give the values a quarter, a half and three quarters of the way to the next sample."""
    at = np.arange(-_TAPS // 2, _TAPS // 2 + 1)
    shifts = [step / _OVERSAMPLING for step in range(1, _OVERSAMPLING)]
    window = [np.cos(np.pi * (at + shift) / (_TAPS + 2)) ** 2 for shift in shifts]
    return tuple(
        (np.sinc(at + shift) * taper).astype(np.float32) for shift, taper in zip(shifts, window, strict=True)
    )


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10.0 * np.log10(np.maximum(power, 1e-12)))


def _block_power(weighted: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    block, step = round(_BLOCK_SECONDS * rate), round(_STEP_SECONDS * rate)
    total = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, weighted.size - block + 1, step)
    return np.asarray((total[starts + block] - total[starts]) / block)


def _k_weighted(samples: Samples, rate: int) -> NDArray[np.float64]:
    """Filtered by overlap-save: each block begins with enough of the past for the filters' tail."""
    past = round(_SETTLING_SECONDS * rate)
    step = _FFT_SIZE - past
    padded = np.concatenate([np.zeros(past), samples, np.zeros(-samples.size % step)])
    blocks = [
        np.fft.irfft(np.fft.rfft(padded[at : at + _FFT_SIZE]) * _k_filter(rate))[past:]
        for at in range(0, samples.size, step)
    ]
    return np.concatenate(blocks)[: samples.size]


@lru_cache(maxsize=4)
def _k_filter(rate: int) -> NDArray[np.complex128]:
    """The two filters of BS.1770 from their analogue parameters, so that they fit any rate."""
    z = np.exp(-2j * np.pi * np.arange(_FFT_SIZE // 2 + 1) / _FFT_SIZE)
    return _high_shelf(z, rate) * _high_pass(z, rate)


def _high_shelf(z: NDArray[np.complex128], rate: int) -> NDArray[np.complex128]:
    gain = 10.0 ** (3.999843853973347 / 20.0)
    k = np.tan(np.pi * 1681.974450955533 / rate)
    q = 0.7071752369554196
    band = gain**0.4996667741545416
    b = (gain + band * k / q + k * k, 2.0 * (k * k - gain), gain - band * k / q + k * k)
    a = (1.0 + k / q + k * k, 2.0 * (k * k - 1.0), 1.0 - k / q + k * k)
    return _response(z, b, a)


def _high_pass(z: NDArray[np.complex128], rate: int) -> NDArray[np.complex128]:
    k = np.tan(np.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    scale = 1.0 + k / q + k * k
    return _response(z, (scale, -2.0 * scale, scale), (scale, 2.0 * (k * k - 1.0), 1.0 - k / q + k * k))


def _response(
    z: NDArray[np.complex128], b: tuple[float, float, float], a: tuple[float, float, float]
) -> NDArray[np.complex128]:
    return np.asarray((b[0] + b[1] * z + b[2] * z * z) / (a[0] + a[1] * z + a[2] * z * z))
