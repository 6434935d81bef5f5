"""One listening turn: frames and hypotheses in, outcomes out.

It counts audio time and silence, sends finished pieces of speech to be recognised, asks the understanding
what they mean, and decides when the person has finished. It never decides what is said next, and keeps no
words at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, Pcm
from voice_coach.conversation.cues import SILENCE, SPEECH_END, UNCLEAR, Listen, Turn
from voice_coach.hearing.level import dbfs
from voice_coach.hearing.recognizer import Hypothesis
from voice_coach.hearing.segmenter import ONSET_FRAMES, Lull, Segmenter, SpeechBegan, SpeechEnded
from voice_coach.turns.belief import believed, is_a_stop, is_settled, is_urgent, tells_enough, vouched
from voice_coach.turns.piece import Piece, Pieces
from voice_coach.turns.rules import (
    ALONE_SECONDS,
    ANSWER_CONFIDENCE,
    COMMAND_SECONDS,
    EARLY_AFTER_FRAMES,
    FROZEN_FRAMES,
    LOUD_DB,
    LOUD_FRAMES,
    NOISY_DB,
    NOTHING_SECONDS,
    OVER_LULL_FRAMES,
    RULES,
    STARTED_EARLY_FRAMES,
    TALK,
    TALK_FRAMES,
    TALKS_OVER_FRAMES,
    UNCLEAR_AFTER_SECONDS,
    UNCLEAR_SECONDS,
)
from voice_coach.turns.sounds import is_speech
from voice_coach.understanding.table import CONSENT, PhraseTable
from voice_coach.understanding.understand import NOTHING, Meaning, understand


@dataclass(frozen=True)
class Outcome:
    """What came of listening: for the conversation, and for the event log."""

    turn: Turn
    heard: Hypothesis | None = None
    """The hypothesis behind it; None for silence and for the end of talk."""


class Listener:
    """All turns of a session, one at a time."""

    def __init__(
        self,
        segmenter: Segmenter,
        decode: Callable[[int, Pcm], None],
        least_over: float = ANSWER_CONFIDENCE,
    ) -> None:
        """`decode` sends a piece off; its hypothesis comes back through recognized().

        `least_over`: least confidence in a word over the coach's own voice.
        """
        self._least_over = least_over
        self._segmenter = segmenter
        self._pieces = Pieces(decode)
        self._open = False
        self._frozen = 0
        self._loud = 0

    def begin(self, listen: Listen, table: PhraseTable, *, over: bool = False) -> None:
        """Open a turn. `over`: the coach is speaking meanwhile, so that only interruptions count."""
        self._segmenter.reset()
        self._set(listen, table, over=over)
        self._early_until = STARTED_EARLY_FRAMES
        self._voice = 0
        self._voiced_from = 0
        self._spoke, self._alone = False, True
        self._pieces.let_go()
        self._held: tuple[Outcome, int] | None = None

    def turn_over(self, listen: Listen, table: PhraseTable) -> None:
        """The coach has fallen silent: the turn begins with what the person is saying already."""
        self._set(listen, table, over=False)
        self._early_until = EARLY_AFTER_FRAMES
        self._voiced_from = -1 if self._segmenter.speaking else 0
        self._spoke = self._segmenter.speaking
        self._pieces.send_again(self._is_talk_only)

    def _set(self, listen: Listen, table: PhraseTable, *, over: bool) -> None:
        rule = RULES[listen.turn]
        self._listen, self._table, self._rule, self._over = listen, table, rule, over
        self._segmenter.gap = rule.gap
        self._segmenter.lull_frames = OVER_LULL_FRAMES if over else rule.lull_frames
        self._opened = self._segmenter.frame
        self._quiet_frames = self._silent_frames = self._frozen = self._loud = 0
        self._rung = listen.rung
        self._open = True

    def end(self) -> None:
        """Close the turn: pieces still being recognised no longer count."""
        self._open = False
        self._pieces.let_go()
        self._held = None
        self._segmenter.reset()

    def overhear(self, samples: Pcm) -> None:
        """No turn is open, but the coach is about to speak: take note of whether somebody does."""
        self._segmenter.feed(samples)

    @property
    def overhears(self) -> bool:
        """Whether somebody has begun to speak since the turn was closed."""
        return self._segmenter.speaking

    @property
    def is_open(self) -> bool:
        """Whether a turn is being listened to."""
        return self._open

    @property
    def turn(self) -> str:
        """The kind of the turn being listened to."""
        return self._listen.turn

    @property
    def consents(self) -> bool:
        """Whether an answer in this turn may open something."""
        return self._listen.consent

    @property
    def noise_floor(self) -> float:
        """How loud the room is, in dBFS at the microphone."""
        return self._segmenter.noise_floor

    @property
    def too_noisy(self) -> bool:
        """Whether speech hardly stands out of the room, so that no consent may be read from it."""
        return self._segmenter.apart < NOISY_DB

    @property
    def talks_over(self) -> bool:
        """Whether somebody has been speaking over the coach for long enough to mean it."""
        return self._segmenter.speaking and self._voice >= TALKS_OVER_FRAMES

    @property
    def asks_for_quiet(self) -> bool:
        """Whether a word that quiets the coach was heard over it: it falls silent before all is heard."""
        piece = self._pieces.now
        if not self._over or piece is None or piece.hypothesis is None:
            return False
        meaning = understand(piece.hypothesis.text, self._table, self._listen.turn)
        return meaning.intent is not None and self._believes(meaning, piece.hypothesis)

    @property
    def is_talk(self) -> bool:
        """Whether what was said over a question that wants talk is long enough to be an answer."""
        return self._listen.turn in TALK and not self._over and self._voice >= TALK_FRAMES

    @property
    def came_to_nothing(self) -> bool:
        """Whether what was said is over and was nothing that counts."""
        quiet = self._quiet_frames * FRAME_SECONDS
        return not self._segmenter.speaking and not self.awaits and quiet >= NOTHING_SECONDS

    @property
    def awaits(self) -> bool:
        """Whether a hypothesis is still to come for this turn."""
        piece = self._pieces.now
        return self._open and piece is not None and piece.hypothesis is None

    def frame(self, samples: Pcm, at: float) -> list[Outcome]:
        """Take 20 ms of sound at an audio time; returns what came of it, in order."""
        for event in self._segmenter.feed(samples):
            match event:
                case SpeechBegan(first_voiced):
                    self._began(first_voiced)
                case Lull():
                    self._look(event)
                case SpeechEnded():
                    self._ended(event)
        self._count(samples)
        return self._settle(at)

    def _count(self, samples: Pcm) -> None:
        """Silence is counted from the last voice; it stands still after a sound that is no speech."""
        if self._segmenter.speaking and self._segmenter.quiet_frames == 0:
            self._quiet_frames = self._silent_frames = 0
            self._voice += 1
        else:
            self._quiet_frames += 1
            self._silent_frames += 0 if self._frozen else 1
            self._frozen = max(0, self._frozen - 1)
        loud = dbfs(samples) >= self._segmenter.noise_floor + LOUD_DB
        self._loud = max(0, self._loud + (1 if loud and not self._segmenter.speaking else -1))
        if self._loud >= LOUD_FRAMES and self._listen.turn in TALK:
            self._freeze()

    def _freeze(self) -> None:
        """A sob, a sigh, laughter: nobody is waiting, nobody has finished (conversation design, 6.5)."""
        self._frozen = FROZEN_FRAMES
        self._loud = 0

    def recognized(self, request: int, hypothesis: Hypothesis, at: float) -> list[Outcome]:
        """Take the hypothesis of a piece; one that no longer counts is let go."""
        piece = self._pieces.answered(request, hypothesis) if self._open else None
        if piece is None:
            return []
        if piece.quick:
            meaning = understand(hypothesis.text, self._table, self._listen.turn)
            enough = tells_enough(meaning, hypothesis, consents=self._listen.consent)
            self._pieces.settle_quick(enough=enough)
        return self._settle(at)

    def _began(self, first_voiced: int) -> None:
        self._voiced_from = first_voiced - self._opened
        self._held = None
        self._pieces.let_go()
        self._alone = not self._spoke or self._quiet_frames * FRAME_SECONDS >= ALONE_SECONDS
        if self._alone and not self._over:
            self._segmenter.look_soon()
        self._spoke_before, self._spoke = self._spoke, True
        self._frozen = 0
        self._voice = ONSET_FRAMES
        self._rung = 0

    def _look(self, said: Lull | SpeechEnded) -> None:
        if said.long or self._is_talk_only(said.piece):
            self._pieces.let_go()
        else:
            self._pieces.look(said, self._segmenter.end_of_voice, keep=self._over)

    def _is_talk_only(self, sound: Pcm) -> bool:
        """Whether it is too long to hold a command."""
        return self._listen.turn in TALK and sound.size > COMMAND_SECONDS * HEARING_RATE

    def _ended(self, said: SpeechEnded) -> None:
        if self._listen.turn in TALK and not said.long and not is_speech(said.piece):
            self._spoke = self._spoke_before
            self._freeze()
        self._look(said)

    def _settle(self, at: float) -> list[Outcome]:
        quiet = (self._quiet_frames + self._segmenter.delay) * FRAME_SECONDS
        outcome = (
            self._answer(quiet, at)
            or self._command(quiet)
            or self._patience(self._silent_frames * FRAME_SECONDS, at)
        )
        return [outcome] if outcome is not None else []

    def _answer(self, quiet: float, at: float) -> Outcome | None:
        """A piece whose hypothesis is there and whose time has come."""
        piece = self._pieces.now
        if piece is None or piece.hypothesis is None:
            return None
        meaning = understand(piece.hypothesis.text, self._table, self._listen.turn)
        drowned = self.too_noisy and self._listen.consent and meaning.intent in CONSENT
        if drowned or not self._believes(meaning, piece.hypothesis):
            meaning = NOTHING
        early = self._rule.early is not None and quiet >= self._rule.early
        early = early and is_settled(meaning, self._table)
        stops = self._alone and is_a_stop(meaning, piece.hypothesis, quiet)
        if not (piece.final or early or stops):
            return None
        self._pieces.let_go()
        if meaning.intent is None:
            self._hold_unclear(piece, at)
            return self._command(quiet)
        outcome = Outcome(self._turn(meaning, piece, at), piece.hypothesis)
        if self._listen.turn in TALK and not is_urgent(meaning.intent):
            self._held = (outcome, round(self._rule.grace / FRAME_SECONDS))
            return self._command(quiet)
        return outcome

    def _believes(self, meaning: Meaning, heard: Hypothesis) -> bool:
        least = self._least_over if self._over else ANSWER_CONFIDENCE
        return believed(meaning.intent, heard, self._listen.turn, least)

    def _hold_unclear(self, piece: Piece, at: float) -> None:
        """Speech that is no phrase: an answer may still follow an "um", so wait a little before saying so."""
        asked = self._listen.turn in {"choice", "gate"} and not self._over
        if asked and piece.speech_seconds >= UNCLEAR_SECONDS:
            wait = round(UNCLEAR_AFTER_SECONDS / FRAME_SECONDS)
            self._held = (Outcome(Turn(UNCLEAR, at=at), piece.hypothesis), wait)

    def _turn(self, meaning: Meaning, piece: Piece, at: float) -> Turn:
        assert meaning.intent is not None
        assert piece.hypothesis is not None
        opens = meaning.intent in CONSENT and self._early_until > STARTED_EARLY_FRAMES
        may_open = self._listen.consent or opens
        early = self._over or (may_open and self._voiced_from < self._early_until)
        clean = piece.final and vouched(piece.hypothesis, self._listen.state)
        word, also = meaning.word, meaning.also
        return Turn(meaning.intent, at=at, while_speaking=early, clean=clean, word=word, also=also)

    def _command(self, quiet: float) -> Outcome | None:
        """What was held counts once its grace has passed in quiet."""
        if self._held is None or round(quiet / FRAME_SECONDS) < self._held[1]:
            return None
        outcome, _ = self._held
        self._held = None
        return outcome

    def _patience(self, quiet: float, at: float) -> Outcome | None:
        if self._over or self._pieces.now is not None or self._held is not None:
            return None
        if self._segmenter.speaking or self._segmenter.stirring or self._frozen:
            return None
        listen, end = self._listen, self._rule.end
        if end is not None and self._spoke and quiet >= end * listen.scale:
            return Outcome(Turn(SPEECH_END, at=at))
        if self._rung < len(listen.patience) and quiet >= listen.patience[self._rung]:
            self._rung += 1
            return Outcome(Turn(SILENCE, at=at, rung=self._rung - 1))
        return None
