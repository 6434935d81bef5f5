"""The call in a noisy room, and what is taken for it by one ear alone: both through the real recognisers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.audio.wavefile import read_pcm
from voice_coach.hearing.choice import load_recognizer
from voice_coach.hearing.messages import Recognized, RecognizerChoice
from voice_coach.hearing.moonshine import model_folder
from voice_coach.hearing.quieten import quietened
from voice_coach.hearing.recognizer import Recognizer
from voice_coach.rehearsal.person import mix
from voice_coach.speaking.stand_in import render_person
from voice_coach.waking.phrase import wake_grammar
from voice_coach.waking.waker import Waker

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
VOICES = ["flite:slt", "flite:rms", "flite:awb", "flite:kal16"]
two_ears = pytest.mark.skipif(
    model_folder() is None, reason="there is no package with Moonshine's weights for this machine"
)


def pink(seconds: float) -> Pcm:
    """Noise with as much power in every octave, from a fixed seed."""
    spectrum = np.fft.rfft(np.random.default_rng(5).standard_normal(round(seconds * 16_000)))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 20.0))
    sound = np.fft.irfft(spectrum)
    return (sound / np.abs(sound).max() * 8_000).astype(np.int16)


def in_a_room(sound: Pcm) -> Pcm:
    return np.concatenate([np.zeros(4 * 16_000, np.int16), sound, np.zeros(16_000, np.int16)])


def listening(second: Path | None, phrase: str | None = None) -> Recognizer:
    ready = load_recognizer(RecognizerChoice("pocketsphinx", None, "", second, waking=True))
    ready.use(wake_grammar("en", phrase))
    return ready


@pytest.fixture(scope="module")
def alone() -> Recognizer:
    return listening(None)


@pytest.fixture(scope="module")
def both() -> Recognizer:
    return listening(model_folder())


def called(recognizer: Recognizer, sound: Pcm, phrase: str | None = None) -> bool:
    found: list[bool] = []

    def decode(request: int, piece: Pcm) -> None:
        found.append(waker.recognized(Recognized(request, recognizer.decode(piece))))

    waker = Waker(wake_grammar("en", phrase), decode)
    for at in range(0, sound.size // 320 * 320, 320):
        waker.frame(sound[at : at + 320])
    return any(found)


@pytest.mark.parametrize("ears", ["alone", pytest.param("both", marks=two_ears)])
def test_a_call_in_noise_is_heard_whoever_makes_it(ears: str, request: pytest.FixtureRequest) -> None:
    recognizer: Recognizer = request.getfixturevalue(ears)
    rooms = [mix(in_a_room(render_person("hello coach", voice)), pink(8), 10.0) for voice in VOICES]
    assert [called(recognizer, room) for room in rooms] == [True] * 4


@pytest.mark.parametrize("text", ["hello there", "the coach was late again", "it was a long night"])
def test_other_talk_in_noise_is_no_call(alone: Recognizer, text: str) -> None:
    assert not called(alone, mix(in_a_room(render_person(text)), pink(8), 10.0))


@two_ears
@pytest.mark.parametrize("text", ["hello go", "hello Kate", "hello cold"])
def test_what_one_ear_takes_for_the_call_the_other_may_forbid(
    alone: Recognizer, both: Recognizer, text: str
) -> None:
    said = in_a_room(render_person(text, "flite:rms"))
    assert called(alone, said)
    assert not called(both, said)


@two_ears
def test_words_of_real_people_and_the_dishes_are_no_call(alone: Recognizer, both: Recognizer) -> None:
    if not RECORDINGS.is_dir():
        pytest.skip(f"there are no recordings at {RECORDINGS}")
    # What woke it before it had two ears.
    quiet = np.random.default_rng(1).normal(0, 4, 6_400).astype(np.int16)
    recorded, _ = read_pcm(RECORDINGS / "words" / "go" / "893705bb_nohash_2.flac")
    word = np.concatenate([quiet, recorded, quiet])
    dishes = read_pcm(RECORDINGS / "noise" / "doing_the_dishes.flac")[0]
    assert called(alone, word)
    assert not called(both, word)
    assert not called(both, dishes)


@two_ears
def test_both_ears_hear_words_of_ones_own(both: Recognizer) -> None:
    own = listening(model_folder(), "good evening coach")
    said = in_a_room(render_person("good evening coach", "flite:awb"))
    assert called(own, said, "good evening coach")
    assert not called(own, in_a_room(render_person("hello coach", "flite:awb")), "good evening coach")
    assert not called(both, said)


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
