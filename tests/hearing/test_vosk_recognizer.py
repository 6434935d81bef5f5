"""The real libvosk with a toy model."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.recognizer import Grammar
from voice_coach.hearing.vosk_recognizer import VoskRecognizer


@pytest.fixture(scope="module")
def recognizer(toy_model: Path) -> VoskRecognizer:
    return VoskRecognizer(toy_model)


def spoken(text: str) -> Pcm:
    """The text said by eSpeak NG, which the toy model was made from."""
    import soxr

    try:
        said = subprocess.run(["espeak-ng", "-v", "en-us", "--stdout", text], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("eSpeak NG is not installed")
    at_22050 = np.frombuffer(said.stdout[44:], np.int16).astype(np.float32) / 32768
    quiet = np.zeros(4_000, np.float32)
    at_16000 = soxr.resample(at_22050, 22_050, 16_000)
    pcm: Pcm = (np.concatenate([quiet, at_16000, quiet]) * 32767).astype(np.int16)
    return pcm


def test_a_whole_phrase_of_the_grammar_is_heard(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no", "not ready")))
    heard = recognizer.decode(spoken("yes"))
    assert heard.text == "yes"
    assert heard.confidence > 0.9


def test_a_word_that_is_not_in_the_grammar_is_nothing(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no")))
    assert recognizer.decode(spoken("pause")).text == ""


def test_part_of_a_phrase_is_nothing(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("not ready", "no")))
    assert recognizer.decode(spoken("ready")).text == ""


def test_a_phrase_with_an_unknown_word_is_left_out_whole_and_reported(recognizer: VoskRecognizer) -> None:
    report = recognizer.use(Grammar("odd", ("yes", "yes xyzzy")))
    assert report.dropped == {"yes xyzzy": ("xyzzy",)}


def test_a_grammar_with_nothing_left_hears_nothing_and_ends_no_process(recognizer: VoskRecognizer) -> None:
    for phrases in ((), ("",), ("xyzzy",), ("YES",)):
        recognizer.use(Grammar("empty", phrases))
        assert recognizer.decode(spoken("yes")).text == ""


def test_every_peak_gives_the_same_words(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no")))
    sound = spoken("no")
    assert {recognizer.decode((sound / by).astype(np.int16)).text for by in (1, 10, 60)} == {"no"}


def test_silence_of_any_length_is_nothing(recognizer: VoskRecognizer) -> None:
    recognizer.use(Grammar("small", ("yes", "no")))
    for samples in (0, 1, 320, 48_000):
        assert recognizer.decode(np.zeros(samples, np.int16)).text == ""


def test_a_broken_model_is_told_in_one_sentence(tmp_path: Path, toy_model: Path) -> None:
    for path in toy_model.rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(toy_model)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes()[:64] if path.name == "final.mdl" else path.read_bytes())
    with pytest.raises(SetupError, match=r"^The Vosk model .* could not be loaded: .*\.$"):
        VoskRecognizer(tmp_path)
