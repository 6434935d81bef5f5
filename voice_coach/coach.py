"""One session: joins microphone, hearing, understanding, conversation, voice and speaker.

Everything that happens is an event on one queue, and this loop alone decides. It consumes 20 ms frames and
knows no other clock. It writes nothing, keeps no sound and no word.
"""

from __future__ import annotations

import math
import queue
from collections import deque
from dataclasses import dataclass
from typing import Any

from voice_coach.audio.earcons import earcon
from voice_coach.audio.ports import (
    FRAME_SECONDS,
    SPEAKING_RATE,
    DeviceLost,
    FrameArrived,
    Microphone,
    Pcm,
    PlaybackEnded,
    Speaker,
)
from voice_coach.conversation.cues import AUTO, Adjust, Chime, Consent, Cue, End, Listen, Next, Say, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.errors import RunError, SetupError
from voice_coach.events import EventLog
from voice_coach.hearing.messages import GrammarUsed, HearingFailed, HearingReady, Recognized
from voice_coach.hearing.process import HearingProcess
from voice_coach.hearing.recognizer import Grammar
from voice_coach.mouth import Mouth, Said
from voice_coach.speaking.speech import Rendered, VoiceLost
from voice_coach.turns.listener import Listener, Outcome
from voice_coach.turns.rules import SETTLE_CONSENT_SECONDS, SETTLE_SECONDS, TALK
from voice_coach.understanding.table import PhraseTable

LIVE_PATIENCE_SECONDS = 2.0
"""A live microphone that brings nothing for so long is lost (PortAudio does not say so by itself)."""
WORKER_PATIENCE_SECONDS = 60.0
OPEN_NOTE_FRAMES = math.ceil(earcon("open").size / SPEAKING_RATE / FRAME_SECONDS)
"""The open note ends just before the microphone opens: whoever answers the note is heard whole."""
EARCON_SETTLE_FRAMES = 6
"""Deaf for 0.12 s after the open note: its echo is no speech."""


@dataclass(frozen=True)
class KeyPressed:
    """A key, tap or button that means an intent."""

    intent: str


@dataclass(frozen=True)
class Parts:
    """What a session is made of; session.py makes them."""

    conversation: Conversation
    microphone: Microphone
    speaker: Speaker
    mouth: Mouth
    hearing: HearingProcess
    listener: Listener
    log: EventLog
    events: queue.SimpleQueue[Any]
    """The one queue that all of them put on."""


