"""Waits at a microphone for one phrase: frames in, "somebody called" out.

Most of the time it only measures whether there is a voice; a piece of speech that is short enough is
recognised in the hearing process against the one phrase (hearing/waking_recognizer.py). Nothing is kept or
written.
"""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable
from typing import Any

from voice_coach.audio.ports import HEARING_RATE, DeviceLost, FrameArrived, Microphone, Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.messages import GrammarUsed, HearingFailed, Recognized
from voice_coach.hearing.process import HearingProcess
from voice_coach.hearing.recognizer import Grammar
from voice_coach.hearing.segmenter import Lull, Segmenter, SpeechBegan, SpeechEnded
from voice_coach.hearing.voice_activity import WebRtcActivity

CALL_SECONDS = 2.6
"""A longer piece (with its half second of margin) is talk, and no call."""
GAP_SECONDS = 0.3
_NUMBERS = itertools.count(1)


class Waker:
    """Tells when the phrase was said."""

    def __init__(self, grammar: Grammar, decode: Callable[[int, Pcm], None]) -> None:
        """`decode` sends a piece off; its hypothesis comes back through recognized()."""
        self._phrase = grammar.phrases[0]
        self._decode = decode
        self._segmenter = Segmenter(WebRtcActivity(), gap=GAP_SECONDS)
        self._asked: set[int] = set()

    def frame(self, samples: Pcm) -> None:
        """Take 20 ms of sound."""
        for event in self._segmenter.feed(samples):
            match event:
                case SpeechEnded(piece, _, _, long) if not long and piece.size <= CALL_SECONDS * HEARING_RATE:
                    request = next(_NUMBERS)
                    self._asked.add(request)
                    self._decode(request, piece)
                case SpeechBegan() | Lull() | SpeechEnded():
                    pass

    def recognized(self, event: Recognized) -> bool:
        """Whether that was the call; what was asked before an earlier session wakes nobody after it."""
        asked = event.request in self._asked
        self._asked.discard(event.request)
        return asked and event.hypothesis.text == self._phrase


def wait_for_call(
    microphone: Microphone,
    hearing: HearingProcess,
    grammar: Grammar,
    events: queue.SimpleQueue[Any],
) -> str:
    """Listen until somebody calls: "phrase"; or until it cannot: "lost", "over" (a sound file has ended).

    Another thread may put a string on the queue to end the wait with it. Raises SetupError when the
    recogniser fails or does not know the words.
    """
    waker = Waker(grammar, hearing.decode)
    ended = getattr(microphone, "ended", False)
    while True:
        if not microphone.live and events.empty() and not hearing.pending:
            if ended:
                return "over"
            ended = getattr(microphone, "ended", False)
            events.put(FrameArrived(microphone.read()))
        match events.get():
            case FrameArrived(samples):
                hearing.watch()
                waker.frame(samples)
            case Recognized() as answer:
                if waker.recognized(answer):
                    return "phrase"
            case GrammarUsed(report, _) if grammar.phrases[0] in report.dropped:
                lacking = ", ".join(report.dropped[grammar.phrases[0]])
                raise SetupError(f"The recogniser does not know the word {lacking}; choose other words.")
            case HearingFailed(sentence):
                raise SetupError(sentence)
            case DeviceLost():
                return "lost"
            case str() as other:
                return other
            case _:
                pass
