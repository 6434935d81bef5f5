"""One session: joins microphone, hearing, understanding, conversation, voice and speaker.

Everything that happens is an event on one queue, and this loop alone decides. It consumes 20 ms frames and
knows no other clock. It writes nothing, keeps no sound and no word.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from voice_coach.audio.ports import DeviceLost, FrameArrived, Pcm, PlaybackEnded
from voice_coach.awake import Standstill
from voice_coach.conversation.cues import SILENCE, UNCLEAR, Chime, Consent, Cue, End, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.errors import RunError, SetupError
from voice_coach.events import EventLog
from voice_coach.hearing.messages import GrammarUsed, HearingFailed, HearingReady, Recognized, WrittenDown
from voice_coach.hearing.process import HearingProcess
from voice_coach.mouth import Mouth
from voice_coach.notes.keeper import SAYING, NoteKeeper
from voice_coach.speaking.speech import Rendered, VoiceLost, VoiceReplaced
from voice_coach.turns.devices import Change, Devices
from voice_coach.turns.floor import Floor
from voice_coach.turns.grammars import Grammars
from voice_coach.turns.listener import Listener, Outcome
from voice_coach.turns.opening import Openness
from voice_coach.turns.place import Place
from voice_coach.turns.record import Record
from voice_coach.understanding.table import OVER_OPEN_SPEAKERS, WHILE_SPEAKING

LIVE_PATIENCE_SECONDS = 1.5
"""A live microphone that brings nothing for so long is lost, should its own watch not have told; so is one
of a program that stood still for so long, whatever it brings then: that was heard by nobody."""
WORKER_PATIENCE_SECONDS = 60.0
"""Where time is not live, it stands still for so long for a process that owes something."""


@dataclass(frozen=True)
class KeyPressed:
    """A key, tap or button that means an intent."""

    intent: str


@dataclass(frozen=True)
class Parts:
    """What a session is made of; session.py makes them."""

    conversation: Conversation
    devices: Devices
    mouth: Mouth
    hearing: HearingProcess
    listener: Listener
    log: EventLog
    events: queue.SimpleQueue[Any]
    """The one queue that all of them put on."""
    notes: NoteKeeper = field(default_factory=NoteKeeper)
    unecho: Callable[[Pcm], Pcm] | None = None
    """Takes the coach's own voice out of what the microphone brings."""


