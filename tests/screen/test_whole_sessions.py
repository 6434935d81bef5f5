"""Whole sessions by keys in a real browser: with a recogniser that is dead, and with no sound at all."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from shown_page import tap, until

from voice_coach.audio.absent import AbsentMicrophone
from voice_coach.audio.ports import FRAME_SECONDS, FrameArrived, Put
from voice_coach.coach import KeyPressed
from voice_coach.events import Event, EventLog
from voice_coach.screen.board import Board
from voice_coach.screen.level import Meter
from voice_coach.screen.process import Page
from voice_coach.screen.view import Screen
from voice_coach.session import open_session
from voice_coach.settings import Options

SPEED = 24
"""Times faster than real time that audio time passes."""
TWICE = ("CONSENT", "CHALLENGE_GATE")
"""Gates at which a key counts when it is pressed twice, well apart."""
KEYS = {
    "PLACE": "YES",
    "CONSENT": "YES",
    "CONNECT": "DONE",
    "RAW_CHECK": "ROOM",
    "NEED": "EXPLORE",
    "HOPE": "DONE",
    "LISTEN": "DONE",
    "HEARD": "DONE",
    "CONNECT_CHECK": "STEADY",
    "CHALLENGE_GATE": "ASK_ME",
    "TOWARDS": "STOP",
}
"""The key pressed in each state; in any other one it is skip."""


SILENCE = np.zeros(320, np.int16)


class FastMicrophone(AbsentMicrophone):
    """Silence, several times faster than real time, but for the time in which the person has the floor.

    However slow the browser is on a busy machine, a turn is then not over before it was answered; and none is
    left over from before the turn, because no more is put than is taken.
    """

    speed = SPEED
    events: queue.SimpleQueue[Any] | None = None

    def pass_seconds(self, seconds: float) -> None:
        """So much more silence, at once."""
        for _ in range(round(seconds / FRAME_SECONDS)):
            self._put(FrameArrived(SILENCE))

    def _run(self, put: Put) -> None:
        self._put = put
        while not self._closed.wait(FRAME_SECONDS / self.speed):
            if self.events is None or self.events.qsize() < 2:
                put(FrameArrived(SILENCE))


class Witness:
    """What happened, and when the person has the floor."""

    def __init__(self, microphone: FastMicrophone) -> None:
        self.microphone = microphone
        self.events: list[Event] = []
        self.turns: queue.Queue[str | None] = queue.Queue()

    def notice(self, event: Event) -> None:
        self.events.append(event)
        if event["event"] == "listen":
            self.microphone.speed = 1
            self.turns.put(event["state"])
        elif event["event"] in {"state", "prompt"} or (
            event["event"] == "key" and event["state"] not in TWICE
        ):
            self.microphone.speed = SPEED
        elif event["event"] == "end":
            self.turns.put(None)

    def named(self, name: str, field: str) -> list[Any]:
        return [event[field] for event in self.events if event["event"] == name]


@contextlib.contextmanager
def session_in_browser(chromium: Any) -> Iterator[Witness]:
    """A session that runs in a thread, shown and steered in the browser."""
    microphone = FastMicrophone()
    witness, log = Witness(microphone), EventLog()
    options = Options(mode="look-back", time="short", seed=1, speaker="none", recognizer="pocketsphinx")
    with open_session(options, log, microphone) as session:
        microphone.events = session.events
        board = Board(session.pack)
        page = Page(board, lambda intent: session.events.put(KeyPressed(intent)))
        log.follow(Screen(board, page.show).notice)
        log.follow(witness.notice)
        session.coach.be_seen(Meter(page.level).frame)
        chromium.get(page.address)
        chromium.execute_script(WATCH_CAPTIONS)
        coach = threading.Thread(target=session.coach.run, daemon=True)
        coach.start()
        yield witness
        coach.join(30)
        page.close()
    assert not coach.is_alive()


WATCH_CAPTIONS = """
window.captions = [];
const caption = document.getElementById("caption");
new MutationObserver(() => { if (caption.textContent) captions.push(caption.textContent); })
    .observe(caption, {childList: true, characterData: true, subtree: true});
"""


def go_through(chromium: Any, witness: Witness) -> list[str]:
    """Answer by keys until the session ends; returns the captions that were seen."""
    while (state := witness.turns.get(timeout=60)) is not None:
        picto = "document.querySelector('#picto use').getAttribute('href')"
        until(chromium, f"return document.body.dataset.phase !== 'waiting' && {picto} !== ''")
        opened = witness.named("key", "state").count(state) >= 2
        tap(chromium, KEYS.get(state, "SKIP"))
        if state in TWICE:
            until(chromium, "return document.getElementById('sign').textContent === 'Press again'")
            if opened:  # asked for one more: one press, and then nothing
                witness.microphone.speed = SPEED
            else:
                witness.microphone.pass_seconds(1.0)  # a second press counts only well apart from the first
                tap(chromium, KEYS[state])
    until(chromium, "return document.body.dataset.phase === 'off'")
    return list(chromium.execute_script("return window.captions"))


def check(chromium: Any, witness: Witness, captions: list[str]) -> None:
    states = witness.named("state", "name")
    for name in ("WELCOME", "CONSENT", "LISTEN", "CHALLENGE_GATE", "NOT_READY", "STOPPED"):
        assert name in states, states
    assert "challenge" in witness.named("prompt", "stance"), "asked after two presses at each gate"
    assert captions == witness.named("prompt", "text")
    assert not witness.named("heard", "intent")
    assert witness.named("end", "why") == ["stopped"]


@pytest.mark.timeout(180)
def test_with_a_dead_recogniser_everything_works_by_keys(
    chromium: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice_coach.hearing.process.WORKER", "voice_coach.nowhere")
    with session_in_browser(chromium) as witness:
        captions = go_through(chromium, witness)
    check(chromium, witness, captions)
    assert any("keys still work" in text for text in witness.named("trouble", "text"))


@pytest.mark.timeout(180)
def test_with_no_sound_everything_is_on_the_screen(chromium: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice_coach.speaking.desk.RENDERER", "voice_coach.nowhere")
    with session_in_browser(chromium) as witness:
        captions = go_through(chromium, witness)
    check(chromium, witness, captions)
    assert witness.named("trouble", "text"), "the voice is told to be lost"
