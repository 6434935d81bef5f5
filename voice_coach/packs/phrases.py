"""Checks the grammars: enough ways to say a thing, no phrase with two meanings, no accidental yes.

Comes in: a pack. Goes out: faults, found by the same tables that the coach listens with.
"""

from __future__ import annotations

from collections.abc import Iterator

from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Intent, Pack, State
from voice_coach.packs.spoken import state_file
from voice_coach.understanding.normalise import Normaliser, normaliser, surface
from voice_coach.understanding.patterns import expand
from voice_coach.understanding.table import (
    COMBINED,
    CONSENT,
    PSEUDO,
    SAFETY_ORDER,
    SAFETY_PREFIX,
    SHARED,
    WHILE_SPEAKING,
    answers_in,
    hesitation,
)

MIN_PHRASES, MAX_PATTERNS = 8, 15
"""Fewer ways miss people, more make a recogniser guess (conversation design, part 12)."""
REFUSALS = ("NO", "UNSURE", "JUST_LISTEN", "BIN_IT", "FORGET")
"""Intents whose phrases must not turn into a yes when one short word is lost."""


def check_phrases(pack: Pack) -> list[Fault]:
    """Every fault of the intents, and of the states they are live in."""
    normal = normaliser(pack.rules)
    safety = [phrase for name in pack.intents if _is_safety(name) for phrase in _phrases(pack, name)]
    faults = [
        Fault(_intent_file(pack, intent), f"{intent.name}.{key}".rstrip("."), sentence)
        for intent in pack.intents.values()
        for key, sentence in (
            *_one_intent(pack, intent, normal),
            *_safety_inside(intent, safety, normal),
            *_unused(pack, intent),
        )
    ]
    faults += _missing(pack)
    faults += _one_breath(pack, normal)
    for state in pack.states.values():
        for sentence in _clashes(pack, state, normal):
            faults.append(Fault(state_file(pack, state), f"{state.name}.go", sentence))
    return faults


def _intent_file(pack: Pack, intent: Intent) -> str:
    return f"grammars/{pack.language}/{intent.group}.toml"


def _is_safety(name: str) -> bool:
    return name.startswith(SAFETY_PREFIX)


def _phrases(pack: Pack, name: str) -> list[str]:
    found = pack.intents.get(name)
    return [] if found is None else [phrase for pattern in found.say for phrase in expand(pattern)]


def _one_intent(pack: Pack, intent: Intent, normal: Normaliser) -> Iterator[tuple[str, str]]:
    if len(intent.say) > MAX_PATTERNS:
        yield "say", f"it has {len(intent.say)} entries; {MAX_PATTERNS} is the most a recogniser keeps apart."
    seen: dict[str, str] = {}
    for place, pattern in enumerate(intent.say):
        for phrase in expand(pattern):
            plain = normal.listed(phrase)[0]
            if not plain:
                yield f"say.{place}", f'"{phrase}" has no word in it.'
            elif plain in seen and seen[plain] != pattern:
                yield f"say.{place}", f'"{phrase}" is there already.'
            seen.setdefault(plain, pattern)
            if intent.name in CONSENT and (why := hesitation(pack, phrase)):
                yield f"say.{place}", f'"{phrase}" holds "{why}": it will never be taken as a yes.'
    if len(seen) < MIN_PHRASES:
        yield "say", f"it has {len(seen)} phrases; at least {MIN_PHRASES} are needed."
    wanted = "anywhere" if _is_safety(intent.name) or intent.name == "JUST_LISTEN" else "alone"
    if intent.scope != wanted:
        yield "scope", f'it must be "{wanted}".'
    if intent.name in CONSENT:
        yield from _left_of_a_refusal(pack, intent, normal)


def _safety_inside(intent: Intent, safety: list[str], normal: Normaliser) -> Iterator[tuple[str, str]]:
    """A command that holds a safety phrase could never be given: the safety phrase counts first."""
    if _is_safety(intent.name):
        return
    for place, pattern in enumerate(intent.say):
        said = [f" {normal.listed(phrase)[0]} " for phrase in expand(pattern)]
        for phrase in safety:
            if any(f" {normal.listed(phrase)[0]} " in one for one in said):
                yield f"say.{place}", f'"{pattern}" holds the safety phrase "{phrase}".'


