"""Patience: what happens at each step of silence, for each kind of turn.

Comes in: a state. Goes out: the seconds and what is done at each. Times are those of the conversation
design (6.3, 6.5), at pace 1; each is counted from the last speech or spoken line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voice_coach.conversation.preset import NO_ANSWER_SECONDS, STRETCH_SECONDS
from voice_coach.conversation.protected import CHALLENGE_GATES
from voice_coach.packs.models import State

Action = Literal[
    "tick", "line", "default", "refuse", "move", "more", "pause", "rested", "chime", "leave", "done"
]


@dataclass(frozen=True)
class Rung:
    """One step: after so many seconds of silence, do this."""

    seconds: float
    action: Action


def _rungs(*steps: tuple[float, Action]) -> tuple[Rung, ...]:
    return tuple(Rung(seconds, action) for seconds, action in steps)


_CHOICE = _rungs((10, "line"), (15, "line"), (20, "default"))
_GATE = _rungs((12, "refuse"))
_GATE_ONCE_MORE = _rungs((12, "line"), (15, "default"))
_NOBODYS_NO = _rungs((NO_ANSWER_SECONDS, "default"))
_SHORT = _rungs((15, "tick"), (30, "line"), (60, "move"))
_TALK = _rungs((20, "tick"), (45, "line"), (90, "more"), (180, "pause"))
_REST = _rungs((60, "rested"))
_STRETCH = _rungs((STRETCH_SECONDS, "chime"))
_PAUSED = _rungs((600, "leave"))
_DANGER = _rungs((10, "refuse"))
"""Somebody may be listening who should not: one line, then quiet."""
_MEDICAL = _rungs(*(((20, "line"),) * 5), (120, "line"))
"""Again every 20 s, five times, then every 2 min for as long as it takes (9.3)."""
_CRISIS_TALK = _rungs((60, "line"), (180, "line"), *(((300, "line"),) * 5), (300, "done"))
"""At 60 s, 3 min, then every 5 min, up to half an hour; never stops sooner (9.3)."""

REPROMPTED_GATES = frozenset({"CONSENT", "T_AGREE", "NOTE_BACK"})
"""Gates asked once more after silence; all others take silence for no at once (I-05)."""
NO_REPROMPT = frozenset({"CH_CONFIRM", "T_CH_CONFIRM", "REOPEN_GATE", "T_ANSWER"})
"""Gates where even something unclear is a no at once."""
NOBODYS_NO = "T_ANSWER"
"""Where no, later, silence and noise are all answered alike (I-21)."""
LINES_A_TURN = 2
"""A spoken line on silence comes at most twice a turn in talk (6.5)."""

REST_TURN = "rest"
PAUSED_TURN = "paused"
TALK_TURNS = frozenset({"short", "think", "free", REST_TURN})
"""Turns in which speech that is no command is simply talk: nothing is ever called unclear (I-23)."""

_BY_NAME = {
    "PAUSED": _PAUSED,
    "CR_TALK": _CRISIS_TALK,
    "CR_MEDICAL": _MEDICAL,
    "CR_DANGER": _DANGER,
    NOBODYS_NO: _NOBODYS_NO,
    **dict.fromkeys(REPROMPTED_GATES, _GATE_ONCE_MORE),
    **dict.fromkeys(CHALLENGE_GATES, _GATE),
}
_BY_TURN = {"choice": _CHOICE, "gate": _GATE, "short": _SHORT, "think": _TALK, "free": _TALK}
_WAITING = {"rest": _REST, "stretch": _STRETCH}


def ladder(state: State, waiting: str = "") -> tuple[Rung, ...]:
    """The steps of patience of this state; `waiting`: in a quiet minute or a stretch of walking."""
    return _WAITING.get(waiting) or _BY_NAME.get(state.name) or _BY_TURN[state.listen]


def turn_name(state: State, waiting: str = "") -> str:
    """The kind of turn as the listening side knows it."""
    if waiting:
        return REST_TURN if waiting == "rest" else "free"
    return PAUSED_TURN if state.name == "PAUSED" else state.listen
