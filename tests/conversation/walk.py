"""An exhaustive walk of the pure conversation: every configuration, every thing that can be heard there.

A configuration is everything the conversation's behaviour depends on (Memory.key()). For each the walk keeps
how it was reached, so that any fault comes with its shortest path from the first word.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from voice_coach.conversation.consent import OPENING
from voice_coach.conversation.cues import (
    AUTO,
    SILENCE,
    SPEECH_END,
    UNCLEAR,
    Cue,
    End,
    Listen,
    Next,
    Say,
    Turn,
)
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.ladder import TALK_TURNS, ladder
from voice_coach.conversation.memory import ALL_FACTS, Memory
from voice_coach.conversation.preset import Preset
from voice_coach.conversation.protected import ENDINGS
from voice_coach.conversation.routes import REPLACED, ROUTES
from voice_coach.packs.models import Pack, State
from voice_coach.understanding.table import PhraseTable

LATE = 10_000.0
"""An audio time at which every time budget is over."""


@dataclass(frozen=True)
class Step:
    """One thing heard in one configuration, and what came of it."""

    before: Memory
    turn: Turn
    cues: tuple[Cue, ...]
    after: Memory


@dataclass
class Walk:
    """What the walk saw."""

    configurations: int = 0
    edges: int = 0
    parents: dict[tuple[object, ...], tuple[tuple[object, ...] | None, str]] = field(default_factory=dict)

    def path(self, memory: Memory) -> str:
        """The shortest way to a configuration, as what was heard."""
        heard: list[str] = []
        key: tuple[object, ...] | None = memory.key()
        while key is not None:
            key, intent = self.parents[key]
            heard.append(intent)
        return " > ".join(reversed(heard))


def presets(modes: Iterable[str], lengths: Iterable[str] = ("",)) -> list[Preset]:
    return [Preset(mode=mode, length=length) for mode in modes for length in lengths]  # type: ignore[arg-type]


def walk(
    pack: Pack,
    presets: Iterable[Preset],
    look: Callable[[Walk, Step], None],
    *,
    limit: int = 2_000_000,
) -> Walk:
    """Breadth first over all configurations reachable from the presets; `look` sees every edge."""
    seen = Walk()
    heard_in: dict[str, list[tuple[Turn, int]]] = {}
    for preset in presets:
        conversation = Conversation(pack, preset)
        conversation.begin()
        start = settled(conversation.memory.copy())
        ahead: deque[Memory] = deque()
        if start.key() not in seen.parents:
            seen.parents[start.key()] = (None, f"[{preset.mode or 'asked'} {preset.length or 'asked'}]")
            ahead.append(start)
        while ahead:
            memory = ahead.popleft()
            seen.configurations += 1
            state = pack.states.get(memory.state)
            if state is None:
                continue
            if state.name not in heard_in:
                heard_in[state.name] = list(turns(pack, state))
            for turn, unclear in heard_in[state.name]:
                memory.unclear = unclear
                for after, cues in outcomes(conversation, memory, turn):
                    seen.edges += 1
                    if seen.edges > limit:
                        raise AssertionError("the walk does not end")
                    key = after.key() if after.state not in ENDINGS else (after.state,)
                    if key not in seen.parents:
                        seen.parents[key] = (memory.key(), _label(turn))
                        ahead.append(after)
                    look(seen, Step(memory, turn, tuple(cues), after))
    return seen


def outcomes(conversation: Conversation, memory: Memory, turn: Turn) -> Iterator[tuple[Memory, list[Cue]]]:
    """What hearing this leads to: with the prompts that follow said to the end, and with them cut off."""
    conversation.memory = memory.copy()
    cues = conversation.hear(turn)
    after = conversation.memory
    heard_all = after.facts_heard == ALL_FACTS
    cut = after if heard_all else after.copy()
    yield settled(cut), cues
    says = [cue for cue in cues if isinstance(cue, Say)]
    if says and not heard_all:
        for say in says:
            conversation.spoken(say)
        yield settled(conversation.memory), cues


def settled(memory: Memory) -> Memory:
    """Times out of a memory, so that the space walked is finite."""
    memory.armed_at = -1.0
    for person in memory.people:
        person.token_at = 0.0
    return memory


def turns(pack: Pack, state: State) -> Iterator[tuple[Turn, int]]:
    """Everything that listening in this state can bring, and how often it was unclear before."""
    if state.listen == "none":
        yield Turn(AUTO), 0
        for intent in sorted(PhraseTable.while_speaking(pack, state.name).intents):
            yield Turn(intent, while_speaking=True), 0
        return
    for intent in sorted(PhraseTable.for_state(pack, state.name).intents | OPENING):
        yield Turn(intent, word="heavy" if intent == "FEELING" else ""), 0
        if intent in OPENING:
            yield Turn(intent, by="key"), 0
            yield Turn(intent, while_speaking=True), 0
            yield Turn(intent, clean=False), 2
    for unclear in range(3):
        yield Turn(UNCLEAR), unclear
    yield Turn(SPEECH_END), 0
    for rung in range(len(ladder(state))):
        yield Turn(SILENCE, rung=rung), 0
    if any(REPLACED.get((state.name, target), target) in ROUTES for target in state.go.values()):
        for intent in [*state.go, SPEECH_END]:
            yield Turn(intent, at=LATE), 0


def _label(turn: Turn) -> str:
    late, key = ["late"] if turn.at else [], ["key"] if turn.by == "key" else []
    marks = [*([] if turn.clean else ["unclean"]), *late, *key]
    return " ".join([turn.intent, *marks])


__all__ = ["TALK_TURNS", "End", "Listen", "Next", "Say", "Step", "Walk", "presets", "walk"]
