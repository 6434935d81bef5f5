"""The conversation: one outcome of listening in, a list of cues out.

It decides what is said, asked and listened for, and nothing else: no sound, no clock, no randomness but
the order passed in. Everything it knows of a session is its memory, flags without words.
"""

from __future__ import annotations

from voice_coach.conversation import answers, consent
from voice_coach.conversation.commands import STAYING, staying_line
from voice_coach.conversation.cues import (
    AUTO,
    FEELING,
    SILENCE,
    SPEECH_END,
    UNCLEAR,
    Adjust,
    Chime,
    Cue,
    End,
    ForgetNote,
    KeepNote,
    Listen,
    Next,
    Say,
    Turn,
)
from voice_coach.conversation.ladder import (
    LINES_A_TURN,
    NO_REPROMPT,
    TALK_TURNS,
    ladder,
    turn_name,
)
from voice_coach.conversation.lines import said_on_the_way, said_when_staying
from voice_coach.conversation.machine import Walker
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.preset import BUDGET_SECONDS, LATE_SECONDS, MIC_TROUBLE_AFTER, PACES, Preset
from voice_coach.conversation.prompts import Order, PromptBook, in_file_order
from voice_coach.conversation.protected import CHALLENGE_GATES, CHALLENGE_OFFERS, ENDINGS
from voice_coach.conversation.targets import LAST_WORDS, candidates, edges, reopening
from voice_coach.packs.models import Pack, State


