"""What stands in for a microphone that is away: silence, a frame every 20 ms.

In: nothing. Out: FrameArrived with zeros at the pace of a live microphone, so that audio time goes on while
the device is lost. It never makes a sound of its own.
"""

from __future__ import annotations

import threading
import time

import numpy as np

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, FrameArrived, Pcm, Put


class AbsentMicrophone:
    """Silence in real time."""

    live = True
    passes = True

    def __init__(self) -> None:
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, put: Put) -> None:
        """Put frames of silence from now on."""
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(put,), daemon=True, name="no-microphone")
        self._thread.start()

    def read(self) -> Pcm:
        """Not for a live microphone: its frames are put."""
        raise NotImplementedError("a live microphone puts its frames")

    def close(self) -> None:
        """End the silence."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(1.0)
            self._thread = None

    def _run(self, put: Put) -> None:
        closed = self._closed
        silence = np.zeros(round(HEARING_RATE * FRAME_SECONDS), np.int16)
        due = time.monotonic()
        while True:
            due = max(due + FRAME_SECONDS, time.monotonic())
            if closed.wait(due - time.monotonic()):
                return
            put(FrameArrived(silence))
