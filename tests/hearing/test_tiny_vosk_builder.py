"""The toy model's builder without its training: what it writes is what libvosk reads."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from tiny_vosk import folder, network, speech, vocabulary

from voice_coach.hearing.recognizer import Grammar
from voice_coach.hearing.vosk_recognizer import VoskRecognizer

KALDI = (51.8184, 55.6982, 57.535, -29.9477)
needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="eSpeak NG is not installed")


@needs_espeak
def test_an_untrained_model_is_written_that_libvosk_loads(tmp_path: Path) -> None:
    words = network.lexicon()
    chance = np.random.default_rng(1)
    phones = network.phones_of(words)
    untrained = network.Network(chance.normal(0, 1, (100, 40)), 2 * len(phones), chance)
    folder.write(untrained, np.zeros(2 * len(phones)), words, tmp_path / "model")
    ears = VoskRecognizer(tmp_path / "model")
    assert ears.use(Grammar("all", tuple(vocabulary.PHRASES))).dropped == {}
    assert isinstance(ears.decode(chance.normal(0, 900, 16_000).astype(np.int16)).text, str)


def test_the_toy_model_of_the_tests_knows_the_words_of_its_builder(toy_model: Path) -> None:
    listed = [line.split()[0] for line in (toy_model / "graph" / "words.txt").read_text().splitlines()]
    assert listed == ["<eps>", *vocabulary.WORDS, speech.UNKNOWN]
    assert (toy_model / "conf" / "mfcc.conf").read_text() == speech.MFCC_CONF
    assert (toy_model / "conf" / "model.conf").read_text() == folder.MODEL_CONF


def test_the_features_are_those_of_kaldi() -> None:
    # The first frame of a tone of 440 Hz, as kaldi-native-fbank gives it.
    tone = np.round(8_000 * np.sin(2 * np.pi * 440 * np.arange(1_600) / 16_000))
    frames = speech.mfcc(tone)
    assert frames.shape == (8, 40)
    assert frames[0, :4] == pytest.approx(KALDI, abs=0.001)


def test_the_gradients_are_the_slopes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is learnt from is checked against small steps of a few weights."""
    monkeypatch.setattr(network, "BLUR", 0.0)
    monkeypatch.setattr(network, "DROP", 0.0)
    chance = np.random.default_rng(2)
    net = network.Network(chance.normal(0, 1, (100, 40)), 6, chance)
    for values in (net.weights, net.biases, net.gains, net.shifts):
        values[:] = [value.astype(np.float64) for value in values]
    frames = chance.normal(0, 1, (3, 30 + 2 * network.REACH, 40))
    pull = chance.normal(0, 1, (3, 10, 6))
    monkeypatch.setattr(network, "_float", np.asarray)

    def height() -> float:
        return float((net.scores(frames, training=True) * pull).sum())

    height()
    gradients = net.gradients(pull)
    for parameter, gradient in zip(net.parameters, gradients, strict=True):
        at = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
        before = parameter[at]
        parameter[at] = before + 1e-5
        above = height()
        parameter[at] = before - 1e-5
        slope = (above - height()) / 2e-5
        parameter[at] = before
        assert gradient[at] == pytest.approx(slope, rel=0.02, abs=1e-5)
