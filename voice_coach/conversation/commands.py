"""Shared commands that change nothing but what is said next: the turn goes on where it was.

Comes in: an intent. Goes out: the name of the line that answers it. Moving commands are in targets.py.
"""

from __future__ import annotations

from voice_coach.conversation.cues import Adjust

STAYING: dict[str, str] = {
    "REPEAT": "",
    "HELP": "HELP_GENERAL",
    "SLOWER": "SLOWER",
    "FASTER": "FASTER",
    "VOLUME_UP": "VOLUME",
    "VOLUME_DOWN": "VOLUME",
    "ADVICE_ASK": "ADVICE",
    "JUDGE_Q": "JUDGE_Q",
    "HUMAN_Q": "HUMAN_Q",
    "RECORD_Q": "RECORD_Q",
    "FORGET": "FORGET",
}
"""Intent -> line said before listening again."""
ADJUSTING: dict[str, Adjust] = {
    "SLOWER": Adjust("pace", -1),
    "FASTER": Adjust("pace", 1),
    "VOLUME_UP": Adjust("volume", 1),
    "VOLUME_DOWN": Adjust("volume", -1),
}
SLOWEST, FASTEST = -4, 3
"""Steps of pace: the first two change every gap, the others the words (conversation design, 6.1)."""
