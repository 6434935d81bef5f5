"""The real hearing process, and its death."""

from __future__ import annotations

import os
import queue
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sound_pieces import read

from voice_coach.hearing.choice import choose_recognizer
from voice_coach.hearing.messages import (
    GrammarUsed,
    HearingEvent,
    HearingFailed,
    HearingReady,
    Recognized,
    RecognizerChoice,
)
from voice_coach.hearing.process import RESTARTS, HearingProcess
from voice_coach.hearing.recognizer import Grammar

GRAMMAR = Grammar("small", ("yes", "no"))
LONG_SILENCE = np.zeros(20 * 16_000, np.int16)


class Session:
    def __init__(self, choice: RecognizerChoice) -> None:
        self.events: queue.Queue[HearingEvent] = queue.Queue()
        self.hearing = HearingProcess(choice, self.events.put)

    def next(self) -> HearingEvent:
        return self.events.get(timeout=30)

    def until(self, kind: type) -> list[HearingEvent]:
        seen = [self.next()]
        while not isinstance(seen[-1], kind):
            seen.append(self.next())
        return seen

    def kill(self) -> None:
        assert self.hearing.pid is not None
        os.kill(self.hearing.pid, signal.SIGKILL)


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session(choose_recognizer("pocketsphinx"))
    session.hearing.start()
    session.hearing.use(GRAMMAR)
    yield session
    session.hearing.close()


def test_it_says_who_listens_and_answers_every_request(session: Session, words: Path) -> None:
    yes, no = (read(sorted((words / word).iterdir())[0]) for word in ("yes", "no"))
    for number, piece in enumerate((yes, LONG_SILENCE, no)):
        session.hearing.decode(number, piece)
    ready, used, *answers = [session.next() for _ in range(5)]
    assert isinstance(ready, HearingReady)
    assert ready.name == "pocketsphinx"
    assert isinstance(used, GrammarUsed)
    assert used.name == "small"
    heard = [(a.request, a.hypothesis.text) for a in answers if isinstance(a, Recognized)]
    assert heard == [(0, "yes"), (1, ""), (2, "no")]
    assert session.hearing.pending == 0


def test_a_dead_child_is_replaced_and_owes_nothing(session: Session, words: Path) -> None:
    session.until(GrammarUsed)
    session.hearing.decode(7, LONG_SILENCE)
    session.kill()
    seen = session.until(GrammarUsed)
    answers = [event for event in seen if isinstance(event, Recognized)]
    assert [(a.request, a.hypothesis.text) for a in answers] == [(7, "")]
    session.hearing.decode(8, read(sorted((words / "yes").iterdir())[0]))
    answer = session.next()
    assert isinstance(answer, Recognized)
    assert answer.hypothesis.text == "yes"


def test_after_too_many_deaths_hearing_has_failed_and_requests_are_still_answered(session: Session) -> None:
    for _ in range(RESTARTS):
        session.until(GrammarUsed)
        session.kill()
    session.until(GrammarUsed)
    session.kill()
    failed = session.until(HearingFailed)[-1]
    assert isinstance(failed, HearingFailed)
    assert failed.sentence.endswith(".")
    session.hearing.decode(9, LONG_SILENCE)
    assert isinstance(session.next(), Recognized)
    assert session.hearing.pending == 0


def test_a_model_that_cannot_be_loaded_fails_in_one_sentence(tmp_path: Path) -> None:
    session = Session(RecognizerChoice("vosk", tmp_path / "nowhere", ""))
    session.hearing.start()
    session.hearing.decode(1, LONG_SILENCE)
    seen = session.until(HearingFailed)
    assert [type(event) for event in seen] == [Recognized, HearingFailed]
    session.hearing.close()


def test_closing_is_quiet(session: Session) -> None:
    session.until(GrammarUsed)
    session.hearing.close()
    assert session.events.empty()
