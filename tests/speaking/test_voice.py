"""The voice: prompts in order, ahead of time, and through hangs and deaths of its child."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from voice_coach import awake
from voice_coach.audio.ports import SPEAKING_RATE
from voice_coach.speaking import desk
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.pacing import NORMAL_PACE
from voice_coach.speaking.speech import VoiceReplaced
from voice_coach.speaking.voice import (
    Rendered,
    Speech,
    Voice,
    VoiceLost,
    VoiceUnavailable,
    list_voices,
    render_speech,
)


class Session:
    """A voice and the queue it puts on."""

    def __init__(self, **options: Any) -> None:
        self.events: queue.Queue[Any] = queue.Queue()
        self.voice = Voice(self.events.put, **options)
        self.voice.start()

    def need(self, *parts: str) -> Any:
        self.voice.need(Speech(parts))
        return self.events.get(timeout=30)

    @property
    def child(self) -> int:
        assert self.voice.child_pid is not None
        return self.voice.child_pid


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session()
    try:
        session.voice.wait_ready()
    except VoiceUnavailable as missing:
        pytest.skip(str(missing))
    yield session
    session.voice.close()


def test_a_needed_prompt_comes_back_whole(session: Session) -> None:
    rendered = session.need("Hello. I am a tool.", "Okay?")
    assert isinstance(rendered, Rendered)
    assert rendered.speech == Speech(("Hello. I am a tool.", "Okay?"))
    assert rendered.samples is not None
    # A short word with a high peak is held back by it: a little less than -23.
    assert loudness(rendered.samples) == pytest.approx(-23.5, abs=1.0)
    silent = np.convolve(np.abs(rendered.samples) < 1e-5, np.ones(441), "valid") == 441
    assert silent.sum() / SPEAKING_RATE == pytest.approx(0.45 + 1.2, abs=0.1)


def test_prompts_come_in_the_order_they_were_needed(session: Session) -> None:
    speeches = [Speech((f"This is prompt number {number}. Okay?",)) for number in range(12)]
    for speech in speeches:
        session.voice.prepare(Speech(("Something else entirely.",)))
        session.voice.need(speech)
    assert [session.events.get(timeout=30).speech for _ in speeches] == speeches


def test_needs_may_come_before_it_is_ready() -> None:
    session = Session()
    assert session.need("At once.").samples is not None
    session.voice.close()


def test_a_needed_prompt_goes_before_what_is_only_prepared(session: Session) -> None:
    for number in range(200):
        session.voice.prepare(Speech((f"Sentence number {number} may come later.",)))
    session.need("This one now.")
    held = len(session.voice._desk._cache._samples)
    assert held < 100


def test_a_prepared_prompt_needs_no_child_any_more(session: Session) -> None:
    speech = Speech(("Prepared in good time. Isn't it?",))
    session.voice.prepare(speech)
    for other in ("One.", "Two.", "Three."):
        session.need(other)  # after each there is room for one prepared sentence
    child = session.child
    os.kill(child, signal.SIGSTOP)
    assert session.need(*speech.parts).samples is not None
    assert session.child == child


def test_the_pace_is_part_of_what_is_rendered(session: Session) -> None:
    slow = NORMAL_PACE.slower().slower().slower()
    normal = session.need("This sentence is for measuring.").samples
    session.voice.need(Speech(("This sentence is for measuring.",), slow))
    assert session.events.get(timeout=30).samples.size > 1.05 * normal.size


def test_a_child_that_is_killed_is_replaced(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "SENTENCE_SECONDS", 600.0)  # its death is noticed, not waited for
    monkeypatch.setattr(desk, "STALLED_SECONDS", 600.0)
    before = session.child
    os.kill(before, signal.SIGKILL)
    assert session.need("Back again.").samples is not None
    assert session.child != before


def test_a_child_that_hangs_is_replaced(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "SENTENCE_SECONDS", 1.0)
    monkeypatch.setattr(desk, "STALLED_SECONDS", 600.0)
    before = session.child
    os.kill(before, signal.SIGSTOP)
    assert session.need("Back again.").samples is not None
    assert session.child != before


def test_a_child_that_slept_with_the_whole_machine_does_not_hang(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, slept, looks = awake.clock, [0.0], threading.Semaphore(0)

    def clock() -> float:
        looks.release()
        return real() + slept[0]

    monkeypatch.setattr(awake, "clock", clock)
    child = session.child
    os.kill(child, signal.SIGSTOP)
    session.voice.need(Speech(("Good morning.",)))
    for seconds in (0.0, 60.0):
        slept[0] = seconds
        for _ in range(8):  # by then the sentence is at the child, and its patience has been looked at
            assert looks.acquire(timeout=10)
    os.kill(child, signal.SIGCONT)
    assert session.events.get(timeout=30).samples is not None
    assert session.child == child


def test_a_prompt_does_not_wait_for_long_for_a_child_that_stands_still(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "SENTENCE_SECONDS", 600.0)
    monkeypatch.setattr(desk, "STALLED_SECONDS", 0.5)
    os.kill(session.child, signal.SIGSTOP)
    assert session.need("Nobody says this.").samples is None
    monkeypatch.setattr(desk, "STALLED_SECONDS", 600.0)
    os.kill(session.child, signal.SIGCONT)
    assert session.need("And on we go.").samples is not None


def test_a_prompt_that_cannot_be_said_is_none_and_the_next_is_spoken(session: Session) -> None:
    # eSpeak reads text up to its first zero, so there is nothing to say here.
    assert session.need("Fine so far. \0nothing.").samples is None
    assert session.need("And on we go.").samples is not None


def test_a_voice_that_keeps_dying_is_lost_once_and_needs_get_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "RENDERER", "voice_coach.no_such_module")
    session = Session()
    session.voice.need(Speech(("Anyone there?",)))
    lost, rendered = session.events.get(timeout=30), session.events.get(timeout=30)
    assert isinstance(lost, VoiceLost)
    assert "espeak-ng" in lost.reason
    assert rendered.samples is None
    assert session.need("Still nobody?") == Rendered(Speech(("Still nobody?",)), None)
    with pytest.raises(VoiceUnavailable):
        session.voice.wait_ready()
    session.voice.close()


def test_an_unknown_voice_is_lost_with_a_sentence_that_lists_the_others() -> None:
    session = Session(voice="martian")
    assert "en-us" in session.need("Hello?").reason
    session.voice.close()
    with pytest.raises(VoiceUnavailable, match="martian"):
        render_speech(Speech(("Hello.",)), voice="martian")


@pytest.mark.parametrize("voice", ["martian", "en-gb+f99"])
def test_a_session_speaks_with_the_usual_voice_where_the_one_asked_for_is_not_there(voice: str) -> None:
    session = Session(voice=voice, or_another=True)
    replaced = session.need("Hello.")
    assert isinstance(replaced, VoiceReplaced)
    assert voice in replaced.reason
    assert "en-us" in replaced.reason
    hello = session.events.get(timeout=30)
    os.kill(session.child, signal.SIGKILL)
    again = session.need("And once more.")  # It is told once, whichever child speaks.
    session.voice.close()
    assert hello.samples is not None
    assert again.samples is not None


def test_no_name_is_the_usual_voice() -> None:
    session = Session(voice="")
    assert session.need("Hello.").samples is not None
    session.voice.close()


def test_closing_ends_the_child(session: Session) -> None:
    child = session.child
    session.voice.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_words_are_respelt_for_the_voice() -> None:
    plain = render_speech(Speech(("Call the Q line.",)))
    respelt = render_speech(Speech(("Call the Q line.",)), say_as={"Q": "cucumber sandwich"})
    assert respelt.size > plain.size + 0.3 * SPEAKING_RATE


def test_the_voices_of_this_machine_are_listed() -> None:
    assert any(voice.language == "en-us" for voice in list_voices())
