"""The one thread behind the voice: it owns the child, the cache and what is waited for.

In: messages on its inbox (needs, preparations, the child's answers, its death). Out: Rendered, VoiceLost and
VoiceReplaced, put. One sentence is at the child at a time, needed ones first. A child that hangs or dies is
replaced; after three replacements without a rendered sentence between, the voice is lost for the session.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from voice_coach.audio.ports import SPEAKING_RATE, Samples
from voice_coach.awake import AwakeClock
from voice_coach.child import Child
from voice_coach.speaking.cache import SentenceCache
from voice_coach.speaking.engine import sweep
from voice_coach.speaking.messages import Ready, Refused, Render, Rendering, Start, VoiceName
from voice_coach.speaking.pacing import Pause, Sentence, plan
from voice_coach.speaking.prepared import Prepared
from voice_coach.speaking.speech import Rendered, Speech, VoiceEvent, VoiceLost, VoiceReplaced

RENDERER = "voice_coach.speaking.renderer"
SENTENCE_SECONDS = 3.0
"""A sentence that takes longer hangs (the longest of 3,000 took 32 ms in the audio study)."""
STARTING_SECONDS = 15.0
"""A child that is not ready by then hangs; slow machines need a few seconds for the imports."""
STALLED_SECONDS = 4.0
"""A needed prompt of which no more came for so long is given up, so that it can be shown: one that hangs and
is rendered by the next child takes 3.5 s. While the first child starts, its own patience counts instead."""
LOOK_SECONDS = 0.25  # Between two looks no more than twice that is counted: who slept does not hang.
RESTARTS = 3
_TRIES = 2
"""A sentence that took the child down twice is not tried again."""


@dataclass(frozen=True)
class Need:
    """Wanted now."""

    speech: Speech


@dataclass(frozen=True)
class Prepare:
    """Wanted later."""

    speech: Speech


@dataclass(frozen=True)
class _Answered:
    child: int
    answer: Any


@dataclass(frozen=True)
class _Gone:
    child: int


@dataclass(frozen=True)
class _Close:
    pass


@dataclass
class _Waiting:
    """A needed prompt, and the sentences of it that are there (the cache may drop them)."""

    speech: Speech
    steps: tuple[Sentence | Pause, ...]
    since: float
    """When it was needed, or more of it came (awake.py)."""
    rendered: dict[Sentence, Samples] = field(default_factory=dict)

    def missing(self) -> Sentence | None:
        for step in self.steps:
            if isinstance(step, Sentence) and step not in self.rendered:
                return step
        return None


class Desk(threading.Thread):
    """Takes messages from its inbox until it is closed."""

    def __init__(
        self,
        put: Callable[[VoiceEvent], None],
        voice: str | None,
        say_as: Mapping[str, str],
        choice_words: Sequence[str],
        cache_bytes: int,
        language: str = "en",
        or_another: bool = False,
    ) -> None:
        super().__init__(daemon=True, name="voice")
        self.inbox: queue.Queue[Need | Prepare | _Answered | _Gone | _Close] = queue.Queue()
        self.settled = threading.Event()
        """Set when the first child is ready, or the voice is lost."""
        self.lost = ""
        self.voices: tuple[VoiceName, ...] = ()
        self._clock = AwakeClock(2 * LOOK_SECONDS)
        self._put = put
        self._start = Start(voice, language, or_another)
        self._say_as = say_as
        self._choice_words = choice_words
        self._cache = SentenceCache(cache_bytes)
        self._prepared: Prepared | None = None
        self._needed: deque[_Waiting] = deque()
        self._ahead: deque[Sentence] = deque()
        self._child: Child | None = None
        self._child_number = 0
        self._ready = self._was_ready = False
        self._at_child: Sentence | None = None
        self._deadline: float | None = None
        self._losses = 0
        self._tries: dict[Sentence, int] = {}

    @property
    def child_pid(self) -> int | None:
        """The child's process number, while it lives."""
        child = self._child
        return child.pid if child is not None and child.alive else None

    def use_style(self, say_as: Mapping[str, str], choice_words: Sequence[str]) -> None:
        """How the pack's words are said, from the next request on."""
        self._say_as, self._choice_words = dict(say_as), tuple(choice_words)

    def use_prepared(self, prepared: Prepared | None) -> None:
        """Take from it what it holds; it is closed with the voice. Before the first request."""
        self._prepared = prepared

    def close(self) -> None:
        """End the thread and the child."""
        self.inbox.put(_Close())
        self.join(2.0)

    def run(self) -> None:
        """What the thread does: wait for the inbox, never longer than the child may take."""
        self._launch()
        while True:
            try:
                message = self.inbox.get(timeout=self._patience())
            except queue.Empty:
                if self._deadline is not None and self._clock.now() >= self._deadline:
                    self._child_lost()
            else:
                if isinstance(message, _Close):
                    break
                self._take(message)
            self._serve()
        if self._child is not None:
            self._child.close()
            sweep(self._child.pid)
        self._cache.clear()
        if self._prepared is not None:
            self._prepared.close()

    def _take(self, message: Need | Prepare | _Answered | _Gone) -> None:
        match message:
            case Need(speech):
                self._needed.append(_Waiting(speech, self._plan(speech), self._clock.now()))
            case Prepare(speech):
                self._ahead.extend(step for step in self._plan(speech) if isinstance(step, Sentence))
            case _Answered(child, answer) if child == self._child_number:
                self._answered(answer)
            case _Gone(child) if child == self._child_number:
                self._child_lost()

    def _plan(self, speech: Speech) -> tuple[Sentence | Pause, ...]:
        return plan(
            speech.parts,
            speech.pace,
            say_as=self._say_as,
            choice_words=self._choice_words,
            words_per_minute=speech.words_per_minute,
        )

    def _serve(self) -> None:
        """Hand out what is complete, then give the child its next sentence."""
        while self._needed:
            waiting = self._needed[0]
            self._fill(waiting)
            if waiting.missing() is None:
                self._deliver(*_assembled(waiting))
            elif self.lost or self._hopeless(waiting) or self._stalled(waiting):
                self._deliver(None)
            else:
                break
        if self._ready and self._at_child is None and self._child is not None:
            sentence = self._next_sentence()
            if sentence is not None:
                self._at_child = sentence
                self._deadline = self._clock.now() + SENTENCE_SECONDS
                self._child.send(Render(self._child_number, sentence))

    def _fill(self, waiting: _Waiting) -> None:
        for step in waiting.steps:
            if isinstance(step, Sentence) and step not in waiting.rendered:
                samples = self._cache.get(step)
                if samples is None and self._prepared is not None:
                    samples = self._prepared.get(step)
                if samples is not None:
                    waiting.rendered[step] = samples

    def _hopeless(self, waiting: _Waiting) -> bool:
        return any(self._tries.get(step, 0) >= _TRIES for step in waiting.steps if isinstance(step, Sentence))

    def _stalled(self, waiting: _Waiting) -> bool:
        return self._was_ready and self._clock.now() >= waiting.since + STALLED_SECONDS

    def _next_sentence(self) -> Sentence | None:
        for waiting in self._needed:
            self._fill(waiting)
            missing = waiting.missing()
            if missing is not None and not self._hopeless(waiting):
                return missing
        while self._ahead:
            sentence = self._ahead.popleft()
            there = sentence in self._cache or (self._prepared is not None and sentence in self._prepared)
            if not there and self._tries.get(sentence, 0) < _TRIES:
                return sentence
        return None

    def _deliver(self, samples: Samples | None, starts: tuple[int, ...] = (0,)) -> None:
        self._put(Rendered(self._needed.popleft().speech, samples, starts))

    def _answered(self, answer: Ready | Refused | Rendering) -> None:
        match answer:
            case Ready(_, voices, notice):
                if notice and not self._was_ready:
                    self._put(VoiceReplaced(notice))
                self._ready, self._deadline = True, None
                self._was_ready = True
                self.voices = voices
                self.settled.set()
            case Refused(reason):
                self._give_up(reason)
            case Rendering(_, samples, _):
                sentence, self._at_child, self._deadline = self._at_child, None, None
                self._losses = 0
                if sentence is None:
                    return
                if samples is None:
                    self._tries[sentence] = _TRIES
                    return
                self._cache.put(sentence, samples)
                for waiting in self._needed:
                    if sentence in waiting.steps:
                        waiting.rendered[sentence] = samples
                        waiting.since = self._clock.now()

    def _patience(self) -> float | None:
        ends = [] if self._deadline is None else [self._deadline]
        if self._needed and self._was_ready:
            ends.append(self._needed[0].since + STALLED_SECONDS)
        return min(LOOK_SECONDS, max(0.0, min(ends) - self._clock.now())) if ends else None

    def _launch(self) -> None:
        self._child_number = number = self._child_number + 1
        self._ready = False
        self._deadline = self._clock.now() + STARTING_SECONDS
        self._child = Child(
            RENDERER,
            lambda answer: self.inbox.put(_Answered(number, answer)),
            lambda: self.inbox.put(_Gone(number)),
        )
        self._child.send(self._start)

    def _child_lost(self) -> None:
        """The child hangs or has died: start another, up to three times in a row."""
        sentence, self._at_child, self._deadline = self._at_child, None, None
        if sentence is not None:
            self._tries[sentence] = self._tries.get(sentence, 0) + 1
        if self._child is not None:
            with contextlib.suppress(OSError):
                self._child.kill()
            sweep(self._child.pid)
        self._losses += 1
        if self._losses > RESTARTS:
            self._give_up(
                "The speech engine keeps failing, so the coach goes on without a voice; reinstall espeak-ng."
            )
        else:
            self._launch()

    def _give_up(self, reason: str) -> None:
        if self.lost:
            return
        self.lost = reason
        self._ready, self._at_child, self._deadline = False, None, None
        self._child_number += 1
        if self._child is not None:
            self._child.close()
            self._child = None
        self._ahead.clear()
        self.settled.set()
        self._put(VoiceLost(reason))


def _assembled(waiting: _Waiting) -> tuple[Samples, tuple[int, ...]]:
    """All samples of a prompt, and where each sentence begins in them."""
    pieces: list[Samples] = []
    starts, length = [0], 0
    for step in waiting.steps:
        if isinstance(step, Sentence):
            starts.append(length)
            pieces.append(waiting.rendered[step])
        else:
            pieces.append(np.zeros(round(step.seconds * SPEAKING_RATE), np.float32))
        length += pieces[-1].size
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32), tuple(sorted(set(starts)))
