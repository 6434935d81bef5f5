"""A hypothesis state machine that holds sessions with a person who does anything, in any order, at any time.

Noise, silence of any step, keys once and twice, words over the coach, prompts cut off, jumps of time, and
outcomes that come when another question stands already. The observer of the exhaustive walk looks on; what a
walk cannot hold (wordings, counters, the clock, how a detour lies within another) comes about here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from heard import Heard, heard_in
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from observer import CONFIRMS, Log, Observer, Spoken
from walk import FACTS

from voice_coach.conversation import answers, consent
from voice_coach.conversation.cues import AUTO, SILENCE, UNCLEAR, Cue, Say, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.preset import Preset
from voice_coach.conversation.targets import SAFETY
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack, State

STEPS_AT_ONCE = 40
"""Drawn in one piece: a draw for each step would take far longer than the step."""
PRESETS = (
    Preset(),
    Preset(notes_on=True, personal=True),
    Preset(mode="heard"),
    Preset(mode="look_back", length="short"),
    Preset(mode="look_back", length="long", formal_due=True, notes_on=True),
    Preset(mode="look_back", length="walking", patience=3.0),
    Preset(mode="get_ready", patience=0.0),
    Preset(mode="reminder"),
    Preset(mode="together", notes_on=True),
    Preset(mode="together", length="long", note_kinds="voice"),
)
BREAKING_OFF = {"STOP", "HUSH", *SAFETY}
"""Ends a session, or begins another talk: not among what is said most of the time."""
AGREEING = {*consent.OPENING, AUTO, "DONE", "SPEECH_END", "STEADY", "BETWEEN", "LOOK_BACK", "PAIR", "LONG"}


@dataclass
class Tally:
    """What came about in all sessions, to be told at the end."""

    steps: int = 0
    sessions: int = 0
    states: Counter[str] = field(default_factory=Counter)
    harder_questions: int = 0

    def __str__(self) -> str:
        return (
            f"{self.steps:,} steps in {self.sessions:,} sessions, {len(self.states)} states, "
            f"{self.harder_questions:,} harder questions"
        )


TALLY = Tally()


@cache
def english() -> Pack:
    return load_pack("en")


@cache
def _observer() -> Observer:
    return Observer(english())


@cache
def anything_in(state: str) -> tuple[Turn, ...]:
    """All that can be heard in this state, by any means."""
    turns = [heard.turn for heard in heard_in(english(), english().states[state])]
    return tuple(
        dict.fromkeys(Turn(t.intent, t.by, 0.0, t.while_speaking, t.clean, t.word, t.rung) for t in turns)
    )


@cache
def answers_in(state: str) -> tuple[Turn, ...]:
    """What leads on: plain answers, talk, silence."""
    own = english().states[state].go.keys() - BREAKING_OFF
    plain = [t for t in anything_in(state) if t.by == "voice" and t.clean and not t.while_speaking]
    found = [t for t in plain if t.intent in own or t.intent in {AUTO, "SPEECH_END", "FEELING", SILENCE}]
    return tuple(found) or anything_in(state)


@cache
def agreeing_in(state: str) -> tuple[Turn, ...]:
    """What opens the next door: most of what is locked lies behind several of these in a row."""
    found = [turn for turn in answers_in(state) if turn.intent in AGREEING]
    return tuple(found) or answers_in(state)


class AnySession(RuleBasedStateMachine):
    """Sessions, one after another, held by somebody who does anything."""

    @initialize(which=st.integers(0, len(PRESETS) - 1))
    def start(self, which: int) -> None:
        self._begin(which, finished=True)

    @rule(steps=st.binary(min_size=2 * STEPS_AT_ONCE, max_size=2 * STEPS_AT_ONCE))
    def answers_mostly(self, steps: bytes) -> None:
        """An answer where a question stands, and now and then something else."""
        for how, what in _mixed(steps):
            name = self._state(what)
            turns = anything_in(name) if how < 24 else answers_in(name)
            self._hear(turns[what % len(turns)], passed=how % 8, finished=how % 16 != 7)

    @rule(steps=st.binary(min_size=2 * STEPS_AT_ONCE, max_size=2 * STEPS_AT_ONCE))
    def agrees_mostly(self, steps: bytes) -> None:
        """Whatever opens the next door, and now and then another answer, or anything."""
        for how, what in _mixed(steps):
            name = self._state(what)
            turns = agreeing_in(name) if how < 210 else answers_in(name) if how < 245 else anything_in(name)
            self._hear(turns[what % len(turns)], passed=how % 8, finished=how % 16 != 7)

    @rule(steps=st.binary(min_size=2 * STEPS_AT_ONCE, max_size=2 * STEPS_AT_ONCE))
    def does_anything(self, steps: bytes) -> None:
        """Whatever can be heard where the session is."""
        for how, what in _mixed(steps):
            turns = anything_in(self._state(what))
            self._hear(turns[what % len(turns)], passed=how % 32, finished=how % 3 != 0)

    @rule(origin=st.sampled_from(sorted(english().states)), which=st.binary(min_size=1, max_size=20))
    def hears_what_belongs_elsewhere(self, origin: str, which: bytes) -> None:
        """Outcomes that were meant for another question, and come when this one stands."""
        for what in which:
            self._state(what)
            turns = anything_in(origin)
            self._hear(turns[what % len(turns)], passed=1, finished=True)

    @rule(seconds=st.one_of(st.floats(0, 400), st.floats(0, 1e9)))
    def time_jumps(self, seconds: float) -> None:
        self.at += seconds

    @rule(seconds=st.floats(0, 1e9))
    def time_goes_back(self, seconds: float) -> None:
        """A clock that was set, should one ever be read."""
        self.at = max(0.0, self.at - seconds)

    # -- one step ---------------------------------------------------------------------------------------

    def _begin(self, which: int, *, finished: bool) -> None:
        preset = PRESETS[which]
        self.talk, self.at, self.unclear = Conversation(english(), preset), 0.0, 0
        self.log, self.cut_off = Log(mode=preset.mode), list[Say]()
        TALLY.sessions += 1
        self._follow("", Heard(Turn(""), ""), self.talk.begin(), finished)

    def _state(self, what: int) -> str:
        """The state the session is in; a new session where there is none."""
        if self.talk.state is None:
            self._begin(what % len(PRESETS), finished=True)
        assert self.talk.state is not None
        return self.talk.state.name

    def _hear(self, heard: Turn, *, passed: int, finished: bool) -> None:
        state = self.talk.state
        assert state is not None
        self.at += passed * 0.5
        turn = Turn(
            heard.intent, heard.by, self.at, heard.while_speaking, heard.clean, heard.word, heard.rung
        )
        if turn.intent == AUTO:
            self._finish()
        label = self._label(state, turn)
        TALLY.steps += 1
        TALLY.states[state.name] += 1
        speaker = self.talk.memory.speaker
        self._follow(state.name, Heard(turn, label), self.talk.hear(turn), finished, speaker)

    def _label(self, state: State, turn: Turn) -> str:
        """What the observer is told beside the turn itself, worked out as somebody beside would."""
        if turn.by == "key" and consent.is_wish(state.name, turn.intent):
            twice = not consent.doubtful(state.name, turn, self.talk.memory)
            return f"{turn.intent} by key {'twice' if twice else 'once'}"
        if answers.misheard_often(self.talk.memory, turn.intent):
            return f"{turn.intent} misheard before"
        if turn.intent == UNCLEAR:
            self.unclear += 1
            return f"(unclear {self.unclear})"
        return turn.intent

    def _follow(self, state: str, heard: Heard, cues: list[Cue], finished: bool, speaker: int = 0) -> None:
        event = _observer().event(state, heard, cues, finished)
        _observer().see(self.log, event, speaker)
        self.cut_off = [cue for cue in cues if isinstance(cue, Say)]
        if finished:
            self._finish()
        if event.prompts or state in CONFIRMS:
            self.unclear = 0
        TALLY.harder_questions += sum(_is_harder(spoken) for spoken in event.said)

    def _finish(self) -> None:
        """What was being said is said to its end."""
        for say in self.cut_off:
            self.talk.spoken(say)
            if ".prompts." in say.id and say.state in FACTS and not self.log.consented:
                self.log.facts |= 1 if say.state == "WELCOME" else 2
        self.cut_off = []


def _mixed(steps: bytes) -> Iterator[tuple[int, int]]:
    """Pairs of bytes, spread: hypothesis likes to draw the same byte again and again."""
    for place, (how, what) in enumerate(zip(steps[::2], steps[1::2], strict=True)):
        yield (97 * how + 31 * place + 64) % 256, (89 * what + 57 * place) % 256


def _is_harder(spoken: Spoken) -> bool:
    return spoken.stance == "challenge" and spoken.is_prompt
