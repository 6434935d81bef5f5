"""Microphone and speaker made of sound files: a session without a sound card, at any speed.

In: any file soundfile reads (WAV, FLAC), one or two channels, any rate. Out: 16 kHz frames, and a WAV of what
was played with the silences between, in audio time. Nothing is written but the one file that was asked for.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import numpy as np

from voice_coach.audio.clip import Clip
from voice_coach.audio.ports import (
    FRAME_SECONDS,
    HEARING_RATE,
    SPEAKING_RATE,
    Overhear,
    Pcm,
    PlaybackEnded,
    Put,
    Samples,
    nobody_overhears,
)
from voice_coach.errors import SetupError

HEARING_FRAME = round(HEARING_RATE * FRAME_SECONDS)
SPEAKING_FRAME = round(SPEAKING_RATE * FRAME_SECONDS)
_BLOCK_SECONDS = 1.0


class WavMicrophone:
    """A sound file heard frame by frame, then silence for ever."""

    live = False
    passes = True

    def __init__(self, path: str | Path) -> None:
        """Name the file; it is read by open()."""
        self._path = Path(path)
        self._pcm: Pcm = np.zeros(0, np.int16)
        self._at = 0

    def open(self, put: Put) -> None:
        """Read the file. Raises SetupError in one sentence."""
        self._pcm, _ = read_pcm(self._path)
        self._at = 0

    @property
    def ended(self) -> bool:
        """Whether all of the file has been read."""
        return self._at >= self._pcm.size

    def read(self) -> Pcm:
        """The next 320 samples; the last frame of the file is filled up with silence."""
        piece = self._pcm[self._at : self._at + HEARING_FRAME]
        self._at += HEARING_FRAME
        if piece.size == HEARING_FRAME:
            return piece
        return np.concatenate([piece, np.zeros(HEARING_FRAME - piece.size, np.int16)])

    def close(self) -> None:
        """Let go of the samples."""
        self._pcm = np.zeros(0, np.int16)


class WavSpeaker:
    """A speaker whose time passes in tick(); what it played can be kept as a WAV."""

    live = False
    passes = True

    def __init__(self, path: str | Path | None = None, overhear: Overhear = nobody_overhears) -> None:
        """Name the WAV to write (22.05 kHz, 16 bit, mono), or None for a silent speaker."""
        self._overhear = overhear
        self._path = Path(path) if path is not None else None
        self._file: Any = None
        self._clip: Clip | None = None
        self._put: Put = _nowhere

    def open(self, put: Put) -> None:
        """Start the file. Raises SetupError when it cannot be written."""
        self._put = put
        if self._path is None:
            return
        soundfile = _soundfile()
        try:
            self._file = soundfile.SoundFile(
                str(self._path), "w", SPEAKING_RATE, 1, subtype="PCM_16", format="WAV"
            )
        except (OSError, RuntimeError) as problem:
            raise SetupError(
                f"The sound file {self._path} cannot be written; choose a folder that exists and is yours."
            ) from problem

    def play(self, clip: int, samples: Samples) -> None:
        """Begin a clip at SPEAKING_RATE (the one before must have ended)."""
        assert self._clip is None, "a clip is still playing"
        self._clip = Clip(clip, samples, SPEAKING_RATE)

    def stop(self) -> None:
        """Fade out within the next tick."""
        if self._clip is not None:
            self._clip.stop()

    def tick(self) -> None:
        """Play 441 samples; PlaybackEnded is put in the tick that played a clip's last sample."""
        block = np.zeros(SPEAKING_FRAME, np.float32)
        clip = self._clip
        if clip is not None:
            clip.fill(block)
        self._overhear(block, SPEAKING_RATE)
        if self._file is not None:
            self._file.write(block)
        if clip is not None and clip.ended:
            self._clip = None
            self._put(PlaybackEnded(clip.number, clip.played, clip.cut))

    def close(self) -> None:
        """Finish the file. A clip still playing is cut without a word: the session is over."""
        self._clip = None
        if self._file is not None:
            self._file.close()
            self._file = None


def read_pcm(path: str | Path) -> tuple[Pcm, float]:
    """All of a sound file as (int16 at 16 kHz mono, seconds). Raises SetupError in one sentence."""
    path = Path(path)
    if not path.exists():
        raise SetupError(f"There is no sound file {path}; check the name.")
    if not path.is_file():
        raise SetupError(f"{path} is not a file; give the name of one sound file (WAV or FLAC).")
    soundfile = _soundfile()
    try:
        with soundfile.SoundFile(str(path)) as source:
            pcm = _read_all(source, path)
    except (OSError, RuntimeError) as problem:
        raise SetupError(
            f"{path} cannot be read as sound; give a WAV or FLAC file that plays elsewhere."
        ) from problem
    return pcm, pcm.size / HEARING_RATE


def write_wav(path: str | Path, samples: Samples) -> None:
    """Write samples at SPEAKING_RATE as a 16 bit mono WAV. Raises SetupError when it cannot be written."""
    speaker = WavSpeaker(path)
    speaker.open(_nowhere)
    with contextlib.closing(speaker):
        speaker._file.write(np.clip(samples, -1.0, 1.0))


def to_pcm(samples: Samples) -> Pcm:
    """Float samples (-1 to 1) as int16; what is too loud is clipped, never wrapped."""
    scaled = np.rint(np.nan_to_num(samples, posinf=1.0, neginf=-1.0) * np.float32(32768.0))
    return np.asarray(np.clip(scaled, -32768, 32767), dtype=np.int16)


def _read_all(source: Any, path: Path) -> Pcm:
    if source.channels > 2:
        raise SetupError(f"{path} has {source.channels} channels; give a mono or stereo recording.")
    if source.frames == 0:
        raise SetupError(f"{path} holds no sound; give a recording that is not empty.")
    resampler = None
    if source.samplerate != HEARING_RATE:
        import soxr

        resampler = soxr.ResampleStream(source.samplerate, HEARING_RATE, 1, dtype="float32")
    pieces: list[Pcm] = []
    size = max(1, round(source.samplerate * _BLOCK_SECONDS))
    for block in source.blocks(size, dtype="float32", always_2d=True):
        mono = np.nan_to_num(block, posinf=1.0, neginf=-1.0).mean(axis=1, dtype=np.float32)
        if resampler is not None:
            mono = resampler.resample_chunk(mono)
        pieces.append(to_pcm(mono))
    if resampler is not None:
        pieces.append(to_pcm(resampler.resample_chunk(np.zeros(0, np.float32), last=True)))
    return np.concatenate(pieces)


def _soundfile() -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as problem:
        raise SetupError(
            "Sound files cannot be read or written here: install the Python package soundfile."
        ) from problem
    return soundfile


def _nowhere(event: object) -> None:
    """Where events go before open()."""
