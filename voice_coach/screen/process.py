"""The page of a session, served by a process of its own.

In: views and levels from the session's loop, which never waits here. Out: presses, put on the session's
queue; one sentence when the page is lost. A page that is lost or closed never ends the session.
"""

from __future__ import annotations

import json
import queue
from collections.abc import Callable
from typing import Any

from voice_coach.child import Child
from voice_coach.errors import SetupError
from voice_coach.screen.assets import page_files
from voice_coach.screen.board import PHASE_PICTURES, SIGN_PICTURES, Board, Key
from voice_coach.screen.latest import Latest
from voice_coach.screen.messages import Level, NotOpened, Open, Opened, Pressed, Show
from voice_coach.screen.view import ALSO_BY_KEY, View

WORKER = "voice_coach.screen.worker"
OPEN_SECONDS = 10.0


class Page:
    """A page being served."""

    def __init__(
        self,
        board: Board,
        press: Callable[[str], None],
        *,
        port: int = 0,
        lost: Callable[[], None] | None = None,
    ) -> None:
        """Start to serve. `press` takes intents and `lost` is called, from a thread. Raises SetupError."""
        self._board, self._press = board, press
        self._opened: queue.SimpleQueue[Opened | NotOpened] = queue.SimpleQueue()
        self._lost = lost
        self._child = Child(WORKER, self._answered, self._gone)
        self._child.send(Open(port, page_files(board)))
        try:
            answer = self._opened.get(timeout=OPEN_SECONDS)
        except queue.Empty:
            answer = NotOpened("its process does not answer")
        if isinstance(answer, NotOpened):
            self._child.close()
            raise SetupError(
                f"The screen's page cannot be shown: {answer.reason}; "
                "choose another port with --screen PORT, or leave the number out."
            )
        self.address = answer.address
        """Holds the token: for the person's own browser only."""
        self._latest = Latest(self._child.send, "page-writer")

    @property
    def pid(self) -> int:
        """The serving process's number."""
        return self._child.pid

    def show(self, view: View) -> None:
        """Show this from now on; returns at once."""
        offers = frozenset(key.intent for key in (*view.choices, *view.always)) | ALSO_BY_KEY
        self._latest.put(Show(view.turn, frozenset() if view.over else offers, as_json(view, self._board)))

    def level(self, value: float) -> None:
        """How loud the microphone is, 0 to 1; returns at once."""
        self._latest.put(Level(value))

    def close(self) -> None:
        """Send what is still to be seen, and end the process."""
        self._latest.close()
        self._child.close(seconds=2.0)

    def _answered(self, answer: Any) -> None:
        if isinstance(answer, Pressed):
            self._press(answer.intent)
        else:
            self._opened.put(answer)

    def _gone(self) -> None:
        self._opened.put(NotOpened("its process ended"))
        if self._lost is not None and hasattr(self, "address"):
            self._lost()


def as_json(view: View, board: Board) -> str:
    """A view as the page reads it: every word and picture that is to be seen."""
    words = board.words
    shown = {
        "turn": view.turn,
        "picto": view.picto,
        "phase": {"name": view.phase, "word": words.phases[view.phase], "picto": PHASE_PICTURES[view.phase]},
        "caption": view.caption,
        "sign": view.sign
        and {"name": view.sign, "word": words.signs[view.sign], "picto": SIGN_PICTURES[view.sign]},
        "choices": [_key(key) for key in view.choices],
        "always": [_key(key) for key in view.always] if not view.over else [],
        "over": view.over,
    }
    return json.dumps(shown, ensure_ascii=False)


def _key(key: Key) -> dict[str, str]:
    return {"intent": key.intent, "word": key.word, "name": key.name, "picto": key.picto}
