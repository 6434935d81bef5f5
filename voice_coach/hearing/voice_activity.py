"""Whether one frame of 20 ms holds a voice: WebRTC's detector behind a gate that follows the room.

In: frames of 320 int16 samples in order. Out: True or False for each.
It never looks ahead and never keeps sound.
"""

from __future__ import annotations

import numpy as np

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, Pcm
from voice_coach.hearing.level import NoiseFloor, dbfs

GATE_DB = 5.0
"""A voiced frame stands at least this far above the room."""
QUIET_ROOM_DBFS = -60.0
"""A microphone whose room lies under this is quiet: its sound is raised before the detector sees it."""
QUIET_VOICE_DBFS = -30.0
"""Sound is never raised past this: a voice that is loud enough stays as it is."""
MOST_GAIN_DB = 24.0


class WebRtcActivity:
    """A voice activity detector to be called with every frame, in order."""

    def __init__(self, mode: int = 2) -> None:
        """`mode` 0 to 3: how readily WebRTC's detector calls a frame noise."""
        from pocketsphinx import Vad

        self._vad = Vad(mode=mode, sample_rate=HEARING_RATE, frame_length=FRAME_SECONDS)
        self._floor = NoiseFloor()
        self._offset: float | None = None
        self._peak = -96.0

    def __call__(self, frame: Pcm) -> bool:
        """Whether this frame (320 int16 samples) holds a voice."""
        level = dbfs(frame)
        floor = self._floor.feed(level)
        self._peak = max(level, self._peak - 0.02)
        centred = frame.astype(np.float32) - self._steady_offset(frame)
        raised = centred * np.float32(10.0 ** (self._gain_db(floor) / 20.0))
        voiced = self._vad.is_speech(np.clip(raised, -32768, 32767).astype(np.int16).tobytes())
        return bool(voiced) and level >= floor + GATE_DB

    @property
    def room(self) -> float:
        """How loud the room is, in dBFS."""
        return self._floor.dbfs

    def _steady_offset(self, frame: Pcm) -> np.float32:
        """The microphone's direct current, followed slowly so that frames still join smoothly."""
        mean = float(frame.mean())
        self._offset = mean if self._offset is None else self._offset + 0.05 * (mean - self._offset)
        return np.float32(self._offset)

    def _gain_db(self, floor: float) -> float:
        return max(0.0, min(QUIET_ROOM_DBFS - floor, QUIET_VOICE_DBFS - self._peak, MOST_GAIN_DB))
