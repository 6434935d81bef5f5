"""Pieces of speech on their way to the recogniser and back: at most one of them counts.

In: lulls and ends of the open turn. Out: pieces sent off, and the one whose hypothesis counts. A short
utterance may be looked at soon, and again with all its quiet where that told too little. Sound is kept only
until it is known whether it must be looked at again; no words are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice_coach.audio.ports import FRAME_SECONDS, Pcm
from voice_coach.hearing.recognizer import Hypothesis
from voice_coach.hearing.segmenter import PRE_ROLL_FRAMES, Lull, SpeechEnded


@dataclass
class Piece:
    """A piece of speech that was sent off."""

    request: int
    sound: Pcm | None
    """Held while the coach speaks only: the turn may begin with it."""
    start: int
    end: int
    end_of_voice: int
    final: bool
    quick: bool = False
    """It was looked at so soon that little quiet is in it."""
    whole: Lull | SpeechEnded | None = None
    """The same speech with more of its quiet, which came before the quick look was answered."""
    hypothesis: Hypothesis | None = None

    @property
    def speech_seconds(self) -> float:
        """How long somebody spoke."""
        return max(0.0, (self.end_of_voice - self.start - PRE_ROLL_FRAMES) * FRAME_SECONDS)


class Pieces:
    """The pieces of one turn after another."""

    def __init__(self, decode: Callable[[int, Pcm], None]) -> None:
        """`decode` sends a piece off; its hypothesis comes back through answered()."""
        self.now: Piece | None = None
        """The one that counts."""
        self._decode = decode
        self._requests = 0

    def let_go(self) -> None:
        """None of those on their way counts any more."""
        self.now = None

    def look(self, said: Lull | SpeechEnded, end_of_voice: int, *, keep: bool) -> None:
        """Send off what was said so far, unless that has been done."""
        now, final = self.now, isinstance(said, SpeechEnded)
        if now is None or now.end_of_voice != end_of_voice:
            self._send(said, end_of_voice, keep)
        elif now.quick and now.hypothesis is None:
            now.whole = said
        elif now.quick or (now.start, now.end) == (said.start, said.end):
            now.final = now.final or final
        else:
            self._send(said, end_of_voice, keep)

    def send_again(self, too_long: Callable[[Pcm], bool]) -> None:
        """Have the same sound recognised anew, as other phrases count now; one that is too long is let go."""
        now = self.now
        if now is None or now.sound is None:
            return
        sound, now.sound = now.sound, None
        if too_long(sound):
            self.now = None
            return
        self._requests += 1
        now.request, now.hypothesis = self._requests, None
        self._decode(self._requests, sound)

    def answered(self, request: int, hypothesis: Hypothesis) -> Piece | None:
        """The piece whose hypothesis this is; None when it no longer counts."""
        now = self.now
        if now is None or now.request != request:
            return None
        now.hypothesis = hypothesis
        return now

    def settle_quick(self, *, enough: bool) -> None:
        """The quick look has told enough, or everything is looked at."""
        quick = self.now
        if quick is None:
            return
        whole, quick.whole = quick.whole, None
        if enough:
            quick.final = quick.final or isinstance(whole, SpeechEnded)
            return
        self.now = None
        if whole is not None:
            self._send(whole, quick.end_of_voice, keep=False)

    def _send(self, said: Lull | SpeechEnded, end_of_voice: int, keep: bool) -> None:
        self._requests += 1
        self.now = Piece(
            self._requests,
            said.piece if keep else None,
            said.start,
            said.end,
            end_of_voice,
            final=isinstance(said, SpeechEnded),
            quick=isinstance(said, Lull) and said.quick,
        )
        self._decode(self._requests, said.piece)