class Coach:
    """A session from its first word to its end."""

    def __init__(self, parts: Parts, openness: Openness | None = None) -> None:
        """`openness`: what may be heard while the coach speaks; nothing by default."""
        self._conversation, self._log, self._events = parts.conversation, parts.log, parts.events
        self._devices, self._mouth, self._listener = parts.devices, parts.mouth, parts.listener
        self._hearing, self._notes = parts.hearing, parts.notes
        parts.conversation.memory.notes_there = parts.notes.there
        openness, self._unecho = openness or Openness(), parts.unecho
        over = OVER_OPEN_SPEAKERS if openness.echo_free else WHILE_SPEAKING
        self._grammars = Grammars(parts.conversation.pack, parts.hearing, over, either=openness.echo_free)
        self._record = Record(parts.log)
        self._place = Place(parts.conversation)
        self._watch: Callable[[Pcm], None] = lambda samples: None
        self._seen = self._noise_told = False
        self._standstill = Standstill(LIVE_PATIENCE_SECONDS)
        self._waiting: deque[Any] = deque()
        """Events taken off the queue already."""
        self._floor = Floor(
            parts.conversation,
            parts.mouth,
            parts.listener,
            self._grammars,
            record=self._record,
            openness=openness,
            notes=parts.notes,
        )

    # -- the loop ---------------------------------------------------------------------------------------

    def run(self, until: float | None = None) -> None:
        """Hold the whole session, at most `until` seconds of audio."""
        try:
            self._floor.perform(self._conversation.begin())
            self._standstill.begin_anew()
            while not self._floor.over:
                self._take(self._next_event())
                if until is not None and self._floor.at > until:
                    self._floor.end("gave up")
        except KeyboardInterrupt:
            self._floor.end("interrupted")

    def be_seen(self, watch: Callable[[Pcm], None]) -> None:
        """Every prompt is shown too: no voice is no reason to end. `watch` gets each frame listened to."""
        self._watch, self._seen = watch, True

    def confirm_wake(self) -> None:
        """Somebody called: a note says so at once, before the welcome."""
        self._mouth.chime("open", self._floor.frame)

    def note_said(self, words: str) -> None:
        """A simulated person begins to speak: for the log of a rehearsal, which holds no word of a note."""
        state = self._conversation.state
        is_a_note = state is not None and state.name == SAYING
        self._log.emit(self._floor.frame, "said", text="" if is_a_note else words)

    def _next_event(self) -> Any:
        """The next thing on the queue; where time is not live, let a frame pass when nothing waits."""
        if self._devices.microphone.live:
            return self._next_live_event()
        while self._events.empty():
            if self._floor.awaits_worker:
                return self._await_worker()
            self._devices.speaker.tick()
            self._events.put(FrameArrived(self._devices.microphone.read()))
        return self._events.get()

    def _await_worker(self) -> Any:
        until = time.monotonic() + WORKER_PATIENCE_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(queue.Empty):
                return self._events.get(timeout=1.0)
            self._hearing.watch()
        raise RunError(
            f"The recogniser or the voice has answered nothing for {WORKER_PATIENCE_SECONDS:.0f} seconds, so "
            "this cannot go on: try again when the machine has less to do, or run `voice-coach doctor`."
        )

    def _next_live_event(self) -> Any:
        """Whatever came while the program stood still waits until it is known that it did."""
        if self._waiting:
            return self._waiting.popleft()
        try:
            event = self._events.get(timeout=LIVE_PATIENCE_SECONDS)
        except queue.Empty:
            self._standstill.look()
            return DeviceLost("microphone", "no sound has come from it for some time")
        if self._standstill.look():
            self._waiting.append(event)
            return DeviceLost("microphone", "everything stood still for some time")
        return event

    def _take(self, event: Any) -> None:
        frame = self._floor.frame
        match event:
            case FrameArrived(samples):
                self._on_frame(samples)
            case PlaybackEnded():
                self._floor.said(self._mouth.playback_ended(event, frame))
            case Rendered():
                self._mouth.rendered(event, frame)
            case Recognized(request, hypothesis):
                self._on_outcomes(self._listener.recognized(request, hypothesis, self._floor.at))
            case WrittenDown(request, text):
                self._go_on(self._notes.dictated(request, text, self._grammars.table("NOTE_SAY", over=False)))
            case KeyPressed(intent):
                self._on_key(intent)
            case HearingReady():
                self._grammars.ready = True
            case GrammarUsed():
                self._grammars.used(event)
            case HearingFailed(sentence):
                self._on_hearing_lost(sentence)
            case VoiceReplaced(reason):
                self._record.trouble(self._floor.frame, reason)
            case VoiceLost(reason):
                self._on_voice_lost(reason)
            case DeviceLost(which, reason):
                self._on_device_lost(which, reason)
        self._floor.advance()

    def _on_frame(self, samples: Pcm) -> None:
        if self._devices.microphone.live and not self._devices.speaker.live:
            self._devices.speaker.tick()
        self._floor.frame += 1
        self._hearing.watch()
        for change in self._devices.frame(samples, quiet=self._mouth.idle):
            self._on_device_change(change)
        self._use_speaker()
        if self._listener.is_open:
            self._watch(samples)
        if self._unecho is not None:
            samples = self._unecho(samples)
        self._on_outcomes(self._floor.hear(samples))
        self._floor.tick()

    # -- what the person says and presses ---------------------------------------------------------------

    def _on_outcomes(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if not self._listener.is_open:
                return
            self._record.outcome(self._floor.frame, outcome, self._listener, words=self._log.words)
            if outcome.turn.intent == SILENCE and self._devices.brings_nothing:
                self._mention("MIC_MUTED")
                return
            if outcome.turn.intent == UNCLEAR and self._listener.too_noisy and not self._noise_told:
                self._noise_told = True
                self._mention("CANNOT_HEAR")
                return
            self._respond(outcome.turn)

    def _on_key(self, intent: str) -> None:
        self._record.key(self._floor.frame, intent)
        self._respond(Turn(intent, by="key", at=self._floor.at, while_speaking=self._mouth.speaking))

    def _respond(self, turn: Turn) -> None:
        """Let the conversation answer one outcome, once a note that it ends is there."""
        state = self._conversation.memory.state
        self._notes.answered(state, turn)
        held = self._notes.ends(state, turn)
        if held is None:
            self._floor.close_note()
            self._floor.take_over([])
        self._go_on(held)

    def _go_on(self, turn: Turn | None) -> None:
        """Take an answer; no cues means that things go on as they are."""
        if turn is None:
            return
        cues: list[Cue] = self._conversation.hear(turn)
        self._place.follow()
        if all(isinstance(cue, Chime | Consent) for cue in cues):
            if not turn.while_speaking:
                self._floor.beside(cues)
            return
        if not any(isinstance(cue, End) and cue.silent for cue in cues):
            self._floor.close_note()
        self._floor.take_over(cues, may_hold=turn.by != "key")

    # -- devices, ears and voice that fail --------------------------------------------------------------

    def _on_device_lost(self, which: str, reason: str) -> None:
        if not self._devices.replaceable:
            raise RunError(f"The {which} was lost ({reason}); plug it in again and start again.")
        if not self._devices.lose(which):
            return
        if which == "microphone":
            self._forget_sound()
        self._record.device(self._floor.frame, which, "lost", reason)
        self._use_speaker()
        self._floor.take_over(self._place.hold(which, self._floor.at))

    def _forget_sound(self) -> None:
        """What a lost microphone brought and nobody listened to yet is no answer, and no time that passed."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._waiting.append(self._events.get_nowait())
        self._waiting = deque(event for event in self._waiting if not isinstance(event, FrameArrived))

    def _on_device_change(self, change: Change) -> None:
        which, what = change.split()
        self._record.device(self._floor.frame, which, what)
        self._use_speaker()
        if what == "muted":
            cues = self._place.hold("muted", self._floor.at)
        else:
            cues = self._place.back("muted" if what == "sounding" else which, self._floor.at)
        self._floor.take_over(cues)

    def _use_speaker(self) -> None:
        """Speak through what stands for the speaker now; what sounded on another one is over."""
        ready = not self._devices.reopens_speaker
        self._mouth.use(self._devices.speaker, self._floor.frame, ready=ready)

    def _on_hearing_lost(self, sentence: str) -> None:
        self._grammars.lost()
        self._record.trouble(self._floor.frame, sentence)
        self._mention("HEARING_LOST")

    def _on_voice_lost(self, reason: str) -> None:
        if not self._mouth.has_spoken and not self._seen:
            raise SetupError(reason)
        self._record.trouble(self._floor.frame, reason)
        self._mention("SPEAKER_LOST")

    def _mention(self, line: str) -> None:
        """Say a line beside the conversation, then go on where we are."""
        say = self._place.line(line)
        if say is not None and not self._floor.over:
            self._floor.mention(say)
