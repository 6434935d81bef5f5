"""The letters and digits of a keyboard, and what they press on a view. The page has the same ones.

In: a view and a character. Out: an intent, or nothing.
"""

from __future__ import annotations

from voice_coach.screen.view import View

LETTERS = {
    "s": "STOP",
    "p": "PAUSE",
    "k": "SKIP",
    "a": "REPEAT",
    "h": "HELP",
    "n": "NUMBERS",
    "q": "HUSH",
}


def letter_of(intent: str) -> str:
    """The letter that presses this intent, or ""."""
    return next((letter for letter, meant in LETTERS.items() if meant == intent), "")


def pressed(view: View, character: str) -> str | None:
    """What this character presses on this view; None when nothing."""
    if character.isdecimal() and character.isascii():
        at = int(character) - 1
        return view.choices[at].intent if 0 <= at < len(view.choices) else None
    intent = LETTERS.get(character.lower())
    return intent if intent is not None and view.offers(intent) else None
