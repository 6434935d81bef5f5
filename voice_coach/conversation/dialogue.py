"""The conversation: one outcome of listening in, a list of cues out.

It decides what is said, asked and listened for, and nothing else: no sound, no clock, no randomness but
the order passed in. Everything it knows of a session is its memory, flags without words.
"""

from __future__ import annotations

from collections.abc import Iterable

from voice_coach.conversation import answers, consent
from voice_coach.conversation.ahead import expected
from voice_coach.conversation.commands import ADJUSTING, FASTEST, SLOWEST, STAYING
from voice_coach.conversation.cues import (
    AUTO,
    FEELING,
    SILENCE,
    SPEECH_END,
    UNCLEAR,
    Chime,
    Cue,
    End,
    Listen,
    Next,
    NoteCue,
    Say,
    Turn,
    Wait,
)
from voice_coach.conversation.keeping import CLAIMING, WISHES, asked_of_notes, said_when_not_done
from voice_coach.conversation.ladder import NO_REPROMPT, NOBODYS_NO, TALK_TURNS, turn_name
from voice_coach.conversation.lines import said_on_the_way, said_when_staying
from voice_coach.conversation.listening import listening, look_at_the_time, scale
from voice_coach.conversation.machine import Session, rules_of
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.patience import on_silence, on_unclear
from voice_coach.conversation.preset import MIC_TROUBLE_AFTER, NO_ANSWER_SECONDS, Preset
from voice_coach.conversation.prompts import Order, PromptBook, in_file_order
from voice_coach.conversation.protected import CHALLENGE_OFFERS, ENDINGS, EXPLORE_CARDS, LAST_WORDS
from voice_coach.conversation.targets import STAYING_MOVES, reopening
from voice_coach.packs.models import Pack, State


