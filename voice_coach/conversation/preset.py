"""What is known before the first word, and the numbers of time the conversation goes by.

Comes in: the command line and the settings. Goes out: one frozen value. It holds nothing of a session.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from voice_coach.conversation.memory import Kinds, Length, Memory, Mode

BUDGET_SECONDS: dict[tuple[Mode, Length], float] = {
    ("look_back", "short"): 300.0,
    ("look_back", "long"): 1200.0,
    ("get_ready", ""): 720.0,
    ("together", "short"): 720.0,
    ("together", ""): 1200.0,
    ("together", "long"): 1800.0,
}
"""The time a person gave (conversation design, part 4); what is not listed takes as long as wanted."""
SHORTEST_SECONDS = min(BUDGET_SECONDS.values())
LATE_SECONDS = 120.0
"""With so much left there is one soft bell."""
DROPPED_SECONDS = {"challenge": 60.0, "explore": 50.0, "hope": 40.0, "raw check": 35.0, "towards": 25.0}
"""With so much left, each is dropped (part 4, in this order): too little to do it and still close in time.

By the plan of part 4 the check-in of a short look back ends with 65 seconds left, so that its one card or one
gate is still to be had by somebody who keeps to the plan."""
TOGETHER_BESIDE_SECONDS = 360.0
"""Of the time two people have, what is not their two turns (part 4)."""
TURN_BELL_SECONDS = 60.0
"""The bell of a turn comes so long before its end (6.5)."""
FREE_BELL_SECONDS = 360.0
"""One soft bell in open talk after so long; nobody is cut off (6.5)."""
STRETCH_SECONDS = 120.0
"""A stretch of walking after a reflective question (6.6)."""
NO_ANSWER_SECONDS = 12.0
"""Whatever Two answers but yes, the coach goes on after this: nobody can tell which it was (I-21)."""
PACES = (2.0, 2.0, 2.0, 1.5, 1.0, 0.7, 0.7, 0.7)
"""How much longer every wait is at each pace, slowest first: beyond two steps slower, or one faster, only the
words change (6.1)."""
MIC_TROUBLE_AFTER = 3
"""So many gentler ways in a row: say once that hearing is hard (6.4)."""


@dataclass(frozen=True)
class Preset:
    """What is known before the first word: from the command line and the settings."""

    mode: Mode = ""
    length: str = ""
    """short, long, walking, or "" to be asked."""
    notes_on: bool = False
    note_kinds: Kinds = "both"
    """What notes can be made: only voice where nothing can write words down, only text when typed."""
    patience: float = 1.0
    """Every wait is multiplied by this, 1 to 10; 0 turns all time limits off (I-28)."""
    pace: int = 0
    """Steps slower (below 0) or faster than usual, to begin with."""
    personal: bool = False
    """The device is one person's own: the short welcome and consent are used (10.3)."""
    formal_due: bool = False
    """At most every fifth session may ask about set times to reflect (8.6): nobody counts, chance decides."""

    def memory(self) -> Memory:
        """The memory of a session that begins with this."""
        memory = Memory(
            mode=self.mode,
            length=cast(Length, "long" if self.length == "walking" else self.length),
            walking=self.length == "walking",
            unhurried=self.length == "walking",
            notes_on=self.notes_on,
            note_kinds=self.note_kinds,
            personal=self.personal,
            formal_due=self.formal_due,
        )
        take_time(memory)
        return memory


def take_time(memory: Memory) -> None:
    """Note the time there is, once it is known what for: it sets the bells. Only a look back is cut to it."""
    known = BUDGET_SECONDS.get((memory.mode, memory.length))
    memory.given = known if known is not None else BUDGET_SECONDS.get((memory.mode, ""))
    if memory.mode not in {"", "solo", "look_back"}:
        memory.length = ""
