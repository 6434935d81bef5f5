"""The wake phrase, heard by the real recogniser from a sound file; ordinary talk wakes nobody."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voice_coach.audio.wavefile import WavMicrophone
from voice_coach.errors import SetupError
from voice_coach.hearing.messages import Recognized, RecognizerChoice
from voice_coach.hearing.moonshine import model_folder
from voice_coach.hearing.process import HearingProcess
from voice_coach.hearing.recognizer import Hypothesis
from voice_coach.speaking.stand_in import render_person
from voice_coach.waking.phrase import wake_grammar
from voice_coach.waking.waker import Waker, wait_for_call


def waited(path: Path, *texts: str, phrase: str | None = None) -> str:
    quiet = np.zeros(16_000, np.int16)
    sound = np.concatenate([quiet] + [part for text in texts for part in (render_person(text), quiet)])
    soundfile.write(path, sound, 16_000)
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    microphone = WavMicrophone(path)
    microphone.open(events.put)
    hearing = HearingProcess(
        RecognizerChoice("pocketsphinx", None, "", model_folder(), waking=True), events.put
    )
    hearing.start()
    try:
        grammar = wake_grammar("en", phrase)
        hearing.use(grammar)
        return wait_for_call(microphone, hearing, grammar, events)
    finally:
        hearing.close()


def test_the_phrase_wakes_it_among_other_talk(tmp_path: Path) -> None:
    assert waited(tmp_path / "call.wav", "it was a long night", "hello coach") == "phrase"


def test_other_talk_and_near_misses_do_not(tmp_path: Path) -> None:
    talk = ("hello there", "the coach was late again", "hello", "yes", "say hello to the coach from me")
    assert waited(tmp_path / "talk.wav", *talk) == "over"


def test_an_answer_from_before_a_session_wakes_nobody_after_it() -> None:
    asked: list[int] = []
    speech = np.concatenate(
        [np.zeros(16_000, np.int16), render_person("hello coach"), np.zeros(16_000, np.int16)]
    )
    frames = speech[: speech.size // 320 * 320].reshape(-1, 320)
    first, second = (Waker(wake_grammar("en"), lambda request, _: asked.append(request)) for _ in range(2))
    for frame in frames:
        first.frame(frame)
        second.frame(frame)
    answers = [Recognized(request, Hypothesis("hello coach", 0.9, False, 1.0, 0.1)) for request in asked]
    assert [second.recognized(answer) for answer in answers] == [False, True]
    assert first.recognized(answers[0])


def test_the_words_may_be_chosen(tmp_path: Path) -> None:
    assert waited(tmp_path / "own.wav", "hello coach", "good evening", phrase="Good evening") == "phrase"


def test_one_word_is_too_little_and_an_unknown_word_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="2 to 5 words"):
        wake_grammar("en", "coach")
    with pytest.raises(SetupError, match="xqzzy"):
        waited(tmp_path / "unknown.wav", "hello", phrase="hello xqzzy")
