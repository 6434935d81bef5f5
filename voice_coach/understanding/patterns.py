"""Phrase patterns: `[may be left out]` and `(either|or)`, nested as deep as a reader can follow.

In: one pattern as a writer typed it. Out: every phrase it stands for, in the order of the pattern.
It never touches case or spelling, and never builds more phrases than the cap.
"""

from __future__ import annotations

import re

MAX_PHRASES = 200
"""Phrases one pattern may stand for: ten times what an intent of 8 to 15 phrases needs."""
MAX_DEPTH = 6
"""Brackets within brackets: more cannot be read by eye."""

_TOKEN = re.compile(r"[\[\]()|]|[^\[\]()|]+")
_CLOSING = {"[": "]", "(": ")"}


class PatternError(ValueError):
    """A pattern that cannot be read: the message is one plain sentence without the pattern itself."""


def expand(pattern: str, cap: int = MAX_PHRASES) -> tuple[str, ...]:
    """Every phrase a pattern stands for, each once, with single spaces between words.

    Raises PatternError for unbalanced or empty brackets, a stray "|", a pattern that could match
    silence, and a pattern that stands for more than `cap` phrases.
    """
    if not any(mark in pattern for mark in "[]()|"):
        phrase = " ".join(pattern.split())
        if not phrase:
            raise PatternError("it is empty")
        return (phrase,)
    phrases, rest = _sequence(_TOKEN.findall(pattern), 0, "", cap)
    if rest != len(_TOKEN.findall(pattern)):
        raise PatternError("a bracket closes that was never opened")
    found = tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))
    if "" in found:
        raise PatternError("it would match when nothing is said, as every word may be left out")
    return found


def _sequence(tokens: list[str], at: int, opened: str, cap: int, depth: int = 0) -> tuple[list[str], int]:
    """Read alternatives up to the closing bracket; give their phrases and the place after it."""
    if depth > MAX_DEPTH:
        raise PatternError(f"its brackets stand more than {MAX_DEPTH} deep")
    done: list[str] = []
    current = [""]
    while at < len(tokens):
        token = tokens[at]
        if token in _CLOSING:
            inner, at = _sequence(tokens, at + 1, token, cap, depth + 1)
            current = _joined(current, inner, cap)
            continue
        at += 1
        if token == "|":
            if opened != "(":
                raise PatternError('"|" stands outside round brackets')
            done, current = _finished(done, current), [""]
        elif token in ")]":
            if token != _CLOSING.get(opened):
                raise PatternError("its brackets do not pair up")
            choices = _finished(done, current)
            return (choices, at) if opened == "(" else ([*choices, ""], at)
        else:
            current = _joined(current, [token], cap)
    if opened:
        raise PatternError("a bracket is opened and never closed")
    return current, at


def _finished(done: list[str], current: list[str]) -> list[str]:
    if not any(phrase.strip() for phrase in current):
        raise PatternError("a choice in it is empty; write what may be left out in square brackets")
    return done + current


def _joined(left: list[str], right: list[str], cap: int) -> list[str]:
    if len(left) * len(right) > cap:
        raise PatternError(f"it stands for more than {cap} phrases")
    return [f"{a}{b}" for a in left for b in right]
