"""What becomes of devices while they are opened and closed on a thread that may hang: with fakes."""

from __future__ import annotations

import queue
import threading
from typing import Any

import numpy as np
import pytest

from voice_coach.audio.ports import DeviceLost, FrameArrived, Pcm, Put, Samples
from voice_coach.audio.serial_executor import PORTAUDIO
from voice_coach.errors import SetupError
from voice_coach.turns import devices as module
from voice_coach.turns.devices import REOPEN_FRAMES, RESCAN_FRAMES, Devices

NOTHING = np.zeros(320, np.int16)


class FakeDevice:
    """A fake microphone and speaker: opens when it is there and not held up."""

    live = passes = True

    def __init__(self) -> None:
        self.there = True
        self.may_close = threading.Event()
        self.may_close.set()
        self.puts: list[Put] = []

    def open(self, put: Put) -> None:
        if not self.there:
            raise SetupError("It is not there.")
        self.puts.append(put)

    def read(self) -> Pcm:
        raise NotImplementedError

    def play(self, clip: int, samples: Samples) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def tick(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self.may_close.wait()


class Room:
    """Two fake devices in use, and what they put."""

    def __init__(self) -> None:
        self.microphone, self.speaker = FakeDevice(), FakeDevice()
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.devices = Devices(self.microphone, self.speaker, self.events.put)
        self.devices.open()

    def frames(self, count: int, *, done: bool = True) -> list[str]:
        """Let so many pass; `done`: before each, what was asked of PortAudio has been answered."""
        found: list[str] = []
        for _ in range(count):
            if done:
                PORTAUDIO.submit(lambda: None).result(10)
            found += self.devices.frame(NOTHING, quiet=True)
        return found

    def losses(self) -> list[str]:
        found = []
        while not self.events.empty():
            event = self.events.get()
            if isinstance(event, DeviceLost):
                found.append(event.which)
        return found


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(module, "rescan", lambda: None)
    room = Room()
    yield room
    for device in (room.microphone, room.speaker):
        device.may_close.set()
    room.devices.close()


def test_what_a_lost_microphone_still_brings_goes_nowhere(room: Room) -> None:
    room.microphone.may_close.clear()
    [put] = room.microphone.puts
    kept = FrameArrived(np.ones(320, np.int16))
    put(kept)
    assert room.events.get() is kept
    room.devices.lose("microphone")
    put(kept)
    put(DeviceLost("microphone", "once more"))
    room.devices.close()
    assert not any(room.events.get() is kept for _ in range(room.events.qsize()))
    assert room.losses() == []


def test_a_device_that_goes_again_while_it_is_opened_is_tried_anew(room: Room) -> None:
    room.devices.lose("speaker")
    room.microphone.may_close.clear()
    PORTAUDIO.submit(room.microphone.may_close.wait)  # so that the opening waits
    room.frames(module.RETRY_FRAMES, done=False)
    assert not room.devices.lose("speaker")
    room.microphone.may_close.set()
    assert room.frames(module.RETRY_FRAMES - 1) == []
    assert room.frames(3) == ["speaker back"]
    assert len(room.speaker.puts) == 3


def test_a_speaker_closed_for_a_look_at_what_there_is_is_not_played_on_and_lost_when_it_takes_long(
    room: Room,
) -> None:
    room.microphone.there = False
    room.devices.lose("microphone")
    room.frames(RESCAN_FRAMES)
    room.speaker.may_close.clear()
    room.frames(1)
    assert room.devices.reopens_speaker
    room.frames(REOPEN_FRAMES - 2, done=False)
    assert room.losses() == []
    room.frames(2, done=False)
    assert room.losses() == ["speaker"]
    assert room.devices.lose("speaker")
    assert not room.devices.reopens_speaker
    room.speaker.may_close.set()
    assert room.frames(2 * module.RETRY_FRAMES) == ["speaker back"]
    assert room.devices.lost == ["microphone"]


def test_a_speaker_that_opens_again_in_time_was_never_away(room: Room) -> None:
    room.microphone.there = False
    room.devices.lose("microphone")
    assert room.frames(RESCAN_FRAMES + 2) == []
    assert len(room.speaker.puts) == 2
    assert not room.devices.reopens_speaker
    assert room.losses() == []
    assert room.devices.lost == ["microphone"]
