"""The silence that stands in for a microphone."""

from __future__ import annotations

import queue
from typing import Any

from voice_coach.audio.absent import AbsentMicrophone
from voice_coach.audio.ports import FrameArrived


def test_closed_it_can_be_opened_again_as_after_a_sleep() -> None:
    frames: queue.Queue[Any] = queue.Queue()
    microphone = AbsentMicrophone()
    for _ in range(2):
        microphone.open(frames.put)
        assert isinstance(frames.get(timeout=5.0), FrameArrived)
        microphone.close()
        while not frames.empty():
            frames.get()
