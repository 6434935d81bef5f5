"""The rendering child with the real pyttsx3 and eSpeak NG."""

from __future__ import annotations

import queue
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voice_coach.audio.ports import SPEAKING_RATE
from voice_coach.child import Child
from voice_coach.speaking.engine import sweep
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.messages import Ready, Refused, Render, Rendering, Start, VoiceName
from voice_coach.speaking.pacing import Sentence
from voice_coach.speaking.renderer import find_voice

PROMPTS = [
    "This is a space to look back, out loud.",
    "I am a tool, not a person.",
    "You can say stop at any time.",
    "Is it okay to talk here?",
    "Take your time.",
    "What happened, in a few words?",
    "Okay.",
]


class Asked:
    """A rendering child that is asked one thing at a time."""

    def __init__(self, voice: str | None = None) -> None:
        self.answers: queue.Queue[Any] = queue.Queue()
        self.child = Child("voice_coach.speaking.renderer", self.answers.put)
        self.started = self.ask(Start(voice))

    def ask(self, request: Any) -> Any:
        self.child.send(request)
        return self.answers.get(timeout=20)

    def render(self, text: str, words_per_minute: int = 150, number: int = 1) -> Rendering:
        answer = self.ask(Render(number, Sentence(text, words_per_minute)))
        assert isinstance(answer, Rendering)
        return answer


@pytest.fixture(scope="module")
def renderer() -> Iterator[Asked]:
    asked = Asked()
    if isinstance(asked.started, Refused):
        pytest.skip(asked.started.reason)
    yield asked
    asked.child.close()


def test_fifty_renders_in_a_row_lose_nothing(renderer: Asked) -> None:
    for number in range(50):
        text = PROMPTS[number % len(PROMPTS)]
        answer = renderer.render(text, number=number)
        assert answer.number == number
        assert answer.samples is not None, answer.problem
        assert answer.samples.size / SPEAKING_RATE > 0.03 * len(text)


def test_the_same_sentence_is_the_same_sound_whatever_came_before(renderer: Asked) -> None:
    first = [renderer.render(text).samples for text in PROMPTS]
    again = [renderer.render(text).samples for text in reversed(PROMPTS)][::-1]
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_every_sentence_is_trimmed_level_and_without_a_click(renderer: Asked) -> None:
    for text in PROMPTS:
        samples = renderer.render(text).samples
        assert samples is not None
        assert samples.dtype == np.float32
        assert loudness(samples) == pytest.approx(-23.0, abs=0.5)
        assert np.max(np.abs(samples)) <= 10 ** (-3 / 20) + 1e-6
        assert abs(samples[0]) + abs(samples[-1]) < 1e-6
        loud = np.flatnonzero(np.abs(samples) > 0.01)
        assert loud[0] < 0.04 * SPEAKING_RATE
        assert samples.size - loud[-1] < 0.06 * SPEAKING_RATE


@pytest.mark.parametrize("wanted", [120, 135, 150, 165, 180])
def test_words_a_minute_are_spoken_words_a_minute(renderer: Asked, wanted: int) -> None:
    texts = PROMPTS[:-1]
    seconds = sum(renderer.render(text, wanted).samples.size for text in texts) / SPEAKING_RATE  # type: ignore[union-attr]
    assert 60 * sum(len(text.split()) for text in texts) / seconds == pytest.approx(wanted, rel=0.12)


def test_text_that_cannot_be_said_is_an_answer_and_not_the_end(renderer: Asked) -> None:
    assert renderer.render("\u2063").samples is None
    assert renderer.render("Still here.").samples is not None


@pytest.mark.parametrize("voice", ["en-us", "EN-GB", "English (America)", "gmw/en-us", "en-us+f3"])
def test_a_voice_is_chosen_by_language_name_or_id(voice: str) -> None:
    asked = Asked(voice)
    assert isinstance(asked.started, Ready)
    assert asked.render("Hello.").samples is not None
    asked.child.close()


def test_another_voice_sounds_different(renderer: Asked) -> None:
    british = Asked("en-gb")
    theirs, ours = british.render(PROMPTS[0]).samples, renderer.render(PROMPTS[0]).samples
    british.child.close()
    assert not np.array_equal(theirs, ours)


@pytest.mark.parametrize("voice", ["martian", "martian+f3", "en-gb+f99", "en-gb+"])
def test_an_unknown_voice_is_refused_with_those_there_are(voice: str) -> None:
    asked = Asked(voice)
    asked.child.close()
    assert isinstance(asked.started, Refused)
    assert f'"{voice}"' in asked.started.reason
    assert "en-us" in asked.started.reason


def test_a_whole_name_goes_before_a_part_of_one() -> None:
    voices = (
        VoiceName("gmw/en-US-nyc", "New York", "en-us-nyc"),
        VoiceName("gmw/en-US", "America", "en-us"),
    )
    assert find_voice("EN-US", voices) == "gmw/en-US"
    assert find_voice("york", voices) == "gmw/en-US-nyc"
    assert find_voice("en", voices) is None


def run(script: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_without_the_espeak_library_the_package_is_named() -> None:
    script = """
import ctypes
def absent(name): raise OSError(name)
ctypes.cdll.LoadLibrary = absent
from voice_coach.speaking.renderer import Renderer, Start
Renderer().handle(Start(None), lambda answer: print(answer.reason))
"""
    assert "install espeak-ng" in run(script)


def test_rendering_writes_no_file_and_starts_no_program() -> None:
    script = """
import os, sys
from voice_coach.speaking.renderer import Render, Renderer, Start
from voice_coach.speaking.pacing import Sentence
renderer = Renderer()
renderer.handle(Start(None), lambda answer: None)
def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if (writes and isinstance(arguments[0], str)) or event in ("subprocess.Popen", "os.system", "os.exec"):
        os.write(1, f"BAD {event} {arguments}".encode())
sys.addaudithook(watch)
renderer.handle(Render(1, Sentence("Nothing is kept.", 150)), lambda answer: print(answer.samples.size))
"""
    assert int(run(script)) > 9000


def test_the_file_way_renders_too_and_leaves_nothing_behind() -> None:
    script = """
import os
from voice_coach.speaking.engine import FileEngine
from voice_coach.speaking.pacing import Sentence
engine = FileEngine("espeak")
folder = engine._folder
sizes = [engine.render(Sentence("This is number one of twelve.", 150)).size for _ in range(12)]
print(min(sizes) > 25000, oct(folder.stat().st_mode)[-3:], list(folder.iterdir()))
print(folder)
"""
    said = run(script).splitlines()
    assert said[-2] == "True 700 []"
    assert not Path(said[-1]).exists()


def test_what_a_killed_child_left_behind_is_removed() -> None:
    script = """
import os, signal
from voice_coach.speaking.engine import FileEngine
engine = FileEngine("espeak")
(engine._folder / "sentence.wav").write_bytes(b"spoken words")
print(os.getpid(), engine._folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    pid, folder = killed.stdout.split()
    assert Path(folder, "sentence.wav").exists()
    sweep(int(pid))
    assert not Path(folder).exists()


def test_a_variant_is_found_in_any_case_and_by_its_number(renderer: Asked) -> None:
    sounds = []
    for voice in ("en-us", "en-us+f3", "en-us+F3", "en-us+13"):
        asked = Asked(voice)
        sounds.append(asked.render(PROMPTS[0]).samples)
        asked.child.close()
    assert not np.array_equal(sounds[0], sounds[1])
    assert np.array_equal(sounds[1], sounds[2])
    assert np.array_equal(sounds[1], sounds[3])
