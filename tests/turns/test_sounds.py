"""Speech is told from a sigh, and a sigh freezes the ladder."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.conversation.cues import SILENCE, Listen
from voice_coach.hearing.recognizer import NOTHING
from voice_coach.hearing.segmenter import Segmenter
from voice_coach.hearing.voice_activity import WebRtcActivity
from voice_coach.packs.load import load_pack
from voice_coach.speaking.stand_in import render_person
from voice_coach.turns.listener import Listener
from voice_coach.turns.sounds import is_speech
from voice_coach.understanding.table import PhraseTable


def sigh(seconds: float = 1.2) -> Pcm:
    noise = np.random.default_rng(1).standard_normal(round(seconds * 16_000))
    soft = np.convolve(noise, np.hanning(9), "same") * np.hanning(noise.size)
    return np.asarray(soft * 1_500, np.int16)


@pytest.mark.parametrize("text", ["it was a long night", "tired", "i don't know"])
@pytest.mark.parametrize("voice", ["flite:slt", "flite:rms"])
def test_speech_is_speech(text: str, voice: str) -> None:
    assert is_speech(render_person(text, voice))


def test_a_sigh_is_none() -> None:
    assert not is_speech(sigh())


def first_silence(sound: Pcm) -> float:
    """Seconds until the first step of patience (20 s) in an open talk that begins with this sound."""
    sent: list[int] = []
    listener = Listener(Segmenter(WebRtcActivity()), lambda request, piece: sent.append(request))
    listener.begin(Listen("LISTEN", "free", (20.0,)), PhraseTable.for_state(load_pack("en"), "LISTEN"))
    room = np.random.default_rng(2).normal(0, 3, 70 * 16_000)
    room[16_000 : 16_000 + sound.size] += sound
    frames = room.astype(np.int16).reshape(-1, 320)
    for at, frame in enumerate(frames):
        outcomes = listener.frame(frame, at * 0.02)
        while sent:
            outcomes += listener.recognized(sent.pop(), NOTHING, at * 0.02)
        if any(outcome.turn.intent == SILENCE for outcome in outcomes):
            return at * 0.02
    raise AssertionError("it never came")


def test_a_sigh_freezes_the_ladder_for_half_a_minute() -> None:
    assert first_silence(np.zeros(0, np.int16)) == pytest.approx(20, abs=0.1)
    assert 49 < first_silence(sigh()) < 53
