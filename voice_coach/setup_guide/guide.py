"""The setup talk: asks the few things a device needs to know, and holds the answers.

In: one outcome of listening, as in any talk. Out: cues, and in the end the answers. It writes nothing.
Whoever asks for numbers or says something that sounds like danger is in the real conversation at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.conversation import consent
from voice_coach.conversation.commands import ADJUSTING
from voice_coach.conversation.cues import AUTO, SILENCE, UNCLEAR, Chime, Cue, End, Listen, Next, Say, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.packs.models import Pack, State
from voice_coach.settings import PACES, VOLUMES

FIRST, OFFER, GATE = "SETUP_HEAR", "SETUP_OFFER", "SETUP_NOTES"
PLACE = "PLACE"
"""Where the real conversation is taken up when it is needed."""
SILENCE_SECONDS = (10.0, 15.0)
"""Until a question is put again, and until it is left (as for a choice: conversation design, 6.3)."""
PATIENCE = {"NORMAL": 1.0, "LONGER": 2.0, "NO_LIMIT": 0.0}
"""Answer -> what every wait is multiplied by; 0 has no limits."""


@dataclass
class Answers:
    """What was settled; None was left out."""

    personal: bool | None = None
    notes: bool = False
    patience: float | None = None
    volume: int = 0
    pace: int = 0
    """Steps from the usual, as in the settings."""
    heard: bool = False
    """The recogniser understood a hello."""


class SetupGuide(Conversation):
    """A conversation that begins with setting up."""

    def __init__(self, pack: Pack, *, offer: bool = False, volume: int = 0, pace: int = 0) -> None:
        """`pack`: with the setup's states. `offer`: say first what it is, so that it can be left out.

        `volume`, `pace`: what is in force, in steps from the usual.
        """
        super().__init__(pack)
        self.answers = Answers(volume=volume, pace=pace)
        self.finished = False
        """All was asked."""
        self.declined = False
        """It was left out at the offer; an end of any other kind is the end of all."""
        self.answered = False
        """Somebody was there: without one answer nothing was settled."""
        self._first = OFFER if offer else FIRST
        self._guiding = True
        self._armed_at = -1.0

    def begin(self) -> list[Cue]:
        """The first question."""
        return self._enter_setup(self._first)

    def upcoming(self) -> list[Say]:
        """What may be said next: to be rendered while the person talks."""
        if not self._guiding:
            return super().upcoming()
        state = self.state
        if state is None:
            return []
        says = [self._aside("silence"), self._aside("unclear"), self._aside("default")]
        nexts = [
            self.pack.states[name] for name in dict.fromkeys(state.go.values()) if name in self.pack.states
        ]
        return [*(self._prompt(state) for state in nexts), *(say for say in says if say is not None)]

    def hear(self, turn: Turn) -> list[Cue]:
        """Take one outcome of listening; returns what to do now."""
        state = self.state
        if not self._guiding or state is None:
            return super().hear(turn)
        intent = turn.intent
        if turn.while_speaking and turn.by == "voice" and intent not in consent.INTERRUPTING:
            return []
        self.answered |= intent not in {SILENCE, UNCLEAR, AUTO}
        if intent == "NUMBERS" or intent.startswith("CR_"):
            return self._leave(turn)
        if intent in {"STOP", "HUSH"}:
            return [End("hushed" if intent == "HUSH" else "stopped", silent=True)]
        if state.name == GATE and intent == "YES":
            if turn.by == "key" and not self._pressed_twice(turn.at):
                return [Chime("tick")]
            if turn.by == "voice" and not turn.clean:
                intent = UNCLEAR
        return self._answer(state, intent, turn)

    # -- answers ----------------------------------------------------------------------------------------

    def _answer(self, state: State, intent: str, turn: Turn) -> list[Cue]:
        if intent == "PAUSE":
            return [Chime("paused"), Listen(state.name, state.listen, ())]
        if intent in {"REPEAT", "HELP"}:
            return self._again(state, "help" if intent == "HELP" else "")
        if state.name == FIRST and intent == "NO":
            intent = "VOLUME_UP"
        if intent in ADJUSTING:
            return self._adjust(state, intent)
        if intent == SILENCE and turn.rung == 0:
            return self._say_and_listen("silence", 1)
        if intent == UNCLEAR and not self.memory.unclear:
            self.memory.unclear = 1
            return self._say_and_listen("unclear", 0)
        if intent in {SILENCE, UNCLEAR} or (intent == "SKIP" and intent not in state.go):
            intent = "DEFAULT"
        if intent not in state.go:
            return []
        self._note(state.name, intent, by_voice=turn.by == "voice")
        said = self._aside("default") if intent == "DEFAULT" else None
        return [*([said] if said is not None else []), *self._enter_setup(state.go[intent])]

    def _adjust(self, state: State, intent: str) -> list[Cue]:
        """As loud or as fast as was asked for, from this question on, and kept."""
        answers, step = self.answers, ADJUSTING[intent].step
        if ADJUSTING[intent].what == "pace":
            answers.pace = max(PACES[0], min(PACES[-1], answers.pace + step))
        else:
            answers.volume = max(VOLUMES[0], min(VOLUMES[-1], answers.volume + step))
        return [ADJUSTING[intent], *self._ask(state)]

    def _note(self, state: str, intent: str, *, by_voice: bool) -> None:
        answers = self.answers
        if state == "SETUP_SPEAK":
            answers.heard = by_voice and intent == "HELLO"
        elif state == "SETUP_WHO":
            answers.personal = intent == "ONLY_ME"
        elif state == GATE:
            answers.notes = intent == "YES"
        elif state == "SETUP_PACE":
            answers.patience = PATIENCE.get(intent, 1.0)

    def _pressed_twice(self, at: float) -> bool:
        apart = at - self._armed_at
        if self._armed_at >= 0 and consent.KEY_PRESSES_APART <= apart <= consent.KEY_PRESS_WITHIN:
            return True
        self._armed_at = at
        return False

    # -- moving -----------------------------------------------------------------------------------------

    def _enter_setup(self, name: str) -> list[Cue]:
        if name not in self.pack.states:
            self.finished = self.memory.state == "SETUP_DONE"
            self.declined = self.memory.state == OFFER
            return [End("set up" if self.finished else "not set up", silent=True)]
        self.memory.state = name
        self.memory.unclear = 0
        self._armed_at = -1.0
        return self._ask(self.pack.states[name])

    def _ask(self, state: State) -> list[Cue]:
        listens = state.listen != "none"
        return [self._prompt(state), self._listening(0) if listens else Next(state.name)]

    def _again(self, state: State, kind: str = "") -> list[Cue]:  # type: ignore[override]
        said = self._aside(kind) if kind else None
        return self._ask(state) if said is None else [said, self._listening(0)]

    def _leave(self, turn: Turn) -> list[Cue]:
        self._guiding = False
        self.memory.state = PLACE
        return super().hear(turn)

    def _say_and_listen(self, kind: str, rung: int) -> list[Cue]:
        said = self._aside(kind)
        return [*([said] if said is not None else []), self._listening(rung)]

    def _listening(self, rung: int) -> Listen:
        state = self.pack.states[self.memory.state]
        return Listen(state.name, state.listen, SILENCE_SECONDS, rung, consent=state.name == GATE)

    def _prompt(self, state: State) -> Say:
        return Say(state.name, f"{state.name}.prompts.0", state.stance, state.prompts[0].spoken)

    def _aside(self, kind: str) -> Say | None:
        state = self.pack.states[self.memory.state]
        text: str = getattr(state, kind)
        return Say(state.name, f"{state.name}.{kind}", state.stance, (text,)) if text else None
