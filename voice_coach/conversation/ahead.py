"""What may be said next, so that it can be rendered while the person talks.

Comes in: the conversation, which is only imagined forward on copies. Goes out: Say cues, likeliest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from voice_coach.conversation.cues import AUTO, SILENCE, UNCLEAR, Next, Say, Turn
from voice_coach.conversation.ladder import ladder

if TYPE_CHECKING:
    from voice_coach.conversation.dialogue import Conversation

_AT_ANY_TIME = ("HELP", "STOP", "PAUSE", "JUST_LISTEN")


def expected(talk: Conversation) -> list[Say]:
    """Everything said after any one answer, command, silence or unclear speech from here, each once."""
    found: dict[tuple[str, ...], Say] = {}
    for turn in _turns(talk):
        for say in _said(talk, turn):
            found.setdefault(say.parts, say)
    return list(found.values())


def _turns(talk: Conversation) -> Iterator[Turn]:
    state = talk.state
    if state is None:
        return
    for intent in state.go:
        yield Turn(intent, by="text")
    if state.listen != "none":
        steps = range(talk.memory.rung, len(ladder(state, talk.memory.waiting)))
        yield from (Turn(SILENCE, rung=rung) for rung in steps)
        yield Turn(UNCLEAR)
    yield from (Turn(intent, by="text") for intent in _AT_ANY_TIME)


def _said(talk: Conversation, turn: Turn) -> Iterator[Say]:
    imagined = talk.twin()
    cues = imagined.hear(turn)
    yield from (cue for cue in cues if isinstance(cue, Say))
    if any(isinstance(cue, Next) for cue in cues):
        yield from (cue for cue in imagined.hear(Turn(AUTO)) if isinstance(cue, Say))
