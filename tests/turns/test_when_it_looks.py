"""How soon a piece of speech is sent to be recognised: sooner where that is what the person waits for."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.conversation.cues import Listen
from voice_coach.hearing.segmenter import Segmenter
from voice_coach.hearing.voice_activity import WebRtcActivity
from voice_coach.packs.load import load_pack
from voice_coach.speaking.stand_in import render_person
from voice_coach.turns.listener import Listener
from voice_coach.understanding.table import PhraseTable


def looks(turn: str, *, over: bool) -> list[float]:
    """Seconds from the word's last voice until each time that it is sent off."""
    sent: list[Pcm] = []
    segmenter = Segmenter(WebRtcActivity())
    listener = Listener(segmenter, lambda request, piece: sent.append(piece))
    table = PhraseTable.while_speaking if over else PhraseTable.for_state
    listener.begin(Listen("PLACE", turn, ()), table(load_pack("en"), "PLACE"), over=over)
    quiet = np.random.default_rng(2).normal(0, 3, 24_000).astype(np.int16)
    sound = np.concatenate([quiet, render_person("again"), quiet])
    found = []
    for at in range(0, sound.size // 320 * 320, 320):
        before = len(sent)
        listener.frame(sound[at : at + 320], at / 16_000)
        found += [segmenter.quiet_frames * 0.02] * (len(sent) - before)
    return found


@pytest.mark.parametrize(
    ("turn", "over", "seconds"),
    [("choice", True, 0.14), ("choice", False, 0.16), ("gate", False, 0.24), ("free", False, 0.24)],
)
def test_a_word_is_looked_at_once_and_in_time(turn: str, over: bool, seconds: float) -> None:
    assert looks(turn, over=over) == [pytest.approx(seconds)]
