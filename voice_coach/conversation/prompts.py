"""Which words come next: the least used prompt of a state, its placeholders filled.

Comes in: a pack, the memory and an order that was passed in (a seed's shuffle). Goes out: Say cues.
It never speaks, and never changes a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from voice_coach.conversation.cues import Say
from voice_coach.conversation.memory import Memory
from voice_coach.packs.models import Pack, Prompt, State

Order = Callable[[str, int], Sequence[int]]
"""(name of a list, its length) -> the order its variants are used in; the same answer every time."""


def in_file_order(name: str, length: int) -> Sequence[int]:
    """The variants as they stand in the pack."""
    return range(length)


class PromptBook:
    """Chooses prompts and lines, least used first, and remembers how often each was said."""

    def __init__(self, pack: Pack, order: Order, names: tuple[str, str] = ("One", "Two")) -> None:
        self._pack = pack
        self._order = order
        self._names = names
        self._said: Counter[str] = Counter()

    def usage(self, state: str) -> float:
        """How often this state was entered, ties broken by the order passed in (0 to 1)."""
        return self._said[state] + self._order(state, 16)[0] / 16

    def note(self, say: Say) -> None:
        """Count a prompt as said."""
        self._said[say.id] += 1
        if ".prompts." in say.id:
            self._said[say.state] += 1

    def prompt(self, state: State, memory: Memory, *, again: bool = False, harm: bool = False) -> Say:
        """The prompt this state would say now; the same until it has been said."""
        kind, prompts = "prompts", state.prompts
        if again and state.again_prompts:
            kind, prompts = "again_prompts", state.again_prompts
        if harm and state.harm_prompts:
            kind, prompts = "harm_prompts", state.harm_prompts
        fitting = [i for i, p in enumerate(prompts) if p.when and p.when in _conditions(memory)]
        fitting = fitting or [i for i, p in enumerate(prompts) if not p.when] or list(range(len(prompts)))
        base = f"{state.name}.{kind}"
        index = self._least_used(base, len(prompts), fitting)
        parts = self.fill_all(_parts(prompts[index]), memory)
        return Say(state.name, f"{base}.{index}", state.stance, parts)

    def line(self, name: str, state: State, memory: Memory, *, stance: str = "") -> Say | None:
        """A line said from anywhere; None where the pack has none of that name."""
        variants = self._pack.lines.get(name)
        if not variants:
            return None
        base = f"lines.{name}"
        index = self._least_used(base, len(variants), list(range(len(variants))))
        parts = self.fill_all((variants[index],), memory)
        return Say(state.name, f"{base}.{index}", stance or aside_stance(state), parts)

    def aside(self, kind: str, text: str, state: State, memory: Memory) -> Say | None:
        """A state's own silence, unclear, help or default sentence; None where it is empty."""
        if not text:
            return None
        return Say(state.name, f"{state.name}.{kind}", aside_stance(state), self.fill_all((text,), memory))

    def echo(self, state: State, word: str, memory: Memory) -> Say | None:
        """One feeling word said back."""
        if state.echo is None:
            return None
        base = f"{state.name}.echo"
        index = self._least_used(base, len(state.echo.lines), range(len(state.echo.lines)))
        parts = self.fill_all((state.echo.lines[index],), memory, {"word": word})
        return Say(state.name, f"{base}.{index}", aside_stance(state), parts)

    def fill_all(
        self, parts: Sequence[str], memory: Memory, extra: Mapping[str, str] = {}
    ) -> tuple[str, ...]:
        """Put the names of speaker and listener (and others given) in place of the braces."""
        words = {"s": self._names[memory.speaker], "l": self._names[1 - memory.speaker], **extra}
        return tuple(_fill(part, words) for part in parts)

    def _least_used(self, base: str, length: int, fitting: Sequence[int]) -> int:
        order = {index: rank for rank, index in enumerate(self._order(base, length))}
        return min(fitting, key=lambda i: (self._said[f"{base}.{i}"], order[i]))


def aside_stance(state: State) -> str:
    """The stance of what is said beside a prompt: never a challenge, never a question about the story."""
    return "listen" if state.stance in {"challenge", "explore"} else state.stance


def _parts(prompt: Prompt) -> tuple[str, ...]:
    return prompt.spoken


def _conditions(memory: Memory) -> set[str]:
    return {memory.powers} if memory.powers else set()


def _fill(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return text
