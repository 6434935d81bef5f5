"""The room's noise taken out of a whole piece, for the recogniser that hears little in noise."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.hearing import noise_suppression
from voice_coach.hearing.choice import choose_recognizer, load_recognizer
from voice_coach.hearing.messages import RecognizerChoice
from voice_coach.hearing.piece_suppression import PieceSuppression, find_piece_suppression, stands_out
from voice_coach.hearing.pocketsphinx_recognizer import PocketSphinxRecognizer
from voice_coach.hearing.recognizer import Grammar
from voice_coach.speaking.stand_in import render_person

flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
PHRASES = ("ask me", "just listen", "not sure", "say it again", "let's do it", "go back", "that's enough")


@pytest.fixture(scope="module")
def suppress() -> PieceSuppression:
    found = find_piece_suppression()
    if found is None:
        pytest.skip("noise suppression is not installed here")
    return found


def spoken(text: str, under: float) -> Pcm:
    """A voice with 0.3 s of room around it, noise lying so many dB under it."""
    sound = render_person(text, "flite:rms").astype(np.float64)
    room = np.random.default_rng(5).normal(0.0, 1.0, sound.size + 9_600)
    power = np.sort(sound[: sound.size // 320 * 320].reshape(-1, 320).var(axis=1))
    room *= np.sqrt(power[power.size // 2 :].mean()) * 10 ** (-under / 20)
    room[4_800:-4_800] += sound
    return np.clip(0.3 * room, -32768, 32767).astype(np.int16)


@flite
def test_phrases_in_noise_are_heard_that_are_lost_without(suppress: PieceSuppression) -> None:
    def heard(suppress: PieceSuppression | None) -> int:
        ears = PocketSphinxRecognizer(suppress)
        ears.use(Grammar("some", PHRASES))
        evidence = [(phrase, ears.evidence(spoken(phrase, 10.0))) for phrase in PHRASES]
        return sum(found is not None and found.text == phrase for phrase, found in evidence)

    assert heard(suppress) >= 6
    assert heard(None) <= 3


@flite
def test_what_was_said_in_a_quiet_room_stays_as_it_is(suppress: PieceSuppression) -> None:
    piece = spoken("ask me", 40.0)
    assert suppress(piece) is piece


@flite
def test_the_same_piece_gives_the_same_whatever_came_before(suppress: PieceSuppression) -> None:
    piece = spoken("ask me", 10.0)
    first = suppress(piece)
    suppress(spoken("go back", 5.0))
    assert np.array_equal(suppress(piece), first)


@flite
def test_a_cleaned_piece_is_as_long_and_no_later(suppress: PieceSuppression) -> None:
    piece = spoken("let's do it", 10.0)
    clean = suppress(piece)
    assert clean.size == piece.size
    size = 2 * piece.size
    spectrum = np.fft.rfft(clean.astype(float), size) * np.conj(np.fft.rfft(piece.astype(float), size))
    late = int(np.argmax(np.fft.irfft(spectrum)))
    assert min(late, size - late) <= 80


@flite
@pytest.mark.parametrize("under", [5.0, 10.0, 20.0])
def test_how_far_speech_stands_out_is_measured(under: float) -> None:
    assert abs(stands_out(spoken("what could have been different", under)) - under) <= 3.0


def test_nothing_and_silence_stand_out_of_nothing(suppress: PieceSuppression) -> None:
    for piece in (np.zeros(0, np.int16), np.zeros(100, np.int16), np.zeros(16_000, np.int16)):
        assert stands_out(piece) == 0.0
        assert suppress(piece).size == piece.size


def test_only_where_it_is_wanted_and_where_it_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_recognizer("pocketsphinx").suppress
    assert not choose_recognizer("pocketsphinx", noise_suppression="on").suppress, "it would be done twice"
    assert not choose_recognizer("pocketsphinx", noise_suppression="off").suppress
    monkeypatch.setattr(noise_suppression, "_library_path", lambda: None)
    assert find_piece_suppression() is None
    alone = load_recognizer(RecognizerChoice("pocketsphinx", None, "", suppress=True))
    assert alone.decode(np.zeros(16_000, np.int16)).text == ""
