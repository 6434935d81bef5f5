"""Checks what comes from the seed resource: every passage has its place, every quote its words.

Comes in: a pack. Goes out: faults. The passages are numbered as in the conversation design, part 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Pack, Prompt
from voice_coach.packs.spoken import prompts_of, state_file
from voice_coach.understanding.normalise import surface

PASSAGES = frozenset(
    (
        *("H1", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "B1", "B2", "B3", "B4", "B5", "B6"),
        *("C1", "C2", "C3a", "C3b", "C3c", "C3d", "C3e", "C4", "C4a", "C4b", "C4c", "C4d", "C5"),
        *("D1", "D2", "D3", "D4", "E1", "E2", "E3", "F1", "F2", "F3", "F4", "F5", "F6"),
        *("G1", "G2", "G3", "G4", "G5", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8"),
    )
)
"""Passages of the seed that are spoken; H2 and H3 (the series, the funding) belong to the documents."""


def check_seed(pack: Pack) -> list[Fault]:
    """Every fault of passages and quotes."""
    return [*_passages(pack), *_quotes(pack)]


def _passages(pack: Pack) -> Iterator[Fault]:
    used: set[str] = set()
    for state in pack.states.values():
        used.update(state.seed)
        for passage in (*state.seed, *state.traps):
            if passage not in PASSAGES:
                sentence = f'the seed has no passage "{passage}".'
                yield Fault(state_file(pack, state), f"{state.name}.seed", sentence)
    for passage in sorted(PASSAGES - used):
        yield Fault(f"content/{pack.language}", passage, "no state takes up this passage of the seed.")


def _quotes(pack: Pack) -> Iterator[Fault]:
    style = f"content/{pack.language}/style.toml"
    quoted = {passage for passage in PASSAGES if passage.startswith("Q")}
    for name in sorted(pack.style.seed_quotes.keys() ^ quoted):
        wrong = (
            "the seed has no such question."
            if name not in quoted
            else "the words of this question are missing."
        )
        yield Fault(style, f"seed_quotes.{name}", wrong)
    for state in pack.states.values():
        for key, prompt in prompts_of(state):
            if prompt.from_seed and (sentence := _difference(pack, prompt)):
                yield Fault(state_file(pack, state), f"{state.name}.{key}", sentence)


def _difference(pack: Pack, prompt: Prompt) -> str:
    """How a quote departs from the seed; "" when it does not.

    Words joined by slashes in the seed are alternatives, of which one is spoken. A prompt that says
    what it adapted may add words and change marks, but must keep every word of the seed.
    """
    quote = pack.style.seed_quotes.get(prompt.from_seed)
    if quote is None:
        return f'it quotes "{prompt.from_seed}", whose words are not in style.toml.'
    said = surface(prompt.text)
    if prompt.adapted:
        lost = [word for word in surface(quote).split() if word not in said.split()]
        return f'it leaves out "{lost[0]}" of {prompt.from_seed}.' if lost else ""
    if said not in _alternatives(quote):
        return f"it is not word for word {prompt.from_seed} of the seed; say in `adapted` what was changed."
    return ""


def _alternatives(quote: str) -> set[str]:
    pieces = [piece.split("/") for piece in re.split(r"(\s+)", quote)]
    return {surface("".join(words)) for words in product(*pieces)}