class Coach:
    """A session from its first word to its end."""

    def __init__(self, parts: Parts, *, headphones: bool = False) -> None:
        """`headphones`: the coach's voice does not reach the microphone, so it may be interrupted."""
        self._conversation, self._log, self._events = parts.conversation, parts.log, parts.events
        self._microphone, self._speaker, self._mouth = parts.microphone, parts.speaker, parts.mouth
        self._hearing, self._listener = parts.hearing, parts.listener
        self._headphones = headphones
        self._frame = 0
        self._todo: deque[Cue] = deque()
        self._opening: Listen | None = None
        self._open_at = 0
        self._note_at: int | None = None
        self._over = False
        self._hearing_ready = False
        self._grammar_wanted = ""
        self._grammar_used = ""
        self._state = ""
        self._dropped: dict[str, dict[str, list[str]]] = {}
        """State -> phrases its recogniser could not take, until the log has been told once."""
        self._tables: dict[tuple[str, bool], PhraseTable] = {}

    # -- the loop ---------------------------------------------------------------------------------------

    def run(self, until: float | None = None) -> None:
        """Hold the whole session, at most `until` seconds of audio. Raises RunError when a device is lost."""
        try:
            self._perform(self._conversation.begin())
            while not self._over:
                self._take(self._next_event())
                if until is not None and self._at > until:
                    self._end("gave up")
        except KeyboardInterrupt:
            self._end("interrupted")

    def _next_event(self) -> Any:
        """The next thing on the queue; where time is not live, let a frame pass when nothing waits."""
        if self._microphone.live:
            try:
                return self._events.get(timeout=LIVE_PATIENCE_SECONDS)
            except queue.Empty:
                return DeviceLost("microphone", "no sound has come from it for two seconds")
        while self._events.empty():
            if self._awaits_worker():
                return self._events.get(timeout=WORKER_PATIENCE_SECONDS)
            self._speaker.tick()
            self._events.put(FrameArrived(self._microphone.read()))
        return self._events.get()

    def _awaits_worker(self) -> bool:
        """Whether a helper process owes something that would already be there in real time."""
        if self._mouth.awaits_render or self._listener.awaits:
            return True
        wants_ears = self._opening is not None and self._frame >= self._open_at
        return wants_ears and (not self._hearing_ready or self._grammar_used != self._grammar_wanted)

    def _take(self, event: Any) -> None:
        match event:
            case FrameArrived(samples):
                self._on_frame(samples)
            case PlaybackEnded():
                self._on_said(self._mouth.playback_ended(event, self._frame))
            case Rendered():
                self._mouth.rendered(event, self._frame)
            case Recognized(request, hypothesis):
                self._on_outcomes(self._listener.recognized(request, hypothesis, self._at))
            case KeyPressed(intent):
                self._on_key(intent)
            case HearingReady():
                self._hearing_ready = True
            case GrammarUsed(report, name):
                self._grammar_used = name
                if report.dropped:
                    self._dropped[name] = {phrase: list(words) for phrase, words in report.dropped.items()}
            case HearingFailed(sentence):
                self._hearing_ready = True
                self._grammar_used = self._grammar_wanted
                self._log.emit(self._frame, "trouble", text=sentence)
            case VoiceLost(reason):
                if not self._mouth.has_spoken:
                    raise SetupError(reason)
                self._log.emit(self._frame, "trouble", text=reason)
            case DeviceLost(which, reason):
                raise RunError(
                    f"The {which} was lost ({reason}); plug it in again and start again.", notice="MIC_LOST"
                )
        self._mouth.advance(self._frame)

    @property
    def _at(self) -> float:
        return self._frame * FRAME_SECONDS

    # -- time -------------------------------------------------------------------------------------------

    def _on_frame(self, samples: Pcm) -> None:
        if self._microphone.live and not self._speaker.live:
            self._speaker.tick()
        self._frame += 1
        if self._listener.is_open:
            self._on_outcomes(self._listener.frame(samples, self._at))
        if self._opening is None or not self._mouth.idle:
            return
        if self._note_at is not None and self._frame >= self._note_at:
            self._note_at = None
            self._mouth.chime("open", self._frame)
        elif self._frame >= self._open_at:
            self._open(self._opening)

    # -- hearing ----------------------------------------------------------------------------------------

    def _on_outcomes(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if not self._listener.is_open:
                return
            self._log_outcome(outcome)
            self._respond(outcome.turn)

    def _log_outcome(self, outcome: Outcome) -> None:
        turn, heard = outcome.turn, outcome.heard
        if turn.intent == "SILENCE":
            self._log.emit(self._frame, "silence", state=self._state, rung=turn.rung)
            return
        fields: dict[str, Any] = {
            "state": self._state,
            "intent": None if turn.intent == "UNCLEAR" else turn.intent,
            "confidence": round(heard.confidence, 3) if heard is not None else None,
            "turn": self._listener.turn,
        }
        if self._listener.consents:
            fields["clean"] = turn.clean and not turn.while_speaking
        if self._log.words and heard is not None:
            fields["words"] = heard.text
        self._log.emit(self._frame, "heard", **fields)

    def _respond(self, turn: Turn) -> None:
        """Let the conversation answer one outcome; no cues means that things go on as they are."""
        cues = self._conversation.hear(turn)
        if all(isinstance(cue, Chime | Consent) for cue in cues):
            if not turn.while_speaking:
                self._beside(cues)
            return
        if self._mouth.speaking:
            self._mouth.cut(self._frame)
        elif self._listener.is_open and not any(isinstance(cue, End) and cue.silent for cue in cues):
            self._mouth.close_note(self._frame)
        self._listener.end()
        self._opening = None
        self._todo.clear()
        self._perform(cues)

    def _beside(self, cues: list[Cue]) -> None:
        """Chimes and facts that do not end the turn."""
        for cue in cues:
            if isinstance(cue, Chime) and self._mouth.idle:
                self._mouth.chime(cue.name, self._frame)
            elif isinstance(cue, Consent):
                self._log_consent(cue)

    def note_said(self, words: str) -> None:
        """A simulated person begins to speak: for the log of a rehearsal."""
        self._log.emit(self._frame, "said", text=words)

    def _on_key(self, intent: str) -> None:
        speaking = self._mouth.speaking
        self._log.emit(self._frame, "key", state=self._state, intent=intent)
        self._respond(Turn(intent, by="key", at=self._at, while_speaking=speaking))

    # -- carrying out cues ------------------------------------------------------------------------------

    def _perform(self, cues: list[Cue]) -> None:
        self._todo.extend(cues)
        self._log_state()
        for cue in cues:
            if isinstance(cue, Listen):
                self._use_grammar(cue.state, over=False, verify=cue.consent or cue.turn in TALK)
        self._proceed()

    def _proceed(self) -> None:
        """Carry out cues until one needs time."""
        while self._todo and self._mouth.idle and not self._over:
            cue = self._todo.popleft()
            match cue:
                case Say():
                    self._mouth.say(cue, self._frame)
                    if self._headphones:
                        self._listen_over(cue)
                case Chime(name):
                    self._mouth.chime(name, self._frame)
                case Adjust(what, step):
                    self._mouth.adjust(what, step)
                case Consent():
                    self._log_consent(cue)
                case Listen():
                    self._prepare_to_listen(cue)
                case Next():
                    self._perform(self._conversation.hear(Turn(AUTO, at=self._at)))
                case End(why):
                    self._end(why)

    def _on_said(self, said: Said | None) -> None:
        if said is None:
            return
        if said.say is not None and not said.cut:
            self._conversation.spoken(said.say)
        if said.say is None and self._opening is not None:
            self._open_at = max(self._open_at, self._frame + EARCON_SETTLE_FRAMES)
        self._proceed()

    def _prepare_to_listen(self, listen: Listen) -> None:
        """The microphone opens after the settle time; the open note is played within it."""
        self._listener.end()
        settle = SETTLE_CONSENT_SECONDS if listen.consent else SETTLE_SECONDS
        self._opening = listen
        self._open_at = self._frame + round(settle / FRAME_SECONDS)
        self._note_at = self._open_at - OPEN_NOTE_FRAMES - EARCON_SETTLE_FRAMES

    def _open(self, listen: Listen) -> None:
        self._opening = None
        self._log.emit(self._frame, "listen", state=listen.state, turn=listen.turn)
        if listen.state in self._dropped:
            self._log.emit(
                self._frame, "dropped", state=listen.state, phrases=self._dropped.pop(listen.state)
            )
        self._listener.begin(listen, self._table(listen.state, over=False))
        self._mouth.prepare(self._conversation.upcoming())

    def _listen_over(self, say: Say) -> None:
        """Headphones: the coach's voice does not reach the microphone, so it may be interrupted."""
        if say.state not in self._conversation.pack.states:
            return
        self._use_grammar(say.state, over=True, verify=False)
        turn = Listen(say.state, "choice", ())
        self._listener.begin(turn, self._table(say.state, over=True), over=True)

    def _table(self, state: str, *, over: bool) -> PhraseTable:
        key = (state, over)
        if key not in self._tables:
            pack = self._conversation.pack
            make = PhraseTable.while_speaking if over else PhraseTable.for_state
            self._tables[key] = make(pack, state)
        return self._tables[key]

    def _use_grammar(self, state: str, *, over: bool, verify: bool) -> None:
        """`verify`: an answer may open something, or most speech here is talk: a second opinion is due."""
        table = self._table(state, over=over)
        name = f"{state} while speaking" if over else state
        if name == self._grammar_wanted:
            return
        self._grammar_wanted = name
        self._hearing.use(Grammar(name, table.phrases, table.decoys, verify))

    # -- the log ----------------------------------------------------------------------------------------

    def _log_state(self) -> None:
        state = self._conversation.state
        if state is not None and state.name != self._state:
            self._state = state.name
            self._log.emit(self._frame, "state", name=state.name, stance=state.stance)

    def _log_consent(self, fact: Consent) -> None:
        what = fact.what.replace("_", " ")
        self._log.emit(self._frame, "consent", state=self._state, what=what, person=fact.person)

    def _end(self, why: str) -> None:
        if not self._over:
            self._over = True
            self._listener.end()
            self._log.emit(self._frame, "end", why=why)
