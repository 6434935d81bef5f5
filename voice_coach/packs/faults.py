"""One fault of a pack, for a writer to mend.

Comes in: a file, a key and a sentence. Goes out: one line of text. It never judges how grave it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a pack, and where."""

    file: str
    """As a writer knows it: content/en/arrive.toml."""
    key: str
    """Dotted: WELCOME.prompts.2; empty when the whole file is meant."""
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.key}" if self.key else self.file
        return f"{place}: {self.sentence}"
