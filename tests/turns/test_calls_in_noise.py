"""The call in a noisy room: the room is taken out of the piece before it is recognised."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.messages import Recognized
from voice_coach.hearing.pocketsphinx_recognizer import PocketSphinxRecognizer
from voice_coach.rehearsal.person import mix
from voice_coach.speaking.stand_in import render_person
from voice_coach.waking.phrase import wake_grammar
from voice_coach.waking.quieten import quietened
from voice_coach.waking.waker import Waker


def pink(seconds: float) -> Pcm:
    """Noise with as much power in every octave, from a fixed seed."""
    spectrum = np.fft.rfft(np.random.default_rng(5).standard_normal(round(seconds * 16_000)))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 20.0))
    sound = np.fft.irfft(spectrum)
    return (sound / np.abs(sound).max() * 8_000).astype(np.int16)


@pytest.fixture(scope="module")
def recognizer() -> PocketSphinxRecognizer:
    ready = PocketSphinxRecognizer()
    ready.use(wake_grammar("en"))
    return ready


def called(recognizer: PocketSphinxRecognizer, text: str, voice: str) -> bool:
    """Whether the text, said at 10 dB over the noise, is taken for the call."""
    found: list[bool] = []

    def decode(request: int, piece: Pcm) -> None:
        found.append(waker.recognized(Recognized(request, recognizer.decode(piece))))

    waker = Waker(wake_grammar("en"), decode)
    room = np.concatenate(
        [np.zeros(4 * 16_000, np.int16), render_person(text, voice), np.zeros(16_000, np.int16)]
    )
    sound = mix(room, pink(8), 10.0)
    for at in range(0, sound.size // 320 * 320, 320):
        waker.frame(sound[at : at + 320])
    return any(found)


def test_a_call_in_noise_is_heard_whoever_makes_it(recognizer: PocketSphinxRecognizer) -> None:
    voices = ["flite:slt", "flite:rms", "flite:awb", "flite:kal16"]
    assert sum(called(recognizer, "hello coach", voice) for voice in voices) == 4


@pytest.mark.parametrize("text", ["hello there", "the coach was late again", "it was a long night"])
def test_other_talk_in_noise_is_no_call(recognizer: PocketSphinxRecognizer, text: str) -> None:
    assert not called(recognizer, text, "flite:slt")


def test_noise_is_taken_out_and_a_voice_stays() -> None:
    speech = np.concatenate(
        [np.zeros(8_000, np.int16), render_person("hello coach"), np.zeros(8_000, np.int16)]
    )
    noise = np.resize(pink(3), speech.size) // 12
    clean = quietened((speech + noise).astype(np.int16)).astype(float)
    assert clean[:6_000].std() < 0.4 * noise[:6_000].std()
    assert np.corrcoef(clean, speech)[0, 1] > 0.95
    assert np.corrcoef(quietened(speech).astype(float), speech)[0, 1] > 0.999


@pytest.mark.parametrize("size", [0, 1, 1_023, 1_024, 1_025, 41_600])
def test_a_piece_stays_as_long_as_it_was(size: int) -> None:
    assert quietened(pink(3)[:size]).size == size
    assert not quietened(np.zeros(size, np.int16)).any()
