"""pyttsx3 as a renderer: text in, samples out, one sentence at a time. Runs in the rendering child only.

Two ways, one shape: into memory with eSpeak NG (memory_driver), or through pyttsx3's save_to_file for every
other engine, into a private folder in memory where there is one, read and unlinked at once.
It never plays anything (pyttsx3's say cannot be stopped and hangs, measured in the audio study).
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Protocol

import numpy as np

from voice_coach.audio.ports import SPEAKING_RATE, Samples
from voice_coach.speaking.messages import VoiceName
from voice_coach.speaking.pacing import Sentence

ESPEAK_SETTING_PER_WPM = 0.763
"""eSpeak's rate setting for one spoken word a minute: setting 114 speaks the prompts at 150 words a minute.

Fitted on 196 sentences of the conversation design, edges trimmed: 100 gives 131, 115 gives 151, 130 gives
171, 140 gives 185 (scripts/bench_speaking measures it again).
"""
_PAUSE_SECONDS = 0.005
"""Between two renders of the file way: with it none of 1,500 was lost, without it up to four."""
_LEAST_SECONDS_PER_CHARACTER = 0.03
"""Anything shorter was cut off by pyttsx3's race and is rendered again."""
_TRIES = 3
_COPY_SECONDS = 2
"""A copy that renders for longer hangs and ends itself."""


class EngineMissing(Exception):
    """No speech engine can be used here; the message is a sentence for the person."""


class RenderFailed(Exception):
    """One sentence could not be rendered."""


class Engine(Protocol):
    """A speech engine set to one voice."""

    name: str

    def voices(self) -> tuple[VoiceName, ...]:
        """Every voice that can be used here."""

    def variants(self) -> tuple[str, ...]:
        """What may follow a voice's id and a plus sign."""

    def use(self, voice_id: str) -> None:
        """Switch to a voice; raises RenderFailed when it cannot be used."""

    def render(self, sentence: Sentence) -> Samples:
        """Float samples at 22.05 kHz as the engine made them. Raises RenderFailed."""


class _Pyttsx3:
    """What both ways share: one pyttsx3 engine, errors caught from its callback."""

    rate_per_wpm = 1.0

    def __init__(self, driver: str | None) -> None:
        import pyttsx3

        self._engine = pyttsx3.init(driver)
        self._problem: BaseException | None = None
        self._engine.connect("error", self._keep_problem)

    def voices(self) -> tuple[VoiceName, ...]:
        found = []
        for voice in self._engine.getProperty("voices"):
            languages = [str(language) for language in voice.languages or []]
            found.append(VoiceName(voice.id, voice.name, languages[0] if languages else ""))
        return tuple(voice for voice in found if _usable(voice))

    def variants(self) -> tuple[str, ...]:
        return ()

    def use(self, voice_id: str) -> None:
        self._engine.setProperty("voice", voice_id)
        self._run()

    def _run(self) -> None:
        self._problem = None
        self._engine.runAndWait()
        if self._problem is not None:
            raise RenderFailed(str(self._problem))

    def _keep_problem(self, name: str | None, exception: BaseException) -> None:
        self._problem = exception


class MemoryEngine(_Pyttsx3):
    """eSpeak NG into memory (Linux, and wherever its library is installed)."""

    name = "espeak"
    rate_per_wpm = ESPEAK_SETTING_PER_WPM

    def __init__(self) -> None:
        """Load the library; raises RuntimeError or OSError when it is not there."""
        from voice_coach.speaking import memory_driver

        super().__init__(memory_driver.register())
        self._driver: memory_driver.MemoryDriver = self._engine.proxy._driver

    def variants(self) -> tuple[str, ...]:
        """Those of eSpeak NG (70 ms), which takes one that is not there and speaks without it."""
        return self._driver.variants()

    def render(self, sentence: Sentence) -> Samples:
        """Samples of one sentence: the same sentence gives the same samples, whatever came before.

        eSpeak's sound depends on what it said before (lengths differ by up to 55 ms). So each sentence is
        rendered by a copy of the fresh process, where the system can fork; a crash takes only the copy down.
        """
        pcm = self._in_copy(sentence) if hasattr(os, "fork") else self._synthesise(sentence)
        if not pcm:
            raise RenderFailed("the engine gave no sound")
        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)
        return _at_speaking_rate(samples, self._driver.sample_rate())

    def _in_copy(self, sentence: Sentence) -> bytes:
        read_end, write_end = os.pipe()
        copy = os.fork()
        if copy == 0:
            with contextlib.suppress(BaseException):
                signal.alarm(_COPY_SECONDS)
                with os.fdopen(write_end, "wb") as pipe:
                    pipe.write(self._synthesise(sentence))
            os._exit(0)
        os.close(write_end)
        with os.fdopen(read_end, "rb") as pipe:
            pcm = pipe.read()
        os.waitpid(copy, 0)
        return pcm

    def _synthesise(self, sentence: Sentence) -> bytes:
        self._engine.setProperty("rate", round(sentence.words_per_minute * self.rate_per_wpm))
        self._engine.save_to_file(sentence.text, "memory")
        self._run()
        return self._driver.take()


