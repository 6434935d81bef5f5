"""Engines that hand their sound over in a file: any format, an empty one, and no room for it."""

from __future__ import annotations

import itertools
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import pyttsx3.drivers.dummy

from voice_coach.audio.ports import SPEAKING_RATE
from voice_coach.speaking import engine
from voice_coach.speaking.engine import EngineMissing, FileEngine, RenderFailed
from voice_coach.speaking.pacing import Sentence

NUMBERS = itertools.count()
SENTENCE = Sentence("Take your time.", 150)


def fake_driver(monkeypatch: pytest.MonkeyPatch, write: Callable[[str], None]) -> str:
    """A fake: pyttsx3's own dummy driver, whose files are written by `write`."""

    class Driver(pyttsx3.drivers.dummy.DummyDriver):  # type: ignore[misc]
        def save_to_file(self, text: str, filename: str) -> None:
            write(filename)

        def startLoop(self) -> None:
            self._proxy.setBusy(False)  # works off what waits, then ends: there is nothing to play

        def getProperty(self, name: str) -> Any:
            return [] if name == "voices" else super().getProperty(name)

    # pyttsx3 keeps an engine for each name, so each fake has its own.
    name = f"fake{next(NUMBERS)}"
    module = ModuleType(f"pyttsx3.drivers.{name}")
    module.buildDriver = Driver  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return name


def write_wav(rate: int, channels: int, seconds: float) -> Callable[[str], None]:
    def write(filename: str) -> None:
        tone = 8_000 * np.sin(2 * np.pi * 441 * np.arange(round(seconds * rate)) / rate)
        with wave.open(filename, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(np.repeat(tone.astype("<i2"), channels).tobytes())

    return write


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 2), (16_000, 1), (SPEAKING_RATE, 1)])
def test_a_file_of_any_rate_and_width_is_heard_at_its_own_pitch_and_length(
    monkeypatch: pytest.MonkeyPatch, rate: int, channels: int
) -> None:
    strange = FileEngine(fake_driver(monkeypatch, write_wav(rate, channels, 1.0)))
    samples = strange.render(SENTENCE)
    strange.close()
    assert samples.ndim == 1
    assert samples.size == pytest.approx(SPEAKING_RATE, abs=2)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    assert np.argmax(spectrum) * SPEAKING_RATE / samples.size == pytest.approx(441, abs=2)


def write_nothing(filename: str) -> None:
    """No file at all."""


def write_empty(filename: str) -> None:
    Path(filename).touch()


def fill_the_disk(filename: str) -> None:
    """As much as fitted: a beginning."""
    write_wav(22_050, 1, 1.0)(filename)
    whole = Path(filename).read_bytes()
    Path(filename).write_bytes(whole[:30])


@pytest.mark.parametrize("write", [write_nothing, write_empty, fill_the_disk, write_wav(48_000, 2, 0.0)])
def test_a_file_without_sound_is_a_prompt_that_cannot_be_said_and_is_not_left_behind(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[str], None]
) -> None:
    strange = FileEngine(fake_driver(monkeypatch, write))
    with pytest.raises(RenderFailed):
        strange.render(SENTENCE)
    assert list(strange._folder.iterdir()) == []
    strange.close()


def test_no_room_for_its_folder_is_one_sentence_that_says_where(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(engine, "memory_folder", lambda: str(tmp_path / "away"))
    with pytest.raises(EngineMissing, match=r"make room there") as caught:
        FileEngine(fake_driver(monkeypatch, write_nothing))
    assert str(tmp_path) in str(caught.value)


NO_ROOM = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from voice_coach.speaking.renderer import Render, Renderer, Start
from voice_coach.speaking.pacing import Sentence
renderer = Renderer()
renderer.handle(Start(None), lambda answer: None)
import os
renderer.handle(Render(1, Sentence("Nothing is kept.", 150)), lambda answer: os._exit(answer.samples is None))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="eSpeak NG into memory is tried on Linux")
def test_a_disk_without_room_is_nothing_to_the_voice_that_renders_into_memory() -> None:
    assert subprocess.run([sys.executable, "-c", NO_ROOM], timeout=60, check=False).returncode == 0
