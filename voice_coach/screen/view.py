"""What is to be seen at this moment, worked out from the events of a session.

In: the events the log passes on, and levels of sound. Out: a View whenever it changes. It holds the present
only: no history, nothing a person said. It presses nothing and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from voice_coach.conversation.consent import is_wish
from voice_coach.events import Event
from voice_coach.screen.board import Board, Key

HIDDEN_ENDS = frozenset({"hushed"})
"""Ends after which the screen shows nothing at all (conversation design, 9.3: no words on screen)."""
ALSO_BY_KEY = frozenset({"HUSH"})
"""Intents without a key of their own on the screen that a keyboard may send."""


@dataclass(frozen=True)
class View:
    """Everything on the screen at one moment."""

    turn: int = 0
    """Grows with every state: a press meant for an earlier question does not count for a later one."""
    state: str = ""
    """Where in the talk it is."""
    picto: str = "open_hand"
    """The state's picture; "" shows nothing."""
    phase: str = "starting"
    """starting, speaking, listening, waiting, paused or off."""
    caption: str = ""
    """Exactly what is being spoken, or was spoken last."""
    sign: str = ""
    """A passing sign: press_again, unheard, no_hurry, bell, use_screen; "" for none."""
    choices: tuple[Key, ...] = ()
    always: tuple[Key, ...] = ()
    over: bool = False

    def offers(self, intent: str) -> bool:
        """Whether a press of this intent means something on this screen."""
        keys = {key.intent for key in (*self.choices, *self.always)}
        return not self.over and (intent in keys or intent in ALSO_BY_KEY)


class Screen:
    """Follows one session."""

    def __init__(
        self, board: Board, publish: Callable[[View], None], gates: frozenset[str] = frozenset()
    ) -> None:
        """`publish` is called at once, and then from the session's loop: it must return at once.

        `gates`: states beside the conversation's own in which a yes by key takes two presses.
        """
        self._board, self._publish, self._gates = board, publish, gates
        self.view = View(always=board.always)
        publish(self.view)

    def notice(self, event: Event) -> None:
        """Take one event of the session's log."""
        after = self._after(event)
        if after is not None and after != self.view:
            self.view = after
            self._publish(after)

    def _after(self, event: Event) -> View | None:
        view = self.view
        match event["event"]:
            case "state":
                state = self._board.pack.states.get(event["name"])
                if state is None:
                    return None
                choices = self._board.choices(state)
                return replace(
                    view,
                    turn=view.turn + 1,
                    state=state.name,
                    picto=state.picto,
                    choices=choices,
                    phase="waiting",
                    sign="",
                )
            case "prompt":
                return replace(view, caption=event["text"], phase="speaking", sign="")
            case "prompt_end":
                return replace(view, phase="waiting")
            case "listen":
                phase = "paused" if event["turn"] == "paused" else "listening"
                return replace(view, phase=phase)
            case "heard":
                missed = event["intent"] is None and event.get("turn") in {"choice", "gate"}
                return replace(view, sign="unheard" if missed else "")
            case "key":
                state, intent = event["state"], event["intent"]
                wish = is_wish(state, intent) or (state in self._gates and intent == "YES")
                return replace(view, sign="press_again" if wish else "")
            case "chime":
                sign = {"tick": "no_hurry", "bell": "bell"}.get(event["name"])
                waits = view.sign == "press_again"
                return replace(view, sign=sign) if sign and not waits else None
            case "trouble":
                return replace(view, sign="use_screen")
            case "device":
                return replace(view, sign="use_screen" if event["what"] in {"lost", "muted"} else "")
            case "end":
                hidden = event["why"] in HIDDEN_ENDS
                return View(turn=view.turn + 1, picto="" if hidden else "power", phase="off", over=True)
        return None
