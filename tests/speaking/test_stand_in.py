"""Voices for simulated people."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from voice_coach.audio.ports import HEARING_RATE
from voice_coach.errors import SetupError
from voice_coach.speaking import stand_in
from voice_coach.speaking.stand_in import note, render_person

needs_flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")


@pytest.fixture(autouse=True)
def fresh() -> None:
    render_person.cache_clear()


@needs_flite
def test_the_same_words_are_the_same_sound() -> None:
    first = render_person("ask me")
    render_person.cache_clear()
    assert np.array_equal(first, render_person("ask me"))
    assert first is not render_person("just listen")
    assert 0.3 < first.size / HEARING_RATE < 1.5
    assert first.dtype == np.int16


@needs_flite
def test_a_slower_rate_takes_longer() -> None:
    assert render_person("just listen please", rate=120).size > 1.3 * render_person("just listen please").size


@needs_flite
def test_words_never_stand_on_a_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = stand_in.subprocess.run

    def watched(command: list[str], **options: object) -> object:
        seen.extend(command)
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(stand_in.subprocess, "run", watched)
    render_person("a private thought")
    assert not any("private" in word for word in seen)
    assert seen


def test_the_coachs_engine_can_play_a_person_too() -> None:
    speech = render_person("yes please", "pyttsx3:en-us", 180)
    assert 0.3 < speech.size / HEARING_RATE < 1.5
    assert np.max(np.abs(speech)) > 3000


def test_without_flite_pyttsx3_speaks_and_a_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_in.shutil, "which", lambda name: None)
    assert render_person("yes please").size > 0.3 * HEARING_RATE
    assert "apt install flite" in note("flite:slt")
    assert note("pyttsx3:") == ""


@needs_flite
def test_an_unknown_voice_lists_the_known_ones() -> None:
    with pytest.raises(SetupError, match="slt"):
        render_person("hello", "flite:nobody")


def test_a_voice_of_no_kind_says_how_to_write_one() -> None:
    with pytest.raises(SetupError, match="flite:NAME"):
        render_person("hello", "nobody")
