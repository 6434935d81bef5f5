"""The ears of a session: a child process with the recogniser in it, started and watched here.

In: a grammar for each turn and pieces of speech. Out: events on the coach's queue, put from a reader thread.
No call here waits for the recogniser. Every decode request is answered exactly once, even if the child dies.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from voice_coach.audio.ports import Pcm
from voice_coach.awake import AwakeClock
from voice_coach.child import Child
from voice_coach.hearing.messages import (
    DecodePiece,
    HearingEvent,
    HearingFailed,
    HearingReady,
    HearingRequest,
    Load,
    Prepare,
    Recognized,
    RecognizerChoice,
    UseGrammar,
    WriteDown,
    WrittenDown,
)
from voice_coach.hearing.recognizer import NOTHING, Grammar

WORKER = "voice_coach.hearing.worker"
RESTARTS = 2
HUNG_SECONDS = 30.0
"""A recogniser that answers nothing for so long is ended and begun anew: on a busy machine the longest piece
takes 3 s, and loading 2 s."""
LOADING_SECONDS = 180.0
"""The same until it is loaded: a large model from a slow disk takes its time."""
LONGEST_LOOK_SECONDS = 2.0
"""It is looked at for every frame; of a longer stretch, in which the machine slept, no more is counted."""


class HearingProcess:
    """A recogniser in a process of its own."""

    def __init__(self, choice: RecognizerChoice, put: Callable[[HearingEvent], None]) -> None:
        """`put` is called from a reader thread and must not block (a queue's put)."""
        self._choice = choice
        self._put = put
        self._lock = threading.RLock()
        self._child: Child | None = None
        self._outbox: queue.SimpleQueue[HearingRequest | None] = queue.SimpleQueue()
        self._pending: dict[int, None] = {}
        self._unwritten: dict[int, None] = {}
        self._grammar: Grammar | None = None
        self._restarts_left = RESTARTS
        self._owed, self._loaded = 0, False
        self._clock = AwakeClock(LONGEST_LOOK_SECONDS)
        self._since = self._clock.now()
        self._over = False

    @property
    def pending(self) -> int:
        """Decode requests whose Recognized has not been put yet."""
        with self._lock:
            return len(self._pending)

    @property
    def pid(self) -> int | None:
        """The child's process number."""
        with self._lock:
            return self._child.pid if self._child is not None else None

    def start(self) -> None:
        """Start the child and return at once; HearingReady or HearingFailed will be put."""
        with self._lock:
            self._spawn()

    def use(self, grammar: Grammar) -> None:
        """Switch to a grammar for all later requests; GrammarUsed will be put."""
        with self._lock:
            first, self._grammar = self._grammar is None, grammar
            self._ask(UseGrammar(grammar))
            if first:
                self._outbox.put(Prepare())

    def decode(self, request: int, piece: Pcm) -> None:
        """Have a piece recognised (int16, 16 kHz); Recognized with this number will be put."""
        with self._lock:
            if self._over:
                self._put(Recognized(request, NOTHING))
                return
            self._pending[request] = None
            self._ask(DecodePiece(request, piece))

    def write_down(self, request: int, piece: Pcm) -> None:
        """Have a piece written down freely (int16, 16 kHz); WrittenDown with this number will be put."""
        with self._lock:
            if self._over:
                self._put(WrittenDown(request, None))
                return
            self._unwritten[request] = None
            self._ask(WriteDown(request, piece))

    def watch(self) -> None:
        """End a child that has owed an answer for too long; to be called now and then, costs nothing."""
        with self._lock:
            hung = (
                self._owed
                and not self._over
                and self._clock.now() - self._since > (HUNG_SECONDS if self._loaded else LOADING_SECONDS)
            )
            if hung and self._child is not None:
                self._since = self._clock.now()
                self._child.kill()

    def close(self) -> None:
        """End the child. Nothing is put after this returns."""
        with self._lock:
            self._over = True
            self._pending.clear()
            self._unwritten.clear()
            child, self._child = self._child, None
            self._outbox.put(None)
        if child is not None:
            child.close()

    def _spawn(self) -> None:
        """Start a child and the thread that writes to it: a long piece outgrows the pipe's buffer."""
        self._outbox.put(None)
        self._outbox = queue.SimpleQueue()
        self._owed, self._loaded = 0, False
        self._ask(Load(self._choice))
        if self._grammar is not None:
            self._ask(UseGrammar(self._grammar))
            self._outbox.put(Prepare())
        child = self._child = Child(WORKER, self._answered, self._died)
        threading.Thread(
            target=_write, args=(child, self._outbox), name="hearing-writer", daemon=True
        ).start()

    def _ask(self, request: HearingRequest) -> None:
        """Send what will be answered."""
        if not self._owed:
            self._since = self._clock.now()
        self._owed += 1
        self._outbox.put(request)

    def _answered(self, answer: Any) -> None:
        with self._lock:
            if self._over:
                return
            self._owed, self._since = max(0, self._owed - 1), self._clock.now()
            match answer:
                case HearingReady():
                    self._loaded = True
                case Recognized(request):
                    self._pending.pop(request, None)
                case WrittenDown(request):
                    self._unwritten.pop(request, None)
                case HearingFailed(sentence):
                    self._fail(sentence)
                    return
            self._put(answer)

    def _died(self) -> None:
        """The child is gone: what it owed is answered with nothing; then another child, or the end."""
        with self._lock:
            if self._over:
                return
            self._answer_pending()
            if self._restarts_left == 0:
                self._fail(
                    "The recogniser stopped three times: speech is not heard any more, keys still work."
                )
                return
            self._restarts_left -= 1
            self._spawn()

    def _fail(self, sentence: str) -> None:
        self._over = True
        self._answer_pending()
        self._put(HearingFailed(sentence))

    def _answer_pending(self) -> None:
        for request in self._pending:
            self._put(Recognized(request, NOTHING))
        for request in self._unwritten:
            self._put(WrittenDown(request, None))
        self._pending.clear()
        self._unwritten.clear()


def _write(child: Child, outbox: queue.SimpleQueue[HearingRequest | None]) -> None:
    while (request := outbox.get()) is not None:
        if not child.send(request):
            return
