"""What is held of a person while a turn is open, and that nothing of it is held afterwards."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from voice_coach.audio.ports import Pcm
from voice_coach.conversation.cues import Listen
from voice_coach.hearing.recognizer import Hypothesis
from voice_coach.hearing.segmenter import Segmenter
from voice_coach.hearing.voice_activity import WebRtcActivity
from voice_coach.packs.load import load_pack
from voice_coach.speaking.stand_in import render_person
from voice_coach.turns.listener import Listener
from voice_coach.understanding.table import PhraseTable


def held_by(thing: Any) -> tuple[int, list[str]]:
    """Samples of sound, and words recognised, that can be reached from a thing."""
    samples, words = 0, []
    seen: set[int] = set()
    left = [thing]
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, type | ModuleType | FunctionType | PhraseTable):
            continue
        seen.add(id(each))
        if isinstance(each, np.ndarray):
            samples += each.size
        elif isinstance(each, bytes | bytearray):
            samples += len(each) // 2
        elif isinstance(each, Hypothesis):
            words.append(each.text)
        left += gc.get_referents(each)
    return samples, words


def test_a_closed_turn_holds_no_sound_and_no_word_of_it() -> None:
    pack = load_pack("en")
    sent: list[tuple[int, Pcm]] = []
    listener = Listener(Segmenter(WebRtcActivity()), lambda request, piece: sent.append((request, piece)))
    listener.begin(Listen("LISTEN", "free", (20.0,)), PhraseTable.for_state(pack, "LISTEN"))
    for sound in (render_person("done"), np.zeros(16_000, np.int16)):
        for at in range(0, sound.size - 319, 320):
            listener.frame(sound[at : at + 320], 0.0)
    assert sent
    request = sent[-1][0]
    sent.clear()
    listener.recognized(request, Hypothesis("done", 1.0, False, 0.5, 0.0), 0.0)
    samples, words = held_by(listener)
    assert samples > 320
    assert words == ["done"]
    listener.end()
    assert held_by(listener) == (0, [])