def _left_of_a_refusal(pack: Pack, intent: Intent, normal: Normaliser) -> Iterator[tuple[str, str]]:
    """A yes that is what remains of a no when its "not" is not heard. The taught phrase is spared."""
    # "No" and "nah" are answers of their own and said with weight: "not" and "don't" are what gets lost.
    answers = {normal.listed(phrase)[0] for phrase in _phrases(pack, "NO")}
    lost = {word for word in pack.rules.negations if " " not in word and normal.plain(word) not in answers}
    remains: dict[str, str] = {}
    for refusal in (phrase for name in REFUSALS for phrase in _phrases(pack, name)):
        words = surface(refusal).split()
        for at, word in enumerate(words):
            if word in lost:
                remains.setdefault(normal.plain(" ".join(words[:at] + words[at + 1 :])), refusal)
    for place, pattern in enumerate(intent.say[1:], start=1):
        for phrase in expand(pattern):
            if whole := remains.get(normal.listed(phrase)[0]):
                yield f"say.{place}", f'"{phrase}" is what is left of "{whole}" when one word is not heard.'


def _one_breath(pack: Pack, normal: Normaliser) -> Iterator[Fault]:
    """Each is made of answers that may be put together, so that whatever is heard of it is understood."""
    answers = frozenset(normal.listed(p)[0] for name in COMBINED for p in _phrases(pack, name))
    for place, pattern in enumerate(pack.rules.one_breath):
        for phrase in expand(pattern):
            if len(answers_in(normal.listed(phrase)[0], answers)) < 2:
                sentence = f'"{phrase}" is not made of several answers to the first questions.'
                yield Fault(f"grammars/{pack.language}/rules.toml", f"one_breath.{place}", sentence)
                break


def _unused(pack: Pack, intent: Intent) -> Iterator[tuple[str, str]]:
    everywhere = {*SHARED, *WHILE_SPEAKING}
    if intent.name in PSEUDO:
        yield "", "this name is taken by the coach itself."
    elif _is_safety(intent.name):
        if intent.name not in SAFETY_ORDER:
            yield "", "there is no state for a safety intent of this name."
    elif intent.name not in everywhere and not any(intent.name in state.go for state in pack.states.values()):
        yield "", "no state takes this answer."


def _missing(pack: Pack) -> Iterator[Fault]:
    wanted = {*SHARED, *WHILE_SPEAKING, *CONSENT, *SAFETY_ORDER, "NO", "UNSURE"}
    for name in sorted(wanted - pack.intents.keys()):
        yield Fault(f"grammars/{pack.language}", name, "this intent is missing.")


def _clashes(pack: Pack, state: State, normal: Normaliser) -> Iterator[str]:
    """Phrases that could mean two things here, or that a stronger command takes away."""
    own = [name for name in state.go if name not in PSEUDO]
    stronger = ["HUSH", "STOP", "PAUSE"]
    if state.listen == "gate":
        own += [name for name in ("NO", "UNSURE") if name not in own]
    if state.listen == "gate" or state.stance in {"explore", "challenge"}:
        stronger.append("JUST_LISTEN")
    held: dict[str, tuple[str, str]] = {}
    for name in dict.fromkeys([*stronger, *own]):
        for phrase in _phrases(pack, name):
            plain = normal.listed(phrase)[0]
            other, first = held.setdefault(plain, (name, phrase))
            if other != name and not _interchangeable(state, other, name):
                yield f'"{phrase}" would mean both {other} and {name} here ("{first}").'


def _interchangeable(state: State, one: str, other: str) -> bool:
    """Whether a shared command and an answer lead to the same place, so that either may win.

    Two answers of the state itself never are: "short" and "long" lead on to the same question.
    """
    pair = {one, other}
    return state.go.get(one) == state.go.get(other) and bool(pair & set(SHARED)) and not pair & CONSENT
