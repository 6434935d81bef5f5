"""Cuts a stream of frames into pieces of speech, counting audio time only.

In: frames of 20 ms (320 int16 samples), in order. Out: speech began, a lull, speech ended.
It reads no clock, so a file gives the same pieces at any speed. It never decides what was said and keeps
no sound beyond the piece that is open.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voice_coach.audio.ports import FRAME_SECONDS, Pcm
from voice_coach.hearing.level import SILENCE_DBFS, NoiseFloor, dbfs
from voice_coach.hearing.noise_suppression import Suppressor

ONSET_FRAMES = 4
"""Voiced frames (80 ms) needed within ONSET_WINDOW before it is speech: a click has fewer."""
ONSET_WINDOW = 6
RESUME_FRAMES = 2
"""Voiced frames in a row (40 ms) that end a quiet within a piece: fewer are a click or a breath."""
PRE_ROLL_FRAMES = 15
"""0.3 s kept from before the first voiced frame: detectors miss soft beginnings."""
TRAILING_FRAMES = 10
"""0.2 s kept after the last voiced frame: less than a lull, so a lull and its end hold the same piece."""
LULL_FRAMES = 12
"""0.24 s of quiet: the piece can be recognised already while we wait to see whether the person is done.
A turn may ask for less."""
QUICK_FRAMES = 4
"""80 ms of quiet after which a short utterance may be recognised, so that a lone word is known sooner."""
QUICK_SPEECH_FRAMES = range(10, 51)
"""Only where 0.2 to 1 s was spoken: before that it is the "s" of a "stop", after it no sign of an end."""
MOST_SUPPRESSED_DB = 12.0
"""A frame that lost more than this was noise: what is left of it sounds like a voice to the detector."""
LONGEST_FRAMES = 1000
"""20 s: of a longer piece the oldest part is let go."""


@dataclass(frozen=True, eq=False)
class SpeechBegan:
    """Somebody started to speak."""

    frame: int
    """Number of the first voiced frame, counted from the segmenter's first frame."""


@dataclass(frozen=True, eq=False)
class Lull:
    """A short quiet within or after speech; SpeechEnded follows with the same piece if the quiet lasts."""

    piece: Pcm
    start: int
    """Number of the piece's first frame."""
    end: int
    """Number of the frame after the piece's last one."""
    long: bool = False
    quick: bool = False
    """It was asked for with look_soon() and came after QUICK_FRAMES; another follows if the quiet lasts."""


@dataclass(frozen=True, eq=False)
class SpeechEnded:
    """The quiet has lasted for `gap` seconds: the piece is whole."""

    piece: Pcm
    start: int
    end: int
    long: bool = False
    """The oldest part was let go: it had outgrown LONGEST_FRAMES."""


SpeechEvent = SpeechBegan | Lull | SpeechEnded


