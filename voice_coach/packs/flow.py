"""Checks the states: where answers lead, what must be there, and that no words get past the locks.

Comes in: a pack. Goes out: faults. The locks themselves are code (conversation/); this only tells a
writer beforehand what the code would not allow.
"""

from __future__ import annotations

from collections.abc import Iterator

from voice_coach.conversation.prompts import CONDITIONS
from voice_coach.conversation.protected import ENDINGS, REQUIRED_STANCE
from voice_coach.conversation.routes import REPLACED, ROUTES
from voice_coach.conversation.targets import COMPUTED, SAFETY, candidates, edges
from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Pack, State
from voice_coach.packs.spoken import prompts_of, spoken_strings, state_file
from voice_coach.understanding.normalise import surface

START = "WELCOME"
MIN_PROMPTS = 3
"""Fewer, and a weekly user hears the same words each time (conversation design, part 6.1)."""
SILENT_STATES = frozenset({"PAUSED"})
"""States that listen and must say nothing about silence."""
CAREFUL = ("DEFAULT", "SKIP", "UNSURE", "NO", "JUST_LISTEN")
"""Answers that never lead to an explore or challenge card (invariants I-12 and I-15)."""
_RARE = frozenset({"returning", "together", "note_kept", "stop"})
"""Conditions under which a prompt is no variant for a usual day."""
_SAYABLE_PSEUDO = frozenset({"AUTO", "SPEECH_END", "DEFAULT"})
_QUOTES_THAT_CHALLENGE = frozenset({"Q3", "Q7", "Q8"})
"""Seed questions that look at what could be different or at the other side (design, part 3)."""


def check_flow(pack: Pack) -> list[Fault]:
    """Every fault of the states."""
    faults = [
        Fault(state_file(pack, state), key, sentence)
        for state in pack.states.values()
        for key, sentence in (*_edges(pack, state), *_parts(state), *_stance(state))
    ]
    missing = _missing_states(pack)
    faults += missing
    faults += _repeated_challenges(pack)
    if not missing:
        faults += _unreachable(pack)
    faults += _rounds(pack)
    return faults


def _edges(pack: Pack, state: State) -> Iterator[tuple[str, str]]:
    name = state.name
    for intent, target in state.go.items():
        if target not in pack.states and not _is_computed(target):
            yield f"{name}.go.{intent}", f'it leads to "{target}", which is no state and no computed target.'
        if intent not in pack.intents and intent not in _SAYABLE_PSEUDO:
            yield f"{name}.go.{intent}", f'no grammar has an intent "{intent}".'
        if intent in CAREFUL and target in {"EX_NEXT", "CH_NEXT", *_cards()}:
            yield f"{name}.go.{intent}", f'a careful answer may not lead to "{target}".'
    if state.listen == "none":
        if set(state.go) != {"AUTO"}:
            yield f"{name}.go", "a state that does not listen goes on by AUTO alone."
    else:
        if "AUTO" in state.go:
            yield f"{name}.go.AUTO", "a state that listens cannot go on by itself."
        if "DEFAULT" not in state.go:
            yield f"{name}.go", "DEFAULT is missing: where two failed tries gently lead."
        if "SPEECH_END" in state.go and state.listen in {"choice", "gate"}:
            yield f"{name}.go.SPEECH_END", "a state with set choices cannot take any speech as its answer."
    for intent in state.lines:
        if intent not in state.go:
            yield f"{name}.lines.{intent}", "this line is never said: the state has no such answer."


def _is_computed(target: str) -> bool:
    return target in ROUTES or target in COMPUTED or target in ENDINGS


def _cards() -> set[str]:
    return {name for name, stance in REQUIRED_STANCE.items() if stance in {"explore", "challenge"}}


