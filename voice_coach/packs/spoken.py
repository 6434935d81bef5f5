"""Every string of a pack that is spoken to a person, with the place where a writer finds it.

Comes in: a pack. Goes out: Spoken items. It never judges them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voice_coach.packs.models import Pack, Prompt, State


@dataclass(frozen=True)
class Spoken:
    """One string as it is said without a pause of its own."""

    file: str
    key: str
    text: str
    """Placeholders still in braces."""
    state: str = ""
    """The state it belongs to; empty for lines said from anywhere."""
    asks: bool = False
    """Said in a state that waits for a choice or for consent, to put the choices."""
    quote: str = ""
    """The part of it that quotes the seed, whose words are not ours to change."""


def state_file(pack: Pack, state: State) -> str:
    """The file a state stands in, as a writer knows it."""
    return f"content/{pack.language}/{state.group}.toml"


def spoken_strings(pack: Pack) -> Iterator[Spoken]:
    """Everything the coach may say: states first, then lines, then what is read of the contacts."""
    for state in pack.states.values():
        yield from _of_state(state, state_file(pack, state))
    for name, variants in pack.lines.items():
        for place, text in enumerate(variants):
            yield Spoken(f"content/{pack.language}/lines.toml", f"{name}.{place}", text)
    for kind, contacts in pack.contacts.items():
        for place, contact in enumerate(contacts):
            for field in ("name", "what", "digits", "hours"):
                if text := getattr(contact, field):
                    file = f"content/{pack.language}/contacts.toml"
                    yield Spoken(file, f"{kind}.{place}.{field}", text)


def prompts_of(state: State) -> Iterator[tuple[str, Prompt]]:
    """Every prompt of a state with its key below the state's name."""
    for field in ("prompts", "again_prompts", "harm_prompts"):
        for place, prompt in enumerate(getattr(state, field)):
            yield f"{field}.{place}", prompt


def _of_state(state: State, file: str) -> Iterator[Spoken]:
    asks = state.listen in {"choice", "gate"}
    for key, prompt in prompts_of(state):
        quote = prompt.text if prompt.from_seed else ""
        for place, part in enumerate(prompt.spoken):
            whole = f"{state.name}.{key}" + (f".parts.{place}" if prompt.parts else "")
            yield Spoken(file, whole, part, state.name, asks, quote)
    for field in ("silence", "unclear"):
        if text := getattr(state, field):
            yield Spoken(file, f"{state.name}.{field}", text, state.name, asks)
    for field in ("help", "default"):
        if text := getattr(state, field):
            yield Spoken(file, f"{state.name}.{field}", text, state.name)
    for intent, text in state.lines.items():
        yield Spoken(file, f"{state.name}.lines.{intent}", text, state.name)
    for place, text in enumerate(state.echo.lines if state.echo else ()):
        yield Spoken(file, f"{state.name}.echo.lines.{place}", text, state.name)
