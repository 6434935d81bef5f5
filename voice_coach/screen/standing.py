"""A page that stays while the coach waits to be called, and shows each session that is held meanwhile.

In: the command's arguments, sessions one after another. Out: one page (or terminal display) with a key that
begins a session; then the session's own keys. It outlives every session and never ends one.
"""

from __future__ import annotations

import argparse
import contextlib
import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from voice_coach.coach import KeyPressed
from voice_coach.packs.models import Pack
from voice_coach.screen.board import Board, Key
from voice_coach.screen.display import displays_of, meter_of, publisher
from voice_coach.screen.view import Screen, View
from voice_coach.session import Session

BEGIN, BEGIN_PICTURE, WAITING_PICTURE = "BEGIN", "play", "open_hand"


class StandingScreen:
    """What is seen between sessions and in them."""

    def __init__(self, board: Board, phrase: str, begin: Callable[[], None]) -> None:
        """`phrase`: what to say to be answered. `begin` is called, from a thread, when the key is pressed."""
        self._board, self._begin = board, begin
        words = board.words.called
        self._caption = words.caption.replace("{phrase}", phrase)
        self._key = Key(BEGIN, words.begin, words.begin, BEGIN_PICTURE)
        self._session: queue.SimpleQueue[Any] | None = None
        self._publish: Callable[[View], None] = lambda view: None
        self._level: Callable[[Any], None] = lambda samples: None
        self._turn = 0

    @contextlib.contextmanager
    def shown(self, given: argparse.Namespace, *, headset: bool) -> Iterator[None]:
        """Show it while the block runs. Raises SetupError when the page cannot be served."""
        with contextlib.ExitStack() as stack:
            displays = displays_of(stack, given, self._board, self.press, headset=headset)
            self._publish, self._level = publisher(displays), meter_of(displays)
            yield

    def press(self, intent: str) -> None:
        """A key: of the session, or the one that begins one."""
        session = self._session
        if session is not None:
            session.put(KeyPressed(intent))
        elif intent == BEGIN:
            self._begin()

    def wait(self) -> None:
        """Nobody has called yet, or not again."""
        self._session = None
        self._turn += 1
        self._publish(
            View(
                turn=self._turn,
                picto=WAITING_PICTURE,
                phase="waiting",
                caption=self._caption,
                choices=(self._key,),
            )
        )

    def follow(self, session: Session) -> None:
        """Show this session from its first word."""
        base, self._session = self._turn + 1, session.events

        def publish(view: View) -> None:
            self._turn = base + view.turn
            # An end is the end of one session: the page stays, as empty as the end left it.
            self._publish(replace(view, turn=self._turn, over=False, always=() if view.over else view.always))

        session.log.follow(Screen(self._board, publish).notice)
        session.coach.be_seen(self._level)


def standing_screen(
    given: argparse.Namespace, pack: Pack, phrase: str, begin: Callable[[], None]
) -> StandingScreen | None:
    """The screen that was asked for; None where none was."""
    given.captions = given.captions or "off"
    if given.screen is None and given.captions == "off":
        return None
    return StandingScreen(Board(pack), phrase, begin)