class FileEngine(_Pyttsx3):
    """Any pyttsx3 driver through files that live for milliseconds in a private folder."""

    def __init__(self, driver: str | None) -> None:
        """Start the engine and make the folder (0700, in memory where the system has such a place)."""
        super().__init__(driver)
        self.name = driver or self._engine.driver_name
        if self.name == "espeak":
            self.rate_per_wpm = ESPEAK_SETTING_PER_WPM
            # The first run of a fresh process returned before its file was there in 16 of 25 cases.
            self._engine.runAndWait()
        place = memory_folder()
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=_folder_prefix(os.getpid()), dir=place))
        except OSError as problem:
            raise EngineMissing(
                f"The speech engine needs a place for its sound for a moment and finds none in "
                f"{place or 'the temporary folder'}, so the coach cannot speak; make room there."
            ) from problem
        atexit.register(self.close)

    def render(self, sentence: Sentence) -> Samples:
        """Samples of one sentence; rendered again when too short to be whole."""
        least = _LEAST_SECONDS_PER_CHARACTER * len(sentence.text)
        for _ in range(_TRIES):
            samples = self._render_once(sentence)
            if samples.size / SPEAKING_RATE >= least:
                return samples
            time.sleep(_PAUSE_SECONDS)
        raise RenderFailed("the engine gave no sound, or only a part of it")

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _render_once(self, sentence: Sentence) -> Samples:
        import soundfile

        path = self._folder / f"sentence{_suffix()}"
        self._engine.setProperty("rate", round(sentence.words_per_minute * self.rate_per_wpm))
        self._engine.save_to_file(sentence.text, str(path))
        try:
            self._run()
            # Told apart by their first bytes: macOS writes AIFF whatever the name says.
            samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
        except (OSError, RuntimeError):
            return np.zeros(0, np.float32)
        finally:
            path.unlink(missing_ok=True)
            time.sleep(_PAUSE_SECONDS)
        return _at_speaking_rate(samples.mean(axis=1, dtype=np.float32), rate)


def start_engine() -> Engine:
    """The system's own voice on Windows and macOS, else eSpeak NG. Raises EngineMissing with a sentence."""
    if sys.platform in ("win32", "darwin"):
        try:
            return FileEngine(None)
        except EngineMissing:
            raise
        except Exception:
            pass  # pyttsx3's drivers raise whatever their system raises; eSpeak NG may still be there.
    try:
        return MemoryEngine()
    except (OSError, RuntimeError, ValueError, ImportError) as problem:
        raise EngineMissing(
            "No speech engine is installed, so the coach cannot speak; install espeak-ng "
            "(on Debian or Ubuntu: sudo apt install espeak-ng)."
        ) from problem


def sweep(pid: int) -> None:
    """Remove what a rendering child that was killed may have left behind."""
    for folder in Path(memory_folder() or tempfile.gettempdir()).glob(_folder_prefix(pid) + "*"):
        shutil.rmtree(folder, ignore_errors=True)


def memory_folder() -> str | None:
    """A folder that lives in memory, if the system has one that can be written to."""
    for place in (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm"):
        if place and os.path.isdir(place) and os.access(place, os.W_OK):
            return place
    return None


def _folder_prefix(pid: int) -> str:
    return f"voice-coach-{pid}-"


def _usable(voice: VoiceName) -> bool:
    # eSpeak lists MBROLA voices whether or not MBROLA is there, and its effects as voices.
    if voice.id.startswith("mb/"):
        return shutil.which("mbrola") is not None
    return not voice.id.startswith("!v/")


def _suffix() -> str:
    return ".aiff" if sys.platform == "darwin" else ".wav"


def _at_speaking_rate(samples: Samples, rate: int) -> Samples:
    if rate == SPEAKING_RATE:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, rate, SPEAKING_RATE), dtype=np.float32)
