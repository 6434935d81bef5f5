"""What is known before the first word, and the numbers of time the conversation goes by.

Comes in: the command line and the settings. Goes out: one frozen value. It holds nothing of a session.
"""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.conversation.memory import Mode

BUDGET_SECONDS = {"short": 300.0, "long": 1200.0, "walking": 1200.0, "": 300.0}
"""The time a person gave (conversation design, part 4)."""
LATE_SECONDS = 120.0
"""With so much left, what can be dropped is dropped."""
PACES = (2.0, 1.5, 1.0, 0.7)
"""How much longer every wait is at each pace: two steps slower, one, usual, faster (6.1)."""
MIC_TROUBLE_AFTER = 3
"""So many gentler ways in a row: say once that hearing is hard (6.4)."""


@dataclass(frozen=True)
class Preset:
    """What is known before the first word: from the command line and the settings."""

    mode: Mode = ""
    length: str = ""
    notes_on: bool = False
    patience: float = 1.0
    """Every wait is multiplied by this, 1 to 10; 0 turns all time limits off (I-28)."""
