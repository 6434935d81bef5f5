"""What stands in for the sound devices and the processes of voice and recogniser: no thread and no clock.

Each does what the real one promises and no more: a clip that was begun ends once, unless its speaker is
lost; every prompt that is needed is rendered once, in order; every piece is answered once, in order. When, is
for the test to say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from voice_coach.audio.ports import PlaybackEnded, Samples
from voice_coach.hearing.messages import GrammarUsed, Recognized, WrittenDown
from voice_coach.hearing.recognizer import NOTHING, Grammar, GrammarReport, Hypothesis
from voice_coach.speaking.speech import Rendered, Speech
from voice_coach.turns.devices import Change

Put = Callable[[Any], None]
FRAME_SAMPLES = 441


class FakeSpeaker:
    """As audio/speaker.py: a cut ends a clip within a frame; its end is told when it has left the buffer."""

    live = True
    passes = True

    def __init__(self, put: Put) -> None:
        self._put = put
        self.latency = 1
        self.sounding: int | None = None
        self._size = self._played = self._unheard = 0
        self._cut = False

    def play(self, clip: int, samples: Samples) -> None:
        assert self.sounding is None, "a clip is still playing"
        self.sounding, self._size, self._played, self._cut = clip, samples.size, 0, False

    def stop(self) -> None:
        if self.sounding is not None and self._played < self._size:
            self._cut = True

    def tick(self) -> None:
        """20 ms pass."""
        if self.sounding is None:
            return
        if self._played < self._size:
            step = FRAME_SAMPLES // 2 if self._cut else FRAME_SAMPLES
            self._size = min(self._size, self._played + step) if self._cut else self._size
            self._played = min(self._size, self._played + step)
            self._unheard = self.latency
        elif self._unheard > 0:
            self._unheard -= 1
        else:
            clip, self.sounding = self.sounding, None
            self._put(PlaybackEnded(clip, self._played, self._cut))

    def close(self) -> None:
        """What sounded is over, and nobody is told."""
        self.sounding = None


class FakeMicrophone:
    """A live one; its frames are put by the test."""

    live = True
    passes = True


class FakeDevices:
    """As turns/devices.py, but by word of the test: what goes does so at once, what comes, with a frame."""

    replaceable = True
    brings_nothing = False
    reopens_speaker = False

    def __init__(self, put: Put) -> None:
        self._put = put
        self.microphone, self.speaker = FakeMicrophone(), FakeSpeaker(put)
        self.lost: list[str] = []
        self.muted = False
        self._coming: list[Change] = []

    def lose(self, which: str) -> bool:
        if which in self.lost:
            return False
        self.lost.append(which)
        self._coming = [change for change in self._coming if not change.startswith(which)]
        if which == "speaker":
            self._change_speaker()
        else:
            self.muted = False
        return True

    def come_back(self, which: str) -> None:
        change: Change = "speaker back" if which == "speaker" else "microphone back"
        if which in self.lost and change not in self._coming:
            self._coming.append(change)

    def mute(self, *, muted: bool) -> None:
        if not self.lost and not self._coming and self.muted != muted:
            self._coming.append("microphone muted" if muted else "microphone sounding")

    def frame(self, samples: Any, *, quiet: bool) -> list[Change]:
        changes, self._coming = self._coming, []
        for change in changes:
            which, what = change.split()
            if what == "back":
                self.lost.remove(which)
                if which == "speaker":
                    self._change_speaker()
            else:
                self.muted = what == "muted"
        return changes

    def _change_speaker(self) -> None:
        self.speaker.close()
        self.speaker = FakeSpeaker(self._put)


class FakeVoice:
    """Renders what is needed when the test says so; prompts are a few frames long, or `longer`."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self.lost = False
        self.longer = 0
        self.needed: deque[Speech] = deque()

    def need(self, speech: Speech) -> None:
        self.needed.append(speech)

    def prepare(self, speech: Speech) -> None:
        """Nothing is rendered ahead."""

    def render(self) -> None:
        """Answer the first need, if there is one."""
        if self.needed:
            speech = self.needed.popleft()
            frames = 3 + len(" ".join(speech.parts)) % 11 + self.longer
            silent = self.lost or not any(part.strip() for part in speech.parts)
            samples = None if silent else np.full(frames * FRAME_SAMPLES, 0.01, np.float32)
            self._put(Rendered(speech, samples, (0, FRAME_SAMPLES)))


class FakeHearing:
    """Hears what the test says that somebody said while they spoke."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._owed: deque[tuple[Any, Any]] = deque()
        self.failed = False
        self.hears: Callable[[], Hypothesis] = lambda: NOTHING
        self.writes = "it was a long day"

    def watch(self) -> None:
        """It never hangs."""

    def use(self, grammar: Grammar) -> None:
        self._put(GrammarUsed(GrammarReport({}), grammar.name))

    def decode(self, request: int, piece: Any) -> None:
        self._owe(Recognized(request, self.hears()), Recognized(request, NOTHING))

    def write_down(self, request: int, piece: Any) -> None:
        self._owe(WrittenDown(request, self.writes), WrittenDown(request, None))

    @property
    def owes(self) -> bool:
        return bool(self._owed)

    def answer(self) -> None:
        """Answer the first request, if there is one."""
        if self._owed:
            answer, nothing = self._owed.popleft()
            self._put(nothing if self.failed else answer)

    def fail(self) -> None:
        """It has gone: what it owes is answered with nothing, as is all that is asked later."""
        self.failed = True
        while self._owed:
            self.answer()

    def _owe(self, answer: Any, nothing: Any) -> None:
        self._owed.append((answer, nothing))
        if self.failed:
            self.answer()
