"""How soon a piece of speech is sent to be recognised: sooner where that is what the person waits for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from voice_coach.conversation.cues import Listen
from voice_coach.hearing.recognizer import NOTHING, Hypothesis
from voice_coach.hearing.segmenter import Segmenter
from voice_coach.hearing.voice_activity import WebRtcActivity
from voice_coach.packs.load import load_pack
from voice_coach.speaking.stand_in import render_person
from voice_coach.turns.listener import Listener
from voice_coach.understanding.table import PhraseTable


def looks(
    turn: str,
    words: str = "again",
    *,
    over: bool = False,
    heard: Hypothesis | None = None,
    repeat: bool = False,
) -> list[float]:
    """Seconds from the words' last voice until each time that they are sent off.

    `heard`: the answer to each; None: none comes in time. `repeat`: they are said twice, half a second apart.
    """
    sent: list[int] = []
    segmenter = Segmenter(WebRtcActivity())
    listener = Listener(segmenter, lambda request, piece: sent.append(request))
    table = PhraseTable.while_speaking if over else PhraseTable.for_state
    listener.begin(Listen("PLACE", turn, ()), table(load_pack("en"), "PLACE"), over=over)  # type: ignore[arg-type]
    quiet = np.random.default_rng(2).normal(0, 3, 24_000).astype(np.int16)
    said = [render_person(words)] + [quiet[:8_000], render_person(words)] * repeat
    sound = np.concatenate([quiet, *said, quiet])
    found = []
    for at in range(0, sound.size // 320 * 320, 320):
        if listener.frame(sound[at : at + 320], at / 16_000):
            break
        while sent:
            found.append(segmenter.quiet_frames * 0.02)
            request = sent.pop()
            if heard is not None:
                listener.recognized(request, heard, at / 16_000)
    return [round(seconds, 2) for seconds in found]


SURE = Hypothesis("again", 0.9, True, 1.0, 0.1)
UNSURE = Hypothesis("again", 0.7, True, 1.0, 0.1)
LONGER = {"choice": 0.16, "gate": 0.24, "free": 0.24}
"""The quiet after which a piece is looked at that is not looked at sooner."""


def test_over_the_coach_a_word_is_looked_at_once_and_soon() -> None:
    assert looks("choice", over=True) == [0.14]


@pytest.mark.parametrize("turn", LONGER)
@pytest.mark.parametrize("word", ["again", "stop"])
def test_a_short_word_is_looked_at_once_and_at_once_where_that_tells_enough(turn: str, word: str) -> None:
    assert looks(turn, word, heard=replace(SURE, text=word)) == [0.08]


@pytest.mark.parametrize("turn", LONGER)
@pytest.mark.parametrize("heard", [NOTHING, UNSURE])
def test_it_is_looked_at_again_with_more_of_its_quiet_where_that_told_too_little(
    turn: str, heard: Hypothesis
) -> None:
    assert looks(turn, heard=heard) == [0.08, LONGER[turn]]


@pytest.mark.parametrize("turn", LONGER)
def test_nothing_is_sent_off_while_the_quick_look_is_not_answered(turn: str) -> None:
    assert looks(turn) == [0.08]


@pytest.mark.parametrize("turn", LONGER)
def test_a_sentence_is_looked_at_only_after_a_longer_quiet(turn: str) -> None:
    assert looks(turn, "we would like to hear it again please", heard=SURE) == [LONGER[turn]]


def test_a_word_that_goes_on_is_not_looked_at_so_soon_again() -> None:
    assert looks("free", heard=SURE, repeat=True) == [0.08, 0.24]