class Segmenter:
    """Speech pieces out of frames. One for a microphone's whole life."""

    def __init__(
        self,
        voice_activity: Callable[[Pcm], bool],
        *,
        gap: float = 0.6,
        suppress: Suppressor | None = None,
    ) -> None:
        """`gap` is the quiet in seconds that ends a piece; it may be set anew for every turn.

        `suppress` cleans the frames before anything but their level is taken from them.
        """
        self.gap = gap
        self.lull_frames = LULL_FRAMES
        """Frames of quiet that make a lull; may be set anew for every turn."""
        self.delay = suppress.delay if suppress is not None else 0
        """Frames by which pieces lag behind the microphone; their quiets are shorter by as much."""
        self._suppress = suppress
        self._levels = deque[float](maxlen=self.delay + 1)
        self._voice_activity = voice_activity
        self._floor = NoiseFloor()
        self._speech_level = SILENCE_DBFS
        self._frame = 0
        self._quiet = 0
        self._run = 0
        self._recent = deque[bool](maxlen=ONSET_WINDOW)
        self._frames = deque[Pcm](maxlen=PRE_ROLL_FRAMES + ONSET_WINDOW)
        self._open = False
        self._start = self._began = 0
        self._end_of_voice = 0
        self._lull_told = False
        self._look_soon = False

    @property
    def speaking(self) -> bool:
        """Whether a piece is open: speech began and has not ended."""
        return self._open

    @property
    def stirring(self) -> bool:
        """Whether the last frames held a voice that may become speech."""
        return self._run > 0 or sum(self._recent) > 1

    @property
    def quiet_frames(self) -> int:
        """Frames since the last voice, or since the beginning or the last reset."""
        return self._quiet

    @property
    def frame(self) -> int:
        """Number of the next frame."""
        return self._frame

    @property
    def level(self) -> float:
        """How loud recent speech was, in dBFS; -96 before any."""
        return self._speech_level

    @property
    def noise_floor(self) -> float:
        """How loud the room is, in dBFS."""
        return self._floor.dbfs

    @property
    def apart(self) -> float:
        """How far recent speech stands out of the room, in dB; 0 before any."""
        return max(0.0, self._speech_level - self._floor.dbfs)

    @property
    def end_of_voice(self) -> int:
        """Number of the frame after the last voiced one of the open piece, or of the last."""
        return self._end_of_voice

    def look_soon(self) -> None:
        """Tell of the open piece's first lull sooner, where it is a short one: Lull(quick=True)."""
        self._look_soon = self._open

    def reset(self) -> None:
        """Let go of the open piece and of everything heard so far; frame numbers and levels go on."""
        if self._suppress is not None:
            self._suppress.reset()
        self._open = False
        self._quiet = self._run = 0
        self._recent.clear()
        self._frames = deque(maxlen=PRE_ROLL_FRAMES + ONSET_WINDOW)

    def feed(self, frame: Pcm) -> list[SpeechEvent]:
        """Take the next frame (320 int16 samples) and give what it brought about, in order."""
        self._levels.append(dbfs(frame))
        if self._suppress is not None:
            frame = self._suppress(frame)
        voiced = self._voice_activity(frame)
        if self._suppress is not None:
            voiced = voiced and dbfs(frame) >= self._levels[0] - MOST_SUPPRESSED_DB
        self._measure(self._levels[0], voiced)
        self._frames.append(frame)
        self._frame += 1
        self._run = self._run + 1 if voiced else 0
        return self._within(voiced) if self._open else self._before(voiced)

    def _measure(self, level: float, voiced: bool) -> None:
        self._floor.feed(level)
        if voiced:
            fresh = self._speech_level == SILENCE_DBFS
            self._speech_level = level if fresh else self._speech_level + 0.05 * (level - self._speech_level)

    def _before(self, voiced: bool) -> list[SpeechEvent]:
        self._recent.append(voiced)
        if sum(self._recent) < ONSET_FRAMES:
            self._quiet += 1
            return []
        first_voiced = self._frame - len(self._recent) + self._recent.index(True)
        kept = min(len(self._frames), self._frame - first_voiced + PRE_ROLL_FRAMES)
        self._frames = deque(list(self._frames)[-kept:], maxlen=LONGEST_FRAMES)
        self._start = self._frame - kept
        self._end_of_voice = self._frame
        self._recent.clear()
        self._open, self._lull_told, self._quiet = True, False, 0
        self._look_soon, self._began = False, first_voiced
        return [SpeechBegan(first_voiced - self.delay)]

    def _within(self, voiced: bool) -> list[SpeechEvent]:
        if self._run >= RESUME_FRAMES or (voiced and self._quiet == 0):
            self._end_of_voice = self._frame
            self._quiet, self._lull_told = 0, False
            return []
        self._quiet += 1
        events: list[SpeechEvent] = []
        spoken = self._end_of_voice - self._began
        if self._look_soon and self._quiet == QUICK_FRAMES - self.delay and spoken in QUICK_SPEECH_FRAMES:
            self._look_soon = False
            events.append(Lull(*self._piece(QUICK_FRAMES), quick=True))
        if self._quiet >= self.lull_frames - self.delay and not self._lull_told:
            self._lull_told = True
            events.append(Lull(*self._piece(self.lull_frames)))
        if self._lull_told and self._quiet >= round(self.gap / FRAME_SECONDS) - self.delay:
            events.append(SpeechEnded(*self._piece(self.lull_frames)))
            self._close()
        return events

    def _piece(self, lull_frames: int) -> tuple[Pcm, int, int, bool]:
        oldest = self._frame - len(self._frames)
        end = min(self._frame, self._end_of_voice + min(TRAILING_FRAMES, lull_frames - self.delay))
        frames = list(self._frames)[: end - oldest]
        return np.concatenate(frames), oldest, end, oldest > self._start

    def _close(self) -> None:
        """Close the piece; its last frames are the pre-roll of the next one, but never its voice."""
        after_voice = self._frame - self._end_of_voice
        tail = list(self._frames)[-after_voice:] if after_voice else []
        self._frames = deque(tail, maxlen=PRE_ROLL_FRAMES + ONSET_WINDOW)
        self._open = False
