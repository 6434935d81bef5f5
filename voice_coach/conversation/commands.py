"""Shared commands that change nothing but what is said next: the turn goes on where it was.

Comes in: an intent. Goes out: the name of the line that answers it. Moving commands are in targets.py.
"""

from __future__ import annotations

STAYING: dict[str, str] = {
    "REPEAT": "",
    "HELP": "HELP_GENERAL",
    "SLOWER": "SLOWER",
    "FASTER": "FASTER",
    "VOLUME_UP": "VOLUME",
    "VOLUME_DOWN": "VOLUME",
    "ADVICE_ASK": "ADVICE",
    "HUMAN_Q": "HUMAN_Q",
    "RECORD_Q": "RECORD_Q",
    "FORGET": "FORGET",
}
"""Intent -> line said before listening again."""


def staying_line(intent: str) -> str:
    """The name of the line that answers a staying command; "" for none."""
    return STAYING.get(intent, "")
