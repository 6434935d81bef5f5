"""The one key of a headset: what a number of presses means on a view (conversation design, 6.6).

In: presses with their times, and a view. Out: an intent, or nothing. A single press is never consent: at a
gate it is a press of the consent key, which takes a second one well apart; two quick ones say "just listen".
An ear bud that is taken out sends a pause: that is no press of a consent key.
"""

from __future__ import annotations

from voice_coach.conversation.consent import is_wish
from voice_coach.screen.view import View

TOGETHER_SECONDS = 0.5
"""A press that follows sooner than this belongs to the one before it."""
LONG_SECONDS = 0.8
"""Held for so long it is a long press, and counts at once."""
LONG = 0
"""In place of a number of presses."""
ALWAYS_IN_TIME = frozenset({"STOP", "PAUSE", "JUST_LISTEN"})
"""What counts too when the question has changed meanwhile: it only closes."""
CONSENT_KEYS = frozenset({"YES", "ASK_ME", "KEEP_IT"})
"""What one key may ask for at a gate; wiping notes is not among them."""


class Presses:
    """Counts presses of one key. Times are seconds on any clock that only goes on."""

    def __init__(self) -> None:
        self._count = 0
        self._down: float | None = None
        self._up = 0.0

    def press(self, at: float) -> None:
        """The key went down."""
        if self._down is None:
            self._down = at
            self._count += 1

    def release(self, at: float) -> None:
        """The key went up."""
        if self._down is not None:
            self._down, self._up = None, at

    @property
    def due(self) -> float | None:
        """When to ask again what was meant; None when nothing was pressed."""
        if self._count == 0:
            return None
        return self._up + TOGETHER_SECONDS if self._down is None else self._down + LONG_SECONDS

    def counted(self, at: float) -> int | None:
        """How many presses it was, or LONG; None when that is not known yet. It is told once."""
        due = self.due
        if due is None or at < due:
            return None
        count = self._count if self._down is None else LONG
        self._count, self._down = 0, None
        return count


def opens(view: View) -> bool:
    """Whether one press would ask for consent here."""
    return bool(view.choices) and _asks(view, view.choices[0].intent)


def _asks(view: View, intent: str) -> bool:
    return intent in CONSENT_KEYS and is_wish(view.state, intent)


def meant(view: View, count: int) -> str | None:
    """The intent of so many presses (or LONG) on this view."""
    if view.over:
        return None
    offered = [key.intent for key in view.choices]
    if count == LONG:
        return "STOP"
    if "RESUME" in offered and view.phase == "paused":
        return "RESUME"
    if count >= 3:
        return "PAUSE"
    if count == 2:
        return "JUST_LISTEN"
    if "DONE" in offered:
        return "DONE"
    return offered[0] if opens(view) else "SKIP"
