"""A live microphone that falls silent to the last bit, told from one that is quiet."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from voice_coach.audio.ports import FrameArrived, Pcm, Put
from voice_coach.audio.wavefile import WavSpeaker
from voice_coach.coach import KeyPressed
from voice_coach.events import Event, EventLog
from voice_coach.session import open_session
from voice_coach.settings import Options
from voice_coach.turns.devices import Devices

ROOM, NOTHING = np.ones(320, np.int16), np.zeros(320, np.int16)


class FakeMicrophone:
    """A fake: live, opens whenever it is asked."""

    live = True
    passes = True

    def open(self, put: Put) -> None:
        """Nothing to start."""

    def read(self) -> Pcm:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to end."""


def changes(*stretches: tuple[Pcm, float]) -> list[tuple[float, str]]:
    devices = Devices(FakeMicrophone(), WavSpeaker(None), lambda event: None)
    found, at = [], 0
    for frame, seconds in stretches:
        for _ in range(round(seconds * 50)):
            at += 1
            found += [(at / 50, change) for change in devices.frame(frame, quiet=True)]
    return found


def test_a_room_that_turns_to_zeros_is_muted_within_a_second_and_sounds_again() -> None:
    muted, sounding = changes((ROOM, 11), (NOTHING, 5), (ROOM, 1))
    assert muted[1] == "microphone muted"
    assert 11 < muted[0] <= 12
    assert sounding[1] == "microphone sounding"
    assert 16 < sounding[0] <= 16.2


def test_a_microphone_that_gives_zeros_between_words_is_only_quiet() -> None:
    assert changes((NOTHING, 3), (ROOM, 4), (NOTHING, 60), (ROOM, 9), (NOTHING, 5)) == []


class FastZeros:
    """A fake: live, and gives only zeros, faster than real time but no more than are taken."""

    live = True
    passes = True

    def __init__(self) -> None:
        self.taken: Callable[[], int] = int
        self._closed = threading.Event()

    def open(self, put: Put) -> None:
        threading.Thread(target=self._run, args=(put,), daemon=True).start()

    def read(self) -> Pcm:
        raise NotImplementedError

    def close(self) -> None:
        self._closed.set()

    def _run(self, put: Put) -> None:
        while not self._closed.wait(0.0005):
            if self.taken() < 2:
                put(FrameArrived(NOTHING))


def test_a_microphone_that_never_gives_anything_is_said_aloud_once() -> None:
    microphone, log, events = FastZeros(), EventLog(), list[Event]()
    options = Options(mode="heard", seed=1, speaker="none", recognizer="pocketsphinx", second_ear="off")
    with open_session(options, log, microphone) as session:

        def leave_at_the_third_silence(event: Event) -> None:
            events.append(event)
            if [event["event"] for event in events].count("silence") == 3:
                session.events.put(KeyPressed("HUSH"))

        log.follow(leave_at_the_third_silence)
        microphone.taken = session.events.qsize
        session.coach.run()
    said = [event["text"] for event in events if event["event"] == "prompt"]
    told = [text for text in said if text in session.pack.lines["MIC_MUTED"]]
    assert len(told) == 1
    assert [event["event"] for event in events].count("silence") >= 3
