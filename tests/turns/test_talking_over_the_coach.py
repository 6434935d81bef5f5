"""What a person with headphones on can do while the coach speaks: whole sessions in audio time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voice_coach.events import Event, EventLog
from voice_coach.rehearsal.plan import parse_plan
from voice_coach.rehearsal.rehearse import rehearse

OVER_PLACE = """
[settings]
mode = "heard"
headphones = {headphones}

[[turn]]
state = "PLACE"
{over}
delay = -3.0

[[turn]]
state = "PLACE"
key = "STOP"
"""


def held(tmp_path: Path, over: str, *, headphones: bool = True, follow: Any = None) -> list[Event]:
    text = OVER_PLACE.format(over=over, headphones=str(headphones).lower())
    events: list[Event] = []
    log = EventLog()
    log.follow(events.append)
    if follow is not None:
        log.follow(follow)
    rehearse(parse_plan(text, tmp_path / "plan.toml"), log)
    return events


def of(events: list[Event], event: str, state: str = "PLACE") -> list[Event]:
    return [each for each in events if each["event"] == event and each.get("state") == state]


def tone(path: Path, seconds: float) -> str:
    """A hum with the harmonics of a voice: an "mm"."""
    at = np.arange(round(seconds * 16_000)) / 16_000
    hum = sum(np.sin(2 * np.pi * 130 * k * at) / k for k in range(1, 9)) * np.hanning(at.size) ** 0.3
    soundfile.write(path, (hum / np.abs(hum).max() * 9_000).astype(np.int16), 16_000)
    return f'wav = "{path.name}"'


def burst(path: Path, seconds: float) -> str:
    """A cough, or a door."""
    noise = np.random.default_rng(3).standard_normal(round(seconds * 16_000))
    soundfile.write(path, (noise * np.exp(-np.linspace(0, 4, noise.size)) * 6_000).astype(np.int16), 16_000)
    return f'wav = "{path.name}"'


@pytest.mark.parametrize("sound", ["mm", "cough"])
def test_a_short_sound_does_not_interrupt(tmp_path: Path, sound: str) -> None:
    make = tone if sound == "mm" else burst
    events = held(tmp_path, make(tmp_path / "sound.wav", 0.4))
    assert of(events, "prompt_end")[0]["how"] == "finished"
    assert of(events, "resume") == []


TALK = 'say = "the thing about that place was"'


def test_talk_that_answers_nothing_is_let_pass_and_the_sentence_is_said_again(tmp_path: Path) -> None:
    events = held(tmp_path, TALK)
    [interrupted, finished] = of(events, "prompt_end")[:2]
    [resumed] = of(events, "resume")
    assert interrupted["how"] == "interrupted"
    assert finished["how"] == "finished"
    assert 0 <= resumed["at"] <= interrupted["after"] < interrupted["of"]
    assert finished["after"] == pytest.approx(finished["of"], abs=0.01)


def test_stop_over_the_coachs_words_cuts_them(tmp_path: Path) -> None:
    events = held(tmp_path, 'say = "please stop"')
    assert of(events, "prompt_end")[0]["how"] in {"cut", "interrupted"}
    assert events[-1] == events[-1] | {"event": "end", "why": "stopped"}
    assert of(events, "resume") == []


def test_without_headphones_nothing_said_over_the_coach_is_heard(tmp_path: Path) -> None:
    events = held(tmp_path, 'say = "please stop"', headphones=False)
    assert of(events, "prompt_end")[0]["how"] == "finished"
    assert of(events, "heard") == []


def test_a_session_is_the_same_at_any_speed(tmp_path: Path) -> None:
    quick = held(tmp_path, TALK)
    slow = held(tmp_path, TALK, follow=lambda event: time.sleep(0.01))
    assert quick == slow