class Conversation:
    """One session's conversation over one pack."""

    def __init__(self, pack: Pack, preset: Preset | None = None, order: Order = in_file_order) -> None:
        self.pack = pack
        self.preset = preset or Preset()
        self.book = PromptBook(pack, order)
        memory = Memory(mode=self.preset.mode, notes_on=self.preset.notes_on)
        memory.length = self.preset.length  # type: ignore[assignment]
        self._walker = Walker(pack, memory, self.book.usage)
        self._pace = 0
        self._trouble_said = False
        self._last: list[Say] = []

    # -- what others may read ---------------------------------------------------------------------------

    @property
    def memory(self) -> Memory:
        """The facts of the session (tests set it to walk)."""
        return self._walker.memory

    @memory.setter
    def memory(self, memory: Memory) -> None:
        self._walker.memory = memory

    @property
    def state(self) -> State | None:
        """The state we are in; None once it has ended."""
        return self.pack.states.get(self.memory.state)

    @property
    def scale(self) -> float:
        """How many times longer than usual it waits now."""
        walking = 2.0 if self.memory.length == "walking" or self.memory.quiet else 1.0
        return walking * PACES[self._pace + 2] * (self.preset.patience or 1.0)

    def upcoming(self) -> list[Say]:
        """What may be said next from here, likeliest first: to be rendered while the person talks."""
        state = self.state
        if state is None:
            return []
        says: list[Say | None] = []
        for target in dict.fromkeys(edges(self.pack, state)[intent] for intent in state.go):
            for name in candidates(self.pack, target, state.name):
                if name in self.pack.states:
                    says.append(self.book.prompt(self.pack.states[name], self.memory))
        says += [self.book.aside(kind, getattr(state, kind), state, self.memory) for kind in _ASIDES]
        says += [self.book.prompt(self.pack.states[name], self.memory) for name in ("STOPPED", "PAUSED")]
        says += [self.book.line(name, state, self.memory) for name in ("SKIPPED", "WITHDRAWN", "DEFAULTED")]
        return [say for say in says if say is not None and say.text]

    # -- what happens -----------------------------------------------------------------------------------

    def begin(self) -> list[Cue]:
        """The first words of the session."""
        return self._enter("", AUTO)

    def spoken(self, say: Say) -> None:
        """A Say was heard to its end (not cut off)."""
        answers.heard_in_full(self.memory, say.state, say.id)

    def hear(self, turn: Turn) -> list[Cue]:
        """Take one outcome of listening; returns what to do now, in order. [] goes on as before."""
        memory, state = self.memory, self.state
        if state is None:
            return []
        cues: list[Cue] = [*consent.expire(memory, turn.at)]
        memory.late = self._is_late(turn.at)
        intent = turn.intent
        if turn.while_speaking and turn.by == "voice":
            wish = intent in consent.OPENING and consent.is_wish(state.name, intent)
            if intent not in consent.INTERRUPTING and not wish:
                return cues
        if consent.doubtful(state.name, turn, memory):
            if turn.by == "key":
                memory.armed_at = turn.at
                return [*cues, Chime("tick")]
            intent = UNCLEAR
        if intent == SILENCE:
            return cues + self._silence(state, turn)
        if intent == UNCLEAR:
            return cues + self._unclear(state, turn)
        if state.name == "EASE" and intent in {"REST", "DEFAULT", "SKIP"} and not memory.resting:
            return cues + self._rest(state)
        if intent in STAYING and intent not in state.go:
            return cues + self._stay(state, intent)
        return cues + self._move(state, intent, turn)

    def _is_late(self, at: float) -> bool:
        if self.preset.patience == 0:
            return False
        return at > BUDGET_SECONDS[self.memory.length] * self.scale - LATE_SECONDS

    # -- moving -----------------------------------------------------------------------------------------

    def _move(self, state: State, intent: str, turn: Turn) -> list[Cue]:
        memory = self.memory
        wanted = "SPEECH_END" if intent == FEELING and FEELING not in state.go else intent
        live = edges(self.pack, state)
        if wanted == SPEECH_END and SPEECH_END not in live:
            wanted = "DONE"
        if wanted not in live:
            talk = state.listen == "none" or turn_name(state) in TALK_TURNS
            return [] if talk else self._unclear(state, turn)
        before = state.name
        locked = wanted == "REOPEN" and wanted not in state.go and reopening(memory) != "REOPEN_GATE"
        cues: list[Cue] = [*self._walker.fire(wanted, Turn(wanted, turn.by, turn.at, turn.while_speaking))]
        if self.memory.state == before and wanted in {"BACK", "WRONG", "JUST_LISTEN", "REOPEN"}:
            return cues + self._stayed(state, wanted)
        if turn.intent == FEELING and state.echo is not None:
            cues += self._say(self.book.echo(state, turn.word, memory))
        else:
            cues += self._say(said_on_the_way(self.book, state, memory, wanted, locked=locked))
        return cues + self._enter(before, wanted)

    def _stayed(self, state: State, intent: str) -> list[Cue]:
        """A move that leads nowhere from here: say so, and go on where we are."""
        line = self._say(said_when_staying(self.book, state, self.memory, intent))
        return [*line, *self._again()] if state.listen == "none" else [*line, self._listen(state)]

    def _enter(self, before: str, intent: str) -> list[Cue]:
        """Say what the state we are in now says, and listen as it listens."""
        memory = self.memory
        if memory.state in ENDINGS:
            return [End(_WHY.get(before, "hushed" if memory.state == "HUSHED" else "finished"))]
        state = self.pack.states[memory.state]
        cues: list[Cue] = []
        if state.name == "PAUSED":
            cues.append(Chime("paused"))
        if state.name == "NOTE_KEPT":
            cues.append(KeepNote())
        if state.name == "NOTE_GONE" or (before in {"NOTE_SAY", "NOTE_BACK"} and state.name != "NOTE_BACK"):
            cues += [] if state.name == "NOTE_KEPT" else [ForgetNote()]
        if memory.defaults >= MIC_TROUBLE_AFTER and not self._trouble_said and state.name not in LAST_WORDS:
            self._trouble_said = True
            cues += self._say(self.book.line("MIC_TROUBLE", state, memory, stance="listen"))
        again = state.name in CHALLENGE_OFFERS and memory.person.in_run
        prompt = self.book.prompt(state, memory, again=again, harm=intent == "CR_HARM")
        self._last = [prompt] if prompt.text else []
        cues += self._say(prompt)
        return [*cues, Next(state.name) if state.listen == "none" else self._listen(state)]

    # -- staying ----------------------------------------------------------------------------------------

    def _stay(self, state: State, intent: str) -> list[Cue]:
        memory = self.memory
        memory.rung = 0
        cues: list[Cue] = []
        if intent == "REPEAT":
            return self._again()
        if intent == "HELP":
            memory.helped = min(memory.helped + 1, 2)
            if memory.helped == 2:
                cues += consent.clear(memory)
            line = self.book.aside("help", state.help, state, memory) if memory.helped == 1 else None
            line = line or self.book.line("HELP_GENERAL", state, memory)
        else:
            if intent in _ADJUST:
                cues.append(_ADJUST[intent])
                if _ADJUST[intent].what == "pace":
                    self._pace = max(-2, min(1, self._pace + _ADJUST[intent].step))
            name = staying_line(intent)
            line = self.book.line(name, state, memory) if name else None
        if state.listen == "none":
            return [*cues, *self._say(line), *self._again()]
        return [*cues, *self._say(line), self._listen(state)]

    def _again(self) -> list[Cue]:
        """The last prompt, word for word (I-29)."""
        state = self.pack.states[self.memory.state]
        follow: Cue = Next(state.name) if state.listen == "none" else self._listen(state)
        return [*self._last, follow]

    def _rest(self, state: State) -> list[Cue]:
        self.memory.resting = True
        self.memory.rung = 0
        return [
            *self._say(self.book.aside("silence", state.silence, state, self.memory)),
            self._listen(state),
        ]

    # -- silence and unclear speech ---------------------------------------------------------------------

    def _silence(self, state: State, turn: Turn) -> list[Cue]:
        memory = self.memory
        steps = ladder(state, resting=memory.resting)
        rung = min(turn.rung, len(steps) - 1)
        action = steps[rung].action
        memory.rung = min(rung + 1, len(steps) - 1)
        if action == "line" and state.listen in TALK_TURNS and state.name != "CR_TALK":
            memory.lines_said = min(memory.lines_said + 1, LINES_A_TURN + 1)
            action = "tick" if memory.lines_said > LINES_A_TURN else action
        if action == "tick":
            return [Chime("tick")]
        if action in {"line", "more"}:
            more = {"think": "MORE_TIME_THINK", "free": "MORE_TIME_FREE"}.get(state.listen, "")
            said = (
                self.book.line(more, state, memory)
                if action == "more"
                else self.book.aside("silence", state.silence, state, memory)
            )
            return [*self._say(said), self._listen(state)]
        if action == "leave":
            return [End("paused too long", silent=True)]
        said = self.book.aside("silence", state.silence, state, memory) if action == "refuse" else None
        intent = {"pause": "PAUSE", "done": "DONE", "rested": "REST"}.get(action, "DEFAULT")
        return [*self._say(said), *self._move(state, intent, turn)]

    def _unclear(self, state: State, turn: Turn) -> list[Cue]:
        memory = self.memory
        if turn_name(state, resting=memory.resting) in TALK_TURNS or state.name == "PAUSED":
            return []
        memory.unclear = min(memory.unclear + 1, 3)
        memory.rung = 0
        if state.name in NO_REPROMPT:
            said = self.book.aside("unclear", state.unclear, state, memory)
            return [*self._say(said), *self._move(state, "DEFAULT", turn)]
        tries = 1 if state.listen == "gate" else 2
        if memory.unclear <= tries:
            text = state.unclear if memory.unclear == 1 else state.silence or state.unclear
            said = self.book.aside("unclear" if memory.unclear == 1 else "silence", text, state, memory)
            return [*self._say(said), self._listen(state)]
        said = (
            self.book.aside("silence", state.silence, state, memory)
            if state.name in CHALLENGE_GATES
            else None
        )
        return [*self._say(said), *self._move(state, "DEFAULT", turn)]

    # -- small parts ------------------------------------------------------------------------------------

    def _say(self, say: Say | None) -> list[Cue]:
        if say is None or not say.text:
            return []
        self.book.note(say)
        return [say]

    def _listen(self, state: State) -> Listen:
        memory = self.memory
        scale = self.scale
        steps = ladder(state, resting=memory.resting)
        patience = tuple(rung.seconds * scale for rung in steps) if self.preset.patience else ()
        turn = turn_name(state, resting=memory.resting)
        return Listen(
            state.name, turn, patience, min(memory.rung, len(steps) - 1), scale, state.name in _OPENS
        )


_ASIDES = ("silence", "unclear", "help", "default")
_ADJUST = {
    "SLOWER": Adjust("pace", -1),
    "FASTER": Adjust("pace", 1),
    "VOLUME_UP": Adjust("volume", 1),
    "VOLUME_DOWN": Adjust("volume", -1),
}
_OPENS = CHALLENGE_GATES | consent.GATES_THAT_OPEN
_WHY = {
    "STOPPED": "stopped",
    "NOT_STARTED": "not started",
    "GOODBYE": "finished",
    "T_NOT_NOW": "not now",
    "CR_BYE": "finished",
}
