"""What passes between a session and the process that serves its page: plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Open:
    """Begin to serve on this port of the loopback address (0: any free one)."""

    port: int
    files: dict[str, tuple[str, bytes]]
    """Name below the token ("" is the page) -> media type and content."""


@dataclass(frozen=True)
class Show:
    """The present view, as JSON, and what may be pressed on it."""

    turn: int
    offers: frozenset[str]
    view: str


@dataclass(frozen=True)
class Level:
    """How loud the microphone is now, 0 to 1."""

    value: float


@dataclass(frozen=True)
class Opened:
    """The page can be had at this address, which holds the token."""

    address: str


@dataclass(frozen=True)
class NotOpened:
    """It cannot be served; one sentence."""

    reason: str


@dataclass(frozen=True)
class Pressed:
    """The viewer pressed a key that the present view offers."""

    intent: str
