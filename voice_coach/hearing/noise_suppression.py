"""Takes steady and clattering noise out of what the microphone brings: RNNoise, frame by frame.

In: frames of 20 ms (320 int16 samples, 16 kHz), in order. Out: as many frames, `delay` frames later.
It never looks at words, keeps no more sound than its delay, and writes nothing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, Pcm, Samples
from voice_coach.errors import SetupError

NET_RATE = 48_000
NET_FRAME = 480
"""RNNoise takes 10 ms at 48 kHz at a time."""
DELAY_FRAMES = 1
"""RNNoise looks 20 ms ahead; the two filters add 1 ms."""
FRAME = round(HEARING_RATE * FRAME_SECONDS)
STEP = NET_RATE // HEARING_RATE
TAPS = 16 * STEP + 1
CUTOFF = 7_400.0
"""Hz. The filter is 1 ms long on purpose: a resampler's default would be five times as late."""
_LIBRARIES = {"win32": "rnnoise.dll", "darwin": "librnnoise.dylib"}
_FLOATS = ctypes.POINTER(ctypes.c_float)


class Suppressor(Protocol):
    """Cleans a stream of frames."""

    delay: int
    """Frames by which what comes out is later than what went in."""

    def __call__(self, frame: Pcm) -> Pcm:
        """Take the next frame and give a clean one of the same length, `delay` frames old."""

    def reset(self) -> None:
        """Let go of the sound that is still inside."""


def choose_suppressor(wanted: str) -> Suppressor | None:
    """RNNoise where it is "on", else None. Raises SetupError where it is asked for and is not there."""
    if wanted != "on":
        return None
    library = _library_path()
    if library is None:
        raise SetupError(
            "Noise suppression is not there: install the Python package pyrnnoise, or leave it off."
        )
    return Rnnoise(library)


def find_suppressor() -> Callable[[], Suppressor] | None:
    """What makes a suppressor that has heard nothing yet; None where RNNoise is not installed."""
    library = _library_path()
    return partial(Rnnoise, library) if library is not None else None


class VoiceNet(Protocol):
    """Tells voices from other sounds."""

    def voice(self, frame: Pcm) -> float:
        """Take the next frame and give the probability that it holds a voice."""


def find_voice_net() -> Callable[[], VoiceNet] | None:
    """What makes a network that has heard nothing yet; None where RNNoise is not installed."""
    library = _library_path()
    return partial(Rnnoise, library) if library is not None else None


class Rnnoise:
    """RNNoise, between two changes of rate: 0.02 to 0.06 s of one core for each second of sound."""

    delay = DELAY_FRAMES

    def __init__(self, library: Path) -> None:
        """Load the network (in the library itself). Raises SetupError where it cannot be loaded."""
        self._library = _load(library)
        self._state = ctypes.c_void_p(self._library.rnnoise_create(None))
        self._voice = 0.0
        self.reset()

    def __del__(self) -> None:
        """Give the network's memory back."""
        if getattr(self, "_state", None):
            self._library.rnnoise_destroy(self._state)

    def reset(self) -> None:
        """Let go of the sound that is still inside; what the network knows of the room's noise stays."""
        self._before: Samples = np.zeros(TAPS - 1, np.float32)
        self._after: Samples = np.zeros(TAPS - 1, np.float32)
        self._stale = DELAY_FRAMES + 1

    def __call__(self, frame: Pcm) -> Pcm:
        """The next clean frame (320 int16 samples); the first two after a reset hold no sound yet."""
        spread = np.zeros(FRAME * STEP, np.float32)
        spread[::STEP] = frame
        self._before, wide = self._filtered(self._before, spread)
        self._after, clean = self._filtered(self._after, self._denoised(wide * np.float32(STEP)))
        if self._stale:
            self._stale -= 1
            return np.zeros(FRAME, np.int16)
        pcm: Pcm = np.clip(np.rint(clean[::STEP]), -32768, 32767).astype(np.int16)
        return pcm

    def voice(self, frame: Pcm) -> float:
        """How likely the next frame holds a voice: half of the computing that cleaning it takes."""
        spread = np.zeros(FRAME * STEP, np.float32)
        spread[::STEP] = frame
        self._before, wide = self._filtered(self._before, spread)
        self._denoised(wide * np.float32(STEP))
        return self._voice

    def _filtered(self, before: Samples, samples: Samples) -> tuple[Samples, Samples]:
        """What the next call needs of these samples, and they without what lies above CUTOFF."""
        whole = np.concatenate([before, samples])
        return whole[-(TAPS - 1) :], np.convolve(whole, _taps(), "valid").astype(np.float32)

    def _denoised(self, wide: Samples) -> Samples:
        """In whole 10 ms, in int16's scale, in place."""
        frames = np.ascontiguousarray(wide, np.float32)
        self._voice = 0.0
        for start in range(0, frames.size, NET_FRAME):
            at = frames[start : start + NET_FRAME].ctypes.data_as(_FLOATS)
            self._voice = max(self._voice, float(self._library.rnnoise_process_frame(self._state, at, at)))
        return frames


def _library_path() -> Path | None:
    """The library inside the package pyrnnoise, which itself would import a plotting library."""
    found = importlib.util.find_spec("pyrnnoise")
    if found is None or not found.submodule_search_locations:
        return None
    path = Path(next(iter(found.submodule_search_locations))) / _LIBRARIES.get(sys.platform, "librnnoise.so")
    return path if path.is_file() else None


@cache
def _taps() -> Samples:
    """A low pass at 48 kHz: a sinc under a Hamming window, its sum 1."""
    at = np.arange(TAPS) - TAPS // 2
    raw = np.sinc(2 * CUTOFF / NET_RATE * at) * np.hamming(TAPS)
    taps: Samples = (raw / raw.sum()).astype(np.float32)
    return taps


@cache
def _load(path: Path) -> Any:
    try:
        library = ctypes.CDLL(str(path))
        library.rnnoise_create.restype = ctypes.c_void_p
        library.rnnoise_create.argtypes = [ctypes.c_void_p]
        library.rnnoise_destroy.restype = None
        library.rnnoise_destroy.argtypes = [ctypes.c_void_p]
        library.rnnoise_process_frame.restype = ctypes.c_float
        library.rnnoise_process_frame.argtypes = [ctypes.c_void_p, _FLOATS, _FLOATS]
        fits = library.rnnoise_get_frame_size() == NET_FRAME
    except (OSError, AttributeError) as problem:
        raise SetupError(
            f"The noise suppression library {path} cannot be loaded: install pyrnnoise again."
        ) from problem
    if not fits:
        raise SetupError(f"The noise suppression library {path} is of another kind: install pyrnnoise again.")
    return library
