"""Hears a person over the coach's own voice from open speakers, or hears nothing.

In: the microphone's frames, and what the speaker really plays. Out: frames without the echo, and whether one
of them holds a person's voice. Two cancellers share the work, as neither does both: WebRTC's (in the package
livekit) leaves nothing of the echo and little of a word said over it, so it tells when somebody speaks; the
linear one leaves some echo and the whole word, so it tells what. Where the echo is not taken out, nobody is
heard: what is not known to be a person never interrupts. It keeps no sound beyond its filters and starts no
connection.
"""

from __future__ import annotations

import importlib.util
from collections import deque
from statistics import median
from typing import Any, Protocol

import numpy as np

from voice_coach.audio.ports import HEARING_RATE, Pcm, Samples
from voice_coach.audio.wavefile import to_pcm
from voice_coach.hearing.level import NoiseFloor, dbfs
from voice_coach.hearing.linear_echo import LinearEcho
from voice_coach.hearing.reference import FRAME, Reference
from voice_coach.hearing.voice_activity import WebRtcActivity

HALF = FRAME // 2
"""WebRTC takes 10 ms at a time."""
SILENT = 10 ** (-70 / 20)
"""What is played below this makes no echo."""
ECHO_FRAMES = 30
"""The room is quiet again 0.6 s after the last sound played; then frames are left alone."""
JUDGED_FRAMES = 150
"""The last 3 s of the coach's voice tell whether the echo is taken out."""
LEAST_TAKEN_DB = 10.0
"""In half of those frames at least this much was taken away, or there was hardly an echo."""
FAINT_DB = 6.0
"""An echo that stands out of the room by less needs no taking out."""

MISSING = (
    "The Python package livekit is not there, so words said over the coach are not heard: install it "
    "(the extra aec), or leave --open-speakers out."
)


class Canceller(Protocol):
    """Takes an echo out whole, words said over it too where it must."""

    def __call__(self, heard: Pcm, played: Pcm) -> Pcm:
        """A frame of 320 samples without the echo of the frame played with it."""


def whole_canceller() -> Canceller | None:
    """WebRTC's echo canceller; None where its package is not installed."""
    if importlib.util.find_spec("livekit") is None:
        return None
    try:
        return WebRtcCanceller()
    except (ImportError, OSError, RuntimeError):
        return None


class WebRtcCanceller:
    """WebRTC's third echo canceller: 0.01 s of a core for each second, 40 MB of memory."""

    def __init__(self) -> None:
        """Load the library (0.6 s). Raises ImportError or OSError."""
        from livekit.rtc.apm import AudioProcessingModule
        from livekit.rtc.audio_frame import AudioFrame

        self._module = AudioProcessingModule(echo_cancellation=True)
        self._frame: Any = AudioFrame

    def __call__(self, heard: Pcm, played: Pcm) -> Pcm:
        """A frame without its echo; words said over it are damaged."""
        clean = np.empty(FRAME, np.int16)
        for at in (0, HALF):
            self._module.process_reverse_stream(self._of(played[at : at + HALF]))
            self._module.set_stream_delay_ms(0)  # It finds the delay by itself.
            heard_now = self._of(heard[at : at + HALF])
            self._module.process_stream(heard_now)
            clean[at : at + HALF] = np.frombuffer(heard_now.data, np.int16)
        return clean

    def _of(self, pcm: Pcm) -> Any:
        return self._frame(pcm.tobytes(), HEARING_RATE, 1, HALF)


class EchoCanceller:
    """Both cancellers, what is played, and whether they can be believed."""

    def __init__(self, whole: Canceller) -> None:
        self._whole, self._linear, self._reference = whole, LinearEcho(), Reference()
        self._floor = NoiseFloor()
        self._since = ECHO_FRAMES
        self._taken = deque[float](maxlen=JUDGED_FRAMES)
        self.bare: Pcm = np.zeros(FRAME, np.int16)
        """The last frame with the echo taken out whole."""

    def played(self, block: Samples, rate: int) -> None:
        """Take a block that was handed to the speaker; for the speaker's thread."""
        self._reference.played(block, rate)

    @property
    def sounding(self) -> bool:
        """Whether an echo may be in the room."""
        return self._since < ECHO_FRAMES

    @property
    def believed(self) -> bool:
        """Whether the echo was taken out of most of what was played lately."""
        judged = len(self._taken) == JUDGED_FRAMES
        return judged and median(self._taken) >= LEAST_TAKEN_DB

    def __call__(self, frame: Pcm) -> Pcm:
        """The next frame of the microphone without the echo; as it is where there can be none."""
        played = self._reference.take()
        loud = float(np.abs(played).max()) > SILENT
        self._since = 0 if loud else min(self._since + 1, ECHO_FRAMES)
        floor = self._floor.feed(dbfs(frame))
        if not self.sounding:
            self.bare = frame
            return frame
        self.bare = self._whole(frame, to_pcm(played))
        if loud:
            faint = dbfs(frame) < floor + FAINT_DB
            self._taken.append(2 * LEAST_TAKEN_DB if faint else dbfs(frame) - dbfs(self.bare))
        return to_pcm(self._linear(frame.astype(np.float32) / np.float32(32768), played))


class EchoFreeActivity:
    """A voice detector for a microphone that hears the coach, too."""

    def __init__(self, canceller: EchoCanceller) -> None:
        self._canceller = canceller
        self._usual, self._over = WebRtcActivity(), WebRtcActivity()

    def __call__(self, frame: Pcm) -> bool:
        """Whether this frame, which the canceller has given, holds a person's voice."""
        if not self._canceller.sounding:
            return self._usual(frame)
        voiced = self._over(self._canceller.bare)
        return voiced and self._canceller.believed
