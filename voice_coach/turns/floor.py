"""Who has the floor: carries out cues in order, one thing at a time, and lets a person talk over the coach.

In: cues of the conversation, frames, and news of what was heard or said. Out: prompts and earcons to the
mouth, turns to the listener. It never speaks while the person speaks, and decides nothing about the
conversation.
"""

from __future__ import annotations

from collections import deque

from voice_coach.audio.ports import FRAME_SECONDS, Pcm
from voice_coach.conversation.cues import (
    AUTO,
    SPEECH_END,
    Adjust,
    Chime,
    Consent,
    Cue,
    DropLastNote,
    End,
    FetchNote,
    ForgetNote,
    KeepNote,
    Listen,
    Next,
    NoteCue,
    Say,
    Turn,
    Wait,
    WipeNotes,
)
from voice_coach.conversation.dialogue import Conversation
from voice_coach.mouth import Mouth, Said
from voice_coach.notes.keeper import NoteKeeper
from voice_coach.notes.telling import TellNote, ahead
from voice_coach.turns.bells import Bells
from voice_coach.turns.grammars import Grammars
from voice_coach.turns.listener import Listener, Outcome
from voice_coach.turns.opening import Opening, Openness
from voice_coach.turns.record import Record
from voice_coach.turns.rules import HELD_REPLY_FRAMES, TALK


