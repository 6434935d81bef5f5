"""The consent rules, walked breadth first from the first word: what is said, against what was answered.

The checker keeps its own record of answers and refusals and never reads the machine's flags. The walk takes
the nearest configurations first and stops at a set number: it is bounded, not exhaustive, and its faults come
with a shortest path.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from voice_coach.conversation import consent
from voice_coach.conversation.cues import AUTO, SILENCE, SPEECH_END, UNCLEAR, Cue, Say, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.ladder import ladder
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.preset import Preset
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack, State
from voice_coach.understanding.table import PhraseTable

CONFIGURATIONS = 800
GATES = {"CHALLENGE_GATE", "CH_CONFIRM", "REOPEN_GATE"}
REFUSALS = {SILENCE, "UNSURE", "SKIP", "NO", "JUST_LISTEN"}


@dataclass(frozen=True)
class Record:
    """What a bystander knows of the person."""

    answered: bool = False
    checked: bool = False
    refused: bool = False
    offers: int = 0


@dataclass(frozen=True)
class Step:
    state: str
    turn: Turn
    said: tuple[Say, ...]
    after: Memory


def prompts(step: Step) -> list[Say]:
    return [say for say in step.said if "prompts." in say.id]


def fault(before: Record, step: Step) -> str:
    """Which invariant this step breaks, or nothing."""
    turn, state = step.turn, step.state
    stances = {say.stance for say in step.said}
    challenges = [say for say in prompts(step) if say.stance == "challenge"]
    if challenges and turn.intent != "REPEAT":
        agreed = turn.intent == "ASK_ME" or (turn.intent == "YES" and state != "CHALLENGE_GATE")
        if state not in GATES or not agreed or not turn.clean or turn.while_speaking:
            return "I-01, I-03: a harder question without a fresh, clear yes"
        if not (before.answered and before.checked):
            return "I-02: a harder question before connection and check-in"
        if before.refused and state != "REOPEN_GATE":
            return "I-04: a harder question after a refusal"
    if state == "CHALLENGE_GATE" and turn.intent in REFUSALS and step.after.state != "NOT_READY":
        return "I-05: a refusal at the gate is not taken as one"
    if "CHALLENGE_GATE" in [say.state for say in prompts(step)] and turn.intent != "REPEAT":
        if before.offers and state not in {"DISCOMFORT", "EASE"}:
            return "I-06: offered unasked a second time"
        if before.refused:
            return "I-04: offered after a refusal"
    if turn.intent == "SKIP" and challenges:
        return "I-12: skip leads to a harder question"
    if turn.intent == "STOP" and (len(step.said) > 1 or step.after.state not in {"STOPPED", "END", "CR_BYE"}):
        return "I-13: stop does not end it with one line"
    resumes = state in {"REM_AFTER", "REM_MENU", "CR_WRONG", "CR_OTHER"}
    if turn.intent in {SILENCE, UNCLEAR} and stances & {"challenge", "explore"} and not resumes:
        return "I-15: not understood, and asked more"
    if turn.intent == "JUST_LISTEN" and stances & {"challenge", "explore"}:
        return "I-16: just listen is followed by a question about the story"
    towards = [say.state for say in prompts(step) if say.state == "TOWARDS"]
    if step.after.mode == "heard" and (stances & {"challenge", "explore"} or towards):
        return "I-17: a question in be heard"
    return ""


def recorded(before: Record, step: Step) -> Record:
    """What the bystander knows afterwards."""
    turn, state, after = step.turn, step.state, step.after.state
    answered = before.answered or (state == "CONNECT" and turn.intent in {"DONE", SPEECH_END})
    checked = before.checked
    if state == "CONNECT_CHECK" and after != state:
        checked = turn.intent in {"STEADY", "BETWEEN"}
    if after in {"CONNECT", "LISTEN"} and after != state:
        checked = False
    asked = any(say.stance == "challenge" for say in prompts(step))
    refused = before.refused
    if state in GATES and after != state and after not in GATES:
        refused = not asked
    offered = "CHALLENGE_GATE" in [say.state for say in prompts(step)] and after != state
    return Record(answered, checked, refused, min(2, before.offers + offered))


def heard_in(pack: Pack, state: State) -> Iterator[Turn]:
    """Everything that listening in this state can bring."""
    if state.listen == "none":
        yield Turn(AUTO)
        for intent in sorted(PhraseTable.while_speaking(pack, state.name).intents):
            yield Turn(intent, while_speaking=True)
        return
    for intent in sorted(PhraseTable.for_state(pack, state.name).intents | consent.OPENING):
        yield Turn(intent, word="heavy" if intent == "FEELING" else "")
        if intent in consent.OPENING:
            yield Turn(intent, clean=False)
            yield Turn(intent, while_speaking=True)
            yield Turn(intent, by="key")
    yield Turn(UNCLEAR)
    yield Turn(SPEECH_END)
    yield from (Turn(SILENCE, rung=rung) for rung in range(len(ladder(state))))


def steps(talk: Conversation, memory: Memory, state: State, turn: Turn) -> Step:
    talk.memory = memory.copy()
    cues: list[Cue] = talk.hear(turn)
    said = tuple(cue for cue in cues if isinstance(cue, Say))
    for say in said:
        talk.spoken(say)
    return Step(state.name, turn, said, talk.memory)


def walk(pack: Pack, preset: Preset, limit: int = CONFIGURATIONS) -> tuple[int, int, list[str]]:
    """Configurations and edges seen, and faults, each with its shortest path."""
    talk = Conversation(pack, preset)
    for cue in talk.begin():
        if isinstance(cue, Say):
            talk.spoken(cue)
    start = (talk.memory.copy(), Record())
    paths: dict[object, tuple[str, ...]] = {(start[0].key(), start[1]): ()}
    ahead, edges, faults = deque([start]), 0, dict[str, str]()
    seen = 0
    while ahead and seen < limit:
        memory, record = ahead.popleft()
        state = pack.states.get(memory.state)
        if state is None:
            continue
        seen += 1
        here = paths[memory.key(), record]
        for turn in heard_in(pack, state):
            step = steps(talk, memory, state, turn)
            edges += 1
            found = fault(record, step)
            if found:
                faults.setdefault(found, f"{found}: {' > '.join([*here, turn.intent])}")
            after = (step.after.copy(), recorded(record, step))
            key = (after[0].key(), after[1])
            if key not in paths:
                paths[key] = (*here, turn.intent)
                ahead.append(after)
    return seen, edges, list(faults.values())


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("en")


def to_the_gate(pack: Pack) -> Preset:
    return Preset(mode="look_back", length="short")


@pytest.mark.parametrize("mode", ["heard", "look_back"])
def test_i_01_to_i_06_and_i_12_to_i_17_hold_near_the_start(pack: Pack, mode: str) -> None:
    seen, edges, faults = walk(pack, Preset(mode=mode, length="short"))  # type: ignore[arg-type]
    print(f"{mode}: {seen} configurations, {edges} edges")
    assert not faults, "\n".join(faults)


def at_the_gate(pack: Pack) -> tuple[Memory, Record]:
    """A configuration at the gate, reached by answering."""
    talk = Conversation(pack, to_the_gate(pack))
    cues = talk.begin()
    record = Record()
    answers = ["YES", "YES", SPEECH_END, "ROOM", "EXPLORE", SPEECH_END, "DONE", SPEECH_END, "STEADY"]
    while talk.memory.state != "CHALLENGE_GATE":
        for cue in cues:
            if isinstance(cue, Say):
                talk.spoken(cue)
        state = pack.states[talk.memory.state]
        turn = Turn(AUTO if state.listen == "none" else answers.pop(0))
        step_from = state.name
        cues = talk.hear(turn)
        said = tuple(cue for cue in cues if isinstance(cue, Say))
        record = recorded(record, Step(step_from, turn, said, talk.memory))
    return talk.memory.copy(), record


def walk_from(pack: Pack, start: tuple[Memory, Record], limit: int) -> tuple[int, int, list[str]]:
    talk = Conversation(pack, to_the_gate(pack))
    talk.begin()
    paths: dict[object, tuple[str, ...]] = {(start[0].key(), start[1]): ("CHALLENGE_GATE",)}
    ahead, edges, seen, faults = deque([start]), 0, 0, dict[str, str]()
    while ahead and seen < limit:
        memory, record = ahead.popleft()
        state = pack.states.get(memory.state)
        if state is None:
            continue
        seen += 1
        here = paths[memory.key(), record]
        for turn in heard_in(pack, state):
            step = steps(talk, memory, state, turn)
            edges += 1
            found = fault(record, step)
            if found:
                faults.setdefault(found, f"{found}: {' > '.join([*here, turn.intent])}")
            after = (step.after.copy(), recorded(record, step))
            key = (after[0].key(), after[1])
            if key not in paths:
                paths[key] = (*here, turn.intent)
                ahead.append(after)
    return seen, edges, list(faults.values())


def test_they_hold_around_and_behind_the_gate(pack: Pack) -> None:
    seen, edges, faults = walk_from(pack, at_the_gate(pack), 2 * CONFIGURATIONS)
    print(f"from the gate: {seen} configurations, {edges} edges")
    assert not faults, "\n".join(faults)


def test_a_removed_guard_is_found_with_its_shortest_path(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "doubtful", lambda *_: False)
    _, _, faults = walk_from(pack, at_the_gate(pack), 5)
    assert any("I-01" in each and each.endswith("CHALLENGE_GATE > ASK_ME") for each in faults), faults


def test_a_hostile_edge_into_a_card_leads_to_no_harder_question(pack: Pack) -> None:
    shortcut = replace_go(pack, "PLACE", {"YES": "CH_OTHER"})
    _, _, faults = walk(shortcut, Preset(mode="look_back", length="short"), 60)
    assert not faults, "\n".join(faults)


def replace_go(pack: Pack, name: str, edges: dict[str, str]) -> Pack:
    state = pack.states[name]
    changed = state.model_copy(update={"go": {**state.go, **edges}})
    return pack.model_copy(update={"states": {**pack.states, name: changed}})
