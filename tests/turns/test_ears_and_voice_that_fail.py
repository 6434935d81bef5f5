"""The recogniser or the speech engine dies for good in the middle of a session: it is said, keys go on."""

from __future__ import annotations

import os
import signal

import pytest
from live_session import live_session
from virtual_sound_card import SoundCard

from voice_coach.hearing import process
from voice_coach.speaking import desk
from voice_coach.speaking.stand_in import render_person


def test_ears_that_die_for_good_are_told_of_once_and_keys_go_on(
    sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_session() as live:
        live.wait("prompt", state="WELCOME")
        hearing = live.session.coach._grammars._hearing
        monkeypatch.setattr(process, "WORKER", "voice_coach.no_such_module")
        assert hearing.pid is not None
        os.kill(hearing.pid, signal.SIGKILL)
        trouble = live.wait("trouble")
        said = live.wait("prompt")
        live.press("SKIP")
        live.wait("state", name="PLACE")
    assert "keys still work" in trouble["text"]
    assert said["id"].startswith("lines.HEARING_LOST")


def test_ears_that_hang_are_begun_anew_and_hear_again(
    sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    mouth = sound_card.mouth()
    with live_session() as live:
        live.wait("listen", state="PLACE")
        hearing = live.session.coach._grammars._hearing
        hung = hearing.pid
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        monkeypatch.setattr(process, "HUNG_SECONDS", 6.0)
        mouth.say(render_person("again", "flite:slt"))
        live.wait("heard", intent="REPEAT", state="PLACE")
        begun_anew = hearing.pid
    assert begun_anew not in (None, hung)


def test_a_voice_that_dies_for_good_leaves_what_it_says_to_be_read_and_keys_go_on(
    sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_session() as live:
        live.wait("prompt", state="WELCOME")
        voice = live.session.coach._mouth._voice
        monkeypatch.setattr(desk, "RENDERER", "voice_coach.no_such_module")
        assert voice.child_pid is not None
        os.kill(voice.child_pid, signal.SIGKILL)
        trouble = live.wait("trouble")
        live.press("SKIP")
        live.wait("prompt", state="PLACE")
    assert "goes on without a voice" in trouble["text"]