class Floor:
    """The speaking and listening of a session."""

    def __init__(
        self,
        conversation: Conversation,
        mouth: Mouth,
        listener: Listener,
        grammars: Grammars,
        *,
        record: Record,
        openness: Openness,
        notes: NoteKeeper,
    ) -> None:
        self.frame = 0
        """Frames of audio time since the session began."""
        self.over = False
        self.listen: Listen | None = None
        """How it listens now, or listened last."""
        self._conversation, self._mouth, self._listener = conversation, mouth, listener
        self._grammars, self._record, self._openness = grammars, record, openness
        self._notes = notes
        self._todo: deque[Cue | TellNote] = deque()
        self._opening: Opening | None = None
        self._may_hold = True
        self._held_frames = 0
        self._wait_until: int | None = None
        self._opened_at = 0
        self._bells = Bells()

    @property
    def at(self) -> float:
        """Seconds of audio time since the session began."""
        return self.frame * FRAME_SECONDS

    @property
    def listening(self) -> bool:
        """Whether the person has the floor, or is about to."""
        return not self._mouth.speaking and (self._listener.is_open or self._opening is not None)

    @property
    def awaits_worker(self) -> bool:
        """Whether a helper process owes something that would already be there in real time."""
        if self._mouth.awaits_render or self._listener.awaits or self._notes.awaits:
            return True
        wants_ears = self._opening is not None and self._opening.due(self.frame)
        return (wants_ears or self._listener.is_open) and not self._grammars.settled

    # -- time -------------------------------------------------------------------------------------------

    def hear(self, samples: Pcm) -> list[Outcome]:
        """Take the sound of a frame; returns what came of it."""
        if self._listener.is_open:
            if self._notes.frame(samples):
                return [Outcome(Turn(SPEECH_END, at=self.at))]
            return self._listener.frame(samples, self.at)
        if self._mouth.about_to_speak:
            self._listener.overhear(samples)
            self._held_frames += 1
        return []

    def tick(self) -> None:
        """After what was heard has been dealt with: fall silent, go on, or open the microphone."""
        if self._openness.hears and self._listener.is_open:
            self._yield_or_go_on()
        if not self._mouth.idle:
            return
        if self._wait_until is not None and self.frame >= self._wait_until:
            self._wait_until = None
            self._proceed()
        elif self._listener.is_open and self._bells.due(self.frame):
            self._mouth.chime("bell", self.frame)
        elif self._opening is not None:
            self._tick_opening(self._opening)

    def _tick_opening(self, opening: Opening) -> None:
        if opening.note_due(self.frame):
            self._mouth.chime("open", self.frame)
        elif opening.due(self.frame):
            self._opening = None
            self._listener.begin(opening.listen, self._grammars.table(opening.listen.state, over=False))
            self._opened(opening.listen)

    def advance(self) -> None:
        """Begin what is ready to be said, unless somebody has begun to speak since it was decided."""
        talking = self._mouth.about_to_speak and not self._listener.is_open and self._listener.overhears
        if not (talking and self._may_hold and self._held_frames < HELD_REPLY_FRAMES):
            self._mouth.advance(self.frame)

    # -- cues -------------------------------------------------------------------------------------------

    def take_over(self, cues: list[Cue], *, may_hold: bool = True) -> None:
        """Leave what is being said or heard, and do this instead. `may_hold`: it can wait for quiet.

        What the person decided and only waits for the last sound to end (a note, the end) is done first:
        the conversation has moved on from there and would not say so again.
        """
        if self._mouth.speaking:
            self._mouth.cut(self.frame)
        self._mouth.let_go()
        self._listener.end()
        self._opening = self._wait_until = None
        owed = [cue for cue in self._todo if isinstance(cue, NoteCue | Adjust | Consent | End)]
        self._todo.clear()
        self._may_hold, self._held_frames = may_hold, 0
        self.perform([*owed, *cues])

    def close_note(self) -> None:
        """The person's turn is over: say so before the next words."""
        if self._listener.is_open and not self._mouth.speaking:
            self._mouth.close_note(self.frame)

    def mention(self, say: Say) -> None:
        """Say a line beside the conversation, then go on where we are."""
        broken_off = self._mouth.broken_off
        if broken_off is not None:
            # What was listened for last is another question's: this one is put once more.
            self.take_over([say, *([broken_off] if broken_off.text else []), *self._taken()])
        elif self.listening and self.listen is not None:
            self.take_over([say, self.listen])
        else:
            self._todo.appendleft(say)

    def _taken(self) -> list[Cue]:
        """All that waits, which waits no longer."""
        waiting = [cue for cue in self._todo if not isinstance(cue, TellNote)]
        self._todo.clear()
        return waiting

    def perform(self, cues: list[Cue]) -> None:
        """Carry these out after what waits already."""
        self._todo.extend(cues)
        self._record.state(self.frame, self._conversation.state)
        for cue in cues:
            if isinstance(cue, Listen):
                self._use_grammar(cue)
        self._proceed()

    def beside(self, cues: list[Cue]) -> None:
        """Chimes and facts that do not end the turn."""
        for cue in cues:
            if isinstance(cue, Chime) and self._mouth.idle:
                self._mouth.chime(cue.name, self.frame)
            elif isinstance(cue, Consent):
                self._record.consent(self.frame, cue)

    def said(self, said: Said | None) -> None:
        """Something has been said to its end, or was cut."""
        if said is None:
            return
        if said.say is not None and not said.cut:
            self._conversation.spoken(said.say)
        if said.say is None and self._opening is not None:
            self._opening.note_heard(self.frame)
        self._proceed()

    def end(self, why: str) -> None:
        """The session is over."""
        if not self.over:
            self.over = True
            self._listener.end()
            self._notes.forget()
            self._record.end(self.frame, why)

    def _proceed(self) -> None:
        """Carry out cues until one needs time."""
        while self._todo and self._mouth.idle and self._wait_until is None and not self.over:
            self._carry_out(self._todo.popleft())

    def _carry_out(self, cue: Cue | TellNote) -> None:
        match cue:
            case Say():
                first, *rest = self._notes.told(cue)
                self._todo.extendleft(reversed(rest))
                self._say(first)
            case TellNote():
                self._say(cue)
            case Chime(name):
                self._mouth.chime(name, self.frame)
            case Adjust(what, step):
                self._mouth.adjust(what, step)
            case Consent():
                self._record.consent(self.frame, cue)
            case Listen():
                self._prepare_to_listen(cue)
            case Next():
                self.perform(self._conversation.hear(Turn(AUTO, at=self.at)))
            case Wait(seconds):
                self._wait_until = self._opened_at + round(seconds / FRAME_SECONDS)
            case KeepNote() | ForgetNote() | FetchNote() | WipeNotes() | DropLastNote():
                self._ask_of_notes(cue)
            case End(why):
                self.end(why)

    def _say(self, what: Say | TellNote) -> None:
        self._mouth.speak_up(self._listener.noise_floor)
        say = self._mouth.say(what, self.frame)
        if self._openness.hears:
            self._listen_over(say)

    def _ask_of_notes(self, cue: NoteCue) -> None:
        """Have it done; where it cannot be, that is said in place of the prompt."""
        done = self._notes.do(cue)
        memory = self._conversation.memory
        memory.notes_there, memory.more_notes = self._notes.there, self._notes.more
        self._record.note(self.frame, cue, self._notes.trouble if not done else "")
        if not done:
            self.perform(self._conversation.not_done(cue, self._taken()))

    # -- opening the microphone -------------------------------------------------------------------------

    def _prepare_to_listen(self, listen: Listen) -> None:
        """It opens after the settle time; at once where the coach's voice does not reach it."""
        self.listen = listen
        self._use_grammar(listen)
        if self._openness.headphones and not listen.consent and self._listener.is_open:
            self._listener.turn_over(listen, self._grammars.table(listen.state, over=False))
            self._mouth.chime("open", self.frame)
            self._opened(listen)
            return
        self._listener.end()
        self._opening = Opening(listen, self.frame)

    def _opened(self, listen: Listen) -> None:
        self._opened_at = self.frame
        self._notes.listening(listen.state)
        self._bells.begin(listen, self.frame)
        self._record.listen(self.frame, listen)
        self._record.dropped(self.frame, listen.state, self._grammars.dropped(listen.state))
        self._mouth.prepare(ahead(self._conversation.upcoming()))

    def _use_grammar(self, listen: Listen) -> None:
        verify = listen.consent or listen.turn in TALK
        self._grammars.use(listen.state, over=False, verify=verify)

    # -- talking over the coach -------------------------------------------------------------------------

    def _listen_over(self, say: Say) -> None:
        """Listen for a few words while this is said."""
        if say.state not in self._conversation.pack.states:
            return
        self._grammars.use(say.state, over=True, verify=False)
        turn = Listen(say.state, "choice", ())
        self._listener.begin(turn, self._grammars.table(say.state, over=True), over=True)

    def _yield_or_go_on(self) -> None:
        """Fall silent for somebody who talks; go on from the sentence's start where nothing came of it."""
        talks = self._openness.headphones and self._listener.talks_over
        if self._mouth.sounding_words and self._listener.asks_for_quiet:
            self._mouth.interrupt(self.frame)
        elif self._mouth.sounding_words and talks:
            self._mouth.interrupt(self.frame)
            if self._todo and isinstance(self._todo[0], Listen):
                listen = self._todo[0]
                self._use_grammar(listen)
                self._listener.turn_over(listen, self._grammars.table(listen.state, over=False))
        elif self._mouth.interrupted and self._listener.is_talk:
            self._mouth.let_go()
            talk = self._todo.popleft()
            assert isinstance(talk, Listen)
            self.listen = talk
            self._opened(talk)
        elif self._mouth.interrupted and self._listener.came_to_nothing:
            self._listen_over(self._mouth.resume(self.frame))