class Conversation:
    """One session's conversation over one pack."""

    def __init__(self, pack: Pack, preset: Preset | None = None, order: Order = in_file_order) -> None:
        self.pack = pack
        self.preset = preset or Preset()
        self.book = PromptBook(pack, order)
        self._rules = rules_of(pack)
        memory = self.preset.memory()
        memory.state = "WELCOME"
        self._session = Session(memory, self.book.usage)
        self._pace = self.preset.pace
        self._said_once: frozenset[str] = frozenset()
        self._last: tuple[Say, ...] = ()

    # -- what others may read ---------------------------------------------------------------------------

    @property
    def memory(self) -> Memory:
        """The facts of the session (tests set it to walk)."""
        return self._session.memory

    @memory.setter
    def memory(self, memory: Memory) -> None:
        self._session.memory = memory

    @property
    def state(self) -> State | None:
        """The state we are in; None once it has ended."""
        return self.pack.states.get(self.memory.state)

    @property
    def scale(self) -> float:
        """How many times longer than usual it waits now."""
        return scale(self.memory, self.preset, self._pace)

    def upcoming(self) -> list[Say]:
        """What may be said next from here, likeliest first: to be rendered while the person talks."""
        return expected(self)

    def twin(self) -> Conversation:
        """An independent copy at the same place: what happens to it does not happen here."""
        other = object.__new__(Conversation)
        other.__dict__.update(self.__dict__)
        other.book = self.book.twin()
        other._session = Session(self.memory.copy(), other.book.usage)
        return other

    # -- what happens -----------------------------------------------------------------------------------

    def begin(self) -> list[Cue]:
        """The first words of the session."""
        return self._enter("", AUTO)

    def spoken(self, say: Say) -> None:
        """A Say was heard to its end (not cut off)."""
        answers.heard_in_full(self.memory, say.state, say.id)

    def not_done(self, asked: NoteCue, waiting: Iterable[Cue]) -> list[Cue]:
        """What was asked of the notes could not be done: what to do instead of all that waits.

        Where it was asked, that is said in place of the prompt, now and again; where the conversation has
        moved on meanwhile, before all else. After hush nothing is said.
        """
        self.memory.note_kept = False
        state = self.state
        if state is None:
            return list(waiting)
        said = self.say(said_when_not_done(self.book, asked, state, self.memory))
        if state.name in CLAIMING:
            self._last = tuple(cue for cue in said if isinstance(cue, Say))
            return [*said, Next(state.name)]
        return [*said, *waiting]

    def hear(self, turn: Turn) -> list[Cue]:
        """Take one outcome of listening; returns what to do now, in order. [] goes on as before."""
        memory, state = self.memory, self.state
        if state is None:
            return []
        facts: list[Cue] = [*consent.expire(memory, turn.at)]
        look_at_the_time(memory, self.preset, turn.at)
        intent = turn.intent
        if _is_let_go(state, turn, memory) or answers.misheard_often(memory, intent):
            return facts
        if consent.doubtful(state.name, turn, memory):
            if turn.by == "key":
                memory.armed_at = turn.at
                return [*facts, Chime("tick")]
            intent = UNCLEAR
        if state.listen == "none" and intent in {SILENCE, UNCLEAR}:
            return facts  # Reported for a turn that is over: here nobody is listened to.
        if intent == SILENCE:
            return [*facts, *on_silence(self, state, turn)]
        if intent == UNCLEAR:
            return [*facts, *on_unclear(self, state, turn)]
        if self.rests(state, intent):
            return [*facts, *self.rest(state)]
        if intent in WISHES and not memory.notes_on and state.group != "crisis":
            return [*facts, *self._stay(state, intent)]
        if intent in STAYING and (intent == "REPEAT" or intent not in state.go):
            return [*facts, *self._stay(state, intent)]
        return [*facts, *self.move(state, intent, turn)]

    # -- moving -----------------------------------------------------------------------------------------

    def move(self, state: State, intent: str, turn: Turn) -> list[Cue]:
        """Take an answer or a command that may lead elsewhere."""
        memory, live = self.memory, self._rules.edges[state.name]
        wanted = SPEECH_END if intent == FEELING and FEELING not in live else intent
        if wanted == SPEECH_END and SPEECH_END not in live:
            wanted = "DONE"
        if wanted not in live:
            talk = state.listen == "none" or turn_name(state, memory.waiting) in TALK_TURNS
            return [] if talk else on_unclear(self, state, turn)
        locked = wanted == "REOPEN" and wanted not in state.go and reopening(memory) != "REOPEN_GATE"
        given = Turn(wanted, turn.by, turn.at, turn.while_speaking, also=turn.also)
        facts = self._rules.walker.fire(self._session, given)
        stays = memory.state == state.name and live[wanted] in STAYING_MOVES
        if stays:
            return [*facts, *self._stayed(state, wanted)]
        if turn.intent == FEELING and state.echo is not None:
            said = self.book.echo(state, turn.word)
        else:
            said = said_on_the_way(self.book, state, memory, wanted, locked=locked)
        return [*facts, *self.say(said), *self._enter(state.name, wanted)]

    def _stayed(self, state: State, intent: str) -> list[Cue]:
        """A move that leads nowhere from here: say so, and go on where we are."""
        line = self.say(said_when_staying(self.book, state, self.memory, intent))
        if state.listen == "none" or intent == "WRONG":
            return [*line, *self._again()]
        return [*line, self.listen(state)]

    def _enter(self, before: str, intent: str) -> list[Cue]:
        """Say what the state we are in now says, and listen as it listens."""
        memory = self.memory
        if memory.state in ENDINGS:
            hushed = memory.state == "HUSHED"
            why = "hushed" if hushed else _WHY.get(before, "stopped")
            return [*asked_of_notes(memory.state, before), End(why, silent=hushed)]
        state = self.pack.states[memory.state]
        cues: list[Cue] = []
        if state.name in {"PAUSED", "STOPPED"} or (state.name == "CR_BYE" and intent == "STOP"):
            cues.append(Chime("paused"))
        if before == NOBODYS_NO and state.name == "T_NOT_NOW":
            cues.append(Wait(NO_ANSWER_SECONDS * self.scale))
        cues += asked_of_notes(state.name, before)
        cues += self._first_said(state)
        self._last = tuple(self._prompts(state, before, intent))
        for prompt in self._last:
            self.book.note(prompt)
        return [*cues, *self._last, Next(state.name) if state.listen == "none" else self.listen(state)]

    def _prompts(self, state: State, before: str, intent: str) -> list[Say]:
        """What is said on entering this state; said again word for word on "again"."""
        memory = self.memory
        if state.name == "CR_CHECK" and memory.asked_sure:
            says = [self.book.line("CHECK_SURE", state, memory)]
        else:
            again = state.name in CHALLENGE_OFFERS and memory.person.harder in {"once", "twice"}
            says = [self.book.prompt(state, memory, again=again, stopped=intent == "STOP")]
        if state.name == "CR_MEDICAL" and memory.numbers_for == "poison":
            says.append(self.book.line("POISONS", state, memory))
        elif state.name == "T_INTRO":
            says.append(self.book.line("FACTS_AGAIN", state, memory))
        if state.name in EXPLORE_CARDS and memory.walking and self.preset.patience:
            memory.waiting = "stretch"
            says.append(self.book.line("WALK_STRETCH", state, memory))
        return [say for say in says if say is not None and say.text]

    def _first_said(self, state: State) -> list[Cue]:
        """What is said once a session, before the prompt it matters for."""
        memory, once = self.memory, []
        if memory.unhurried and memory.walking and state.group not in _BEFORE_WALKING:
            once.append("WALK_CARE")
        trouble = memory.defaults >= MIC_TROUBLE_AFTER and state.name not in LAST_WORDS
        if trouble and state.group != "crisis":
            once.append("MIC_TROUBLE")
        cues: list[Cue] = []
        for name in once:
            if name not in self._said_once:
                self._said_once |= {name}
                cues += self.say(self.book.line(name, state, memory, stance="listen"))
        return cues

    # -- staying ----------------------------------------------------------------------------------------

    def _stay(self, state: State, intent: str) -> list[Cue]:
        """A command that changes nothing but what is said next."""
        memory = self.memory
        memory.rung = 0
        cues: list[Cue] = []
        name = STAYING.get(intent, "NO_VOICE_NOTES")
        if intent == "REPEAT":
            return self._again()
        line = None
        if intent == "HELP":
            memory.helped = min(memory.helped + 1, 2)
            if memory.helped == 2:
                cues += consent.clear(memory)
            line = self.book.aside("help", state.help, state, memory) if memory.helped == 1 else None
        elif intent in ADJUSTING:
            adjust = ADJUSTING[intent]
            if adjust.what == "pace":
                wanted = self._pace + adjust.step
                self._pace = max(SLOWEST, min(FASTEST, wanted))
                name = name if self._pace == wanted else "PACE_LIMIT"
            if name != "PACE_LIMIT":
                cues.append(adjust)
        line = line or self.book.line(name, state, memory)
        follow = self._again() if state.listen == "none" else [self.listen(state)]
        return [*cues, *self.say(line), *follow]

    def _again(self) -> list[Cue]:
        """The last prompt, word for word (I-29)."""
        state = self.pack.states[self.memory.state]
        return [*self._last, Next(state.name) if state.listen == "none" else self.listen(state)]

    def rests(self, state: State, intent: str) -> bool:
        """Whether this is the wish for a quiet minute, or for it to go on."""
        if state.name != "EASE" or intent not in {"REST", "DEFAULT"}:
            return False
        return intent == "REST" or (not self.memory.eased and self.memory.waiting == "")

    def rest(self, state: State) -> list[Cue]:
        """A quiet minute: nothing is asked, a few words still count."""
        self.memory.waiting = "rest"
        self.memory.rung = 0
        said = self.book.aside("silence", state.silence, state, self.memory)
        return [*self.say(said), self.listen(state)]

    # -- small parts ------------------------------------------------------------------------------------

    def say(self, say: Say | None) -> list[Cue]:
        """A line as a cue, counted as used; nothing where there are no words."""
        if say is None or not say.text:
            return []
        self.book.note(say)
        return [say]

    def listen(self, state: State) -> Listen:
        """Listen in this state, from the step of patience already reached."""
        return listening(state, self.memory, self.preset, self._pace)


def _is_let_go(state: State, turn: Turn, memory: Memory) -> bool:
    """Heard over the coach, it may stop or calm; a wish is said once to be unclear; no more (I-08)."""
    if not turn.while_speaking or turn.by != "voice" or turn.intent in consent.INTERRUPTING:
        return False
    asked_again = state.name in NO_REPROMPT or memory.unclear > 0
    return asked_again or not consent.is_wish(state.name, turn.intent)


_BEFORE_WALKING = frozenset({"arrive", "global", "crisis", "remind"})
"""Groups in which nobody is walking along yet, or something else matters more."""
_WHY = {
    "STOPPED": "stopped",
    "NOT_STARTED": "not started",
    "GOODBYE": "finished",
    "T_NOT_NOW": "not now",
    "CR_BYE": "finished",
}
