"""Which words come next: the least used prompt of a state, its placeholders filled.

Comes in: a pack, the memory and an order that was passed in (a seed's shuffle). Goes out: Say cues.
It never speaks, and never changes a word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from voice_coach.conversation import numbers
from voice_coach.conversation.cues import Say
from voice_coach.conversation.memory import Memory
from voice_coach.packs.models import Pack, Prompt, State

Order = Callable[[str, int], Sequence[int]]
"""(name of a list, its length) -> the order its variants are used in; the same answer every time."""

_BRACES = re.compile(r"\{(\w+)\}")
_LEFT_OPEN = frozenset({"note"})
"""Placeholders that whoever speaks fills in: the note is not known here."""


def in_file_order(name: str, length: int) -> Sequence[int]:
    """The variants as they stand in the pack."""
    return range(length)


class PromptBook:
    """Chooses prompts and lines, least used first, and remembers how often each was said."""

    def __init__(self, pack: Pack, order: Order, names: tuple[str, str] | None = None) -> None:
        """`names`: what the two people are called; the pack's own words for One and Two without it."""
        self._pack = pack
        self._order = order
        self._names = names or _names(pack)
        self._said: Counter[str] = Counter()
        self._ranks: dict[str, dict[int, int]] = {}
        self._known: dict[str, tuple[bool, bool]] = {}

    def twin(self) -> PromptBook:
        """An independent copy, for imagining what would be said."""
        other = PromptBook(self._pack, self._order, self._names)
        other._said, other._ranks, other._known = self._said.copy(), self._ranks, self._known
        return other

    def usage(self, state: str) -> float:
        """How often this state was entered, ties broken by the order passed in (0 to 1)."""
        return self._said[state] + self._order(state, 16)[0] / 16

    def note(self, say: Say) -> None:
        """Count a prompt as said."""
        self._said[say.id] += 1
        if ".prompts." in say.id:
            self._said[say.state] += 1

    def prompt(self, state: State, memory: Memory, *, again: bool = False, stopped: bool = False) -> Say:
        """The prompt this state would say now; the same until it has been said."""
        kind, prompts = "prompts", state.prompts
        if again and state.again_prompts:
            kind, prompts = "again_prompts", state.again_prompts
        elif memory.harm and state.harm_prompts:
            kind, prompts = "harm_prompts", state.harm_prompts
        base = f"{state.name}.{kind}"
        conditional, open_words = self._traits(base, prompts)
        words = self._words(state, memory) if open_words else {}
        fitting: Sequence[int] = range(len(prompts))
        if conditional or open_words:
            fitting = _fitting(prompts, _conditions(memory, stopped), words)
        index = self._least_used(base, len(prompts), fitting)
        parts = prompts[index].spoken
        parts = _filled(parts, words) if open_words else parts
        return Say(state.name, f"{base}.{index}", state.stance, parts)

    def line(self, name: str, state: State, memory: Memory, *, stance: str = "") -> Say | None:
        """A line said from anywhere; None where the pack has none of that name."""
        variants = self._pack.lines.get(name)
        if not variants:
            return None
        base = f"lines.{name}"
        index = self._least_used(base, len(variants), range(len(variants)))
        parts = self._filled(variants[index], state, memory)
        return Say(state.name, f"{base}.{index}", stance or aside_stance(state), parts)

    def aside(self, kind: str, text: str, state: State, memory: Memory) -> Say | None:
        """A state's own silence, unclear, help or default sentence; None where it is empty."""
        if not text:
            return None
        parts = self._filled(text, state, memory)
        return Say(state.name, f"{state.name}.{kind}", aside_stance(state), parts)

    def echo(self, state: State, word: str) -> Say | None:
        """One feeling word said back."""
        if state.echo is None:
            return None
        base = f"{state.name}.echo"
        index = self._least_used(base, len(state.echo.lines), range(len(state.echo.lines)))
        parts = _filled((state.echo.lines[index],), {"word": word})
        return Say(state.name, f"{base}.{index}", aside_stance(state), parts)

    def _filled(self, text: str, state: State, memory: Memory) -> tuple[str, ...]:
        return _filled((text,), self._words(state, memory)) if "{" in text else (text,)

    def _traits(self, base: str, prompts: Sequence[Prompt]) -> tuple[bool, bool]:
        """Whether any of these prompts is meant for a certain time, and whether any has a word to fill in."""
        if base not in self._known:
            conditional = any(prompt.when for prompt in prompts)
            self._known[base] = conditional, any("{" in part for p in prompts for part in p.spoken)
        return self._known[base]

    def _words(self, state: State, memory: Memory) -> dict[str, str]:
        """What stands in the place of the braces in this state."""
        words = {"s": self._names[memory.speaker], "l": self._names[1 - memory.speaker]}
        if state.group == "crisis":
            words |= numbers.nearest(self._pack.contacts)
        if state.name == "CR_NUMBERS":
            found = numbers.contact(self._pack.contacts, memory.numbers_for, memory.contact)
            words |= numbers.words_of(found)
        elif state.name == "CR_MEDICAL" and memory.numbers_for == "poison":
            poisons = numbers.first_of(self._pack.contacts, "poisons")
            words |= numbers.words_of(poisons) if poisons is not None else {}
        return words

    def _least_used(self, base: str, length: int, fitting: Sequence[int]) -> int:
        if base not in self._ranks:
            self._ranks[base] = {index: rank for rank, index in enumerate(self._order(base, length))}
        ranks = self._ranks[base]
        return min(fitting, key=lambda i: (self._said[f"{base}.{i}"], ranks[i]))


def aside_stance(state: State) -> str:
    """The stance of what is said beside a prompt: never a challenge, never a question about the story."""
    return "listen" if state.stance in {"challenge", "explore"} else state.stance


def _names(pack: Pack) -> tuple[str, str]:
    first, second = pack.style.people
    return first, second


def _conditions(memory: Memory, stopped: bool) -> set[str]:
    """The names under which a prompt may say that it is meant for now (its `when`)."""
    holds = {
        "returning": memory.personal,
        "together": memory.mode == "together",
        "note_kept": memory.note_kept,
        "stop": stopped,
        memory.powers: memory.powers != "",
    }
    return {name for name, held in holds.items() if held}


CONDITIONS = frozenset(
    {"returning", "together", "note_kept", "stop", "MORE_POWER", "LESS_POWER", "SAME_POWER"}
)
"""All that a prompt's `when` can name."""


def _fitting(prompts: Sequence[Prompt], holding: set[str], words: Mapping[str, str]) -> list[int]:
    """Prompts meant for now; else those meant for any time. None with a gap where a word should be."""
    whole = [i for i, prompt in enumerate(prompts) if not _gaps(prompt, words)] or list(range(len(prompts)))
    meant = [i for i in whole if prompts[i].when in holding]
    return meant or [i for i in whole if not prompts[i].when] or whole


def _gaps(prompt: Prompt, words: Mapping[str, str]) -> bool:
    wanted = {name for part in prompt.spoken if "{" in part for name in _BRACES.findall(part)}
    return any(not words.get(name) for name in wanted - _LEFT_OPEN)


def _filled(parts: Sequence[str], words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_BRACES.sub(lambda found: words.get(found[1], found[0]), part) for part in parts)
