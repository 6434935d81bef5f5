"""Which phrase's sounds a piece is nearest to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sound_pieces import read

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.encoders import Encoders
from voice_coach.hearing.moonshine import Moonshine, model_folder
from voice_coach.hearing.phones import NUMBER, Floats, PhoneReader, Pronounced, nearness
from voice_coach.hearing.sphinx_decoder import SphinxDecoder
from voice_coach.speaking.stand_in import render_person


def logs(*sounds: str) -> Floats:
    """Each phone in one frame, "" for the blank, nearly sure."""
    chances = np.full((len(sounds), len(NUMBER) + 1), 1e-4, np.float32)
    for frame, sound in enumerate(sounds):
        chances[frame, NUMBER.get(sound, 0)] = 0.99
    return np.log(chances)


def test_the_phrase_that_was_said_is_nearest_and_costs_nothing() -> None:
    phrases = Pronounced({"stop": ("s", "t", "aa", "p"), "so": ("s", "ow"), "top": ("t", "aa", "p")})
    near = nearness(logs("", "s", "t", "t", "aa", "", "p", ""), phrases)
    assert near["stop"] == pytest.approx(0.0, abs=1e-4)
    assert near["so"] < near["top"] < near["stop"]


def test_the_same_phone_twice_needs_a_blank_between() -> None:
    phrases = Pronounced({"bus stop": ("b", "ah", "s", "s", "t")})
    apart = nearness(logs("b", "ah", "s", "", "s", "t"), phrases)["bus stop"]
    joined = nearness(logs("b", "ah", "s", "s", "s", "t"), phrases)["bus stop"]
    assert joined < -8.0 < apart


def test_a_piece_too_short_for_a_phrase_is_far_from_it() -> None:
    assert nearness(logs("s", "t"), Pronounced({"stop": ("s", "t", "aa", "p")}))["stop"] < -1e6


def test_a_phrase_without_sounds_is_left_out() -> None:
    assert nearness(logs("s", "t"), Pronounced({"xyz": ()})) == {}


@pytest.fixture(scope="module")
def ear() -> Callable[[Pcm], Floats]:
    folder = model_folder()
    if folder is None:
        pytest.skip("Moonshine is not installed here")
    moonshine, encoders = Moonshine(folder), Encoders()
    return lambda piece: encoders(piece, moonshine.hear(piece).hidden)


@pytest.mark.parametrize("said", ["ask me", "just listen", "not now", "keep it", "numbers"])
def test_a_voice_is_nearest_to_what_it_says(ear: Callable[[Pcm], Floats], said: str) -> None:
    dictionary = SphinxDecoder()
    phrases = ["ask me", "just listen", "not now", "keep it", "numbers", "not sure", "keep that", "ask her"]
    phones = {
        phrase: tuple(phone for word in phrase.split() for phone in dictionary.pronunciation(word))
        for phrase in phrases
    }
    near = nearness(PhoneReader().read(ear(render_person(said, "flite:slt"))), Pronounced(phones))
    assert max(near, key=lambda phrase: near[phrase]) == said


def test_a_recorded_stop_is_nearer_to_stop_than_to_its_like(
    ear: Callable[[Pcm], Floats], words: Path
) -> None:
    dictionary = SphinxDecoder()
    phones = {word: dictionary.pronunciation(word) for word in ("stop", "top", "step", "start", "no", "yes")}
    reader, pronounced, right = PhoneReader(), Pronounced(phones), 0
    recordings = sorted((words / "stop").iterdir())[:20]
    for path in recordings:
        near = nearness(reader.read(ear(read(path))), pronounced)
        right += max(near, key=lambda word: near[word]) == "stop"
    assert right >= 16