def _parts(state: State) -> Iterator[tuple[str, str]]:
    name = state.name
    count = sum(prompt.when not in _RARE for prompt in state.prompts)
    if count < MIN_PROMPTS:
        yield (
            f"{name}.prompts",
            f"it has {count}; {MIN_PROMPTS} are needed, so that nobody hears the same each time.",
        )
    if not any(not prompt.when for prompt in state.prompts):
        yield (
            f"{name}.prompts",
            "each has a condition, so there may be nothing to say; write one without `when`.",
        )
    for key, prompt in prompts_of(state):
        if prompt.when and prompt.when not in CONDITIONS:
            known = ", ".join(sorted(CONDITIONS))
            yield f"{name}.{key}.when", f'"{prompt.when}" never holds; the conditions are {known}.'
        if bool(prompt.text) == bool(prompt.parts):
            yield f"{name}.{key}", "it needs either text or parts."
        if prompt.parts and (prompt.lead or prompt.tail):
            yield f"{name}.{key}", "lead and tail are not said beside parts."
    if not state.help:
        yield f"{name}.help", "it is empty; help must answer everywhere."
    for field in ("silence", "unclear"):
        if not getattr(state, field) and state.listen != "none" and state.name not in SILENT_STATES:
            yield f"{name}.{field}", "it is empty; a state that listens needs this line."
    if state.traps and len(state.traps) != len(state.prompts):
        yield f"{name}.traps", "it must name one trap for each prompt, in the same order."
    if not state.seed:
        yield f"{name}.seed", "it names no passage of the seed."


def _stance(state: State) -> Iterator[tuple[str, str]]:
    wanted = REQUIRED_STANCE.get(state.name)
    if wanted is not None and state.stance != wanted:
        yield f"{state.name}.stance", f'it must be "{wanted}": the locks hang on it.'
    if wanted is None and state.stance in {"challenge", "explore"}:
        yield f"{state.name}.stance", f'no state of this name may take the stance "{state.stance}".'


def _missing_states(pack: Pack) -> list[Fault]:
    wanted = {START, *REQUIRED_STANCE, *SAFETY.values()}
    wanted |= {name for route in ROUTES.values() for name in route.candidates}
    wanted |= {name for edge in REPLACED for name in edge if not _is_computed(name)}
    return [
        Fault(f"content/{pack.language}", name, "this state is missing, and the conversation leads to it.")
        for name in sorted(wanted - pack.states.keys() - ENDINGS)
    ]


def _repeated_challenges(pack: Pack) -> Iterator[Fault]:
    """Words of a challenge card, said in another state, would reach people who said no to them."""
    guarded = {
        f" {surface(prompt.text)} "
        for state in pack.states.values()
        if REQUIRED_STANCE.get(state.name) == "challenge"
        for _, prompt in prompts_of(state)
        if prompt.text
    }
    guarded |= {f" {surface(pack.style.seed_quotes.get(q, ''))} " for q in _QUOTES_THAT_CHALLENGE} - {"  "}
    for item in spoken_strings(pack):
        if REQUIRED_STANCE.get(item.state) != "challenge":
            said = f" {surface(item.text)} "
            if any(text in said for text in guarded):
                yield Fault(
                    item.file, item.key, "it repeats the words of a challenge card outside the locks."
                )


def _unreachable(pack: Pack) -> Iterator[Fault]:
    seen = {START}
    left = [START]
    while left:
        source = left.pop()
        for target in set(edges(pack, pack.states[source]).values()) - {"RETURN", "PREVIOUS"}:
            for name in candidates(pack, target, source):
                if name in pack.states and name not in seen:
                    seen.add(name)
                    left.append(name)
    for name in pack.states.keys() - seen:
        yield Fault(state_file(pack, pack.states[name]), name, "no answer leads to this state.")


def _rounds(pack: Pack) -> Iterator[Fault]:
    """States that only tell and lead to one another would go on without end, and nobody could answer."""
    onward = {
        state.name: [name for name in _told_next(pack, state) if pack.states[name].listen == "none"]
        for state in pack.states.values()
        if state.listen == "none"
    }
    for start, following in onward.items():
        seen: set[str] = set()
        left = list(following)
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                left += onward[name]
        if start in seen:
            sentence = "it leads back to itself through states that only tell: nobody could answer."
            yield Fault(state_file(pack, pack.states[start]), f"{start}.go.AUTO", sentence)


def _told_next(pack: Pack, state: State) -> list[str]:
    target = state.go.get("AUTO", "")
    if target in {"RETURN", "PREVIOUS"}:
        return []
    target = REPLACED.get((state.name, target), target)
    return [name for name in candidates(pack, target, state.name) if name in pack.states]
