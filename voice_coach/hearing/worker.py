"""The hearing process: `python -m voice_coach.hearing.worker`, started by HearingProcess.

In: requests on the pipe. Out: one answer each. It holds the recogniser, and no sound but the piece at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voice_coach.child import serve
from voice_coach.errors import SetupError
from voice_coach.hearing.choice import load_recognizer
from voice_coach.hearing.messages import (
    DecodePiece,
    GrammarUsed,
    HearingFailed,
    HearingReady,
    Load,
    Prepare,
    Recognized,
    UseGrammar,
    WriteDown,
    WrittenDown,
)
from voice_coach.hearing.recognizer import NOTHING, Grammar, Recognizer

Reply = Callable[[Any], None]


class Worker:
    """Answers requests with one recogniser."""

    def __init__(self) -> None:
        self._recognizer: Recognizer | None = None

    def handle(self, request: Any, reply: Reply) -> None:
        """Do one request; every DecodePiece gets exactly one Recognized, WriteDown one WrittenDown."""
        match request:
            case Load(choice):
                self._load(choice, reply)
            case UseGrammar(grammar) if self._recognizer is not None:
                self._use(grammar, reply)
            case DecodePiece(number, piece):
                reply(Recognized(number, self._recognizer.decode(piece) if self._recognizer else NOTHING))
            case WriteDown(number, piece):
                reply(WrittenDown(number, self._recognizer.dictate(piece) if self._recognizer else None))
            case Prepare() if self._recognizer is not None:
                self._recognizer.prepare()
            case _:
                pass

    def _use(self, grammar: Grammar, reply: Reply) -> None:
        assert self._recognizer is not None
        try:
            reply(GrammarUsed(self._recognizer.use(grammar), grammar.name))
        except SetupError as error:
            reply(HearingFailed(str(error)))

    def _load(self, choice: Any, reply: Reply) -> None:
        try:
            self._recognizer = load_recognizer(choice)
        except SetupError as error:
            reply(HearingFailed(str(error)))
            return
        reply(HearingReady(self._recognizer.name, choice.notice))


if __name__ == "__main__":
    serve(Worker().handle)
