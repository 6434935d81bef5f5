"""What is done when nobody speaks, or when what was said is no answer.

Comes in: the conversation, its state, the outcome. Goes out: cues. Silence never opens anything; nothing
in a talk turn is ever called unclear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.conversation.cues import Chime, Cue, End, Turn
from voice_coach.conversation.ladder import (
    LINES_A_TURN,
    NO_REPROMPT,
    NOBODYS_NO,
    TALK_TURNS,
    ladder,
    turn_name,
)
from voice_coach.conversation.protected import CHALLENGE_GATES
from voice_coach.packs.models import State

if TYPE_CHECKING:
    from voice_coach.conversation.dialogue import Conversation

_LEADS_TO = {"pause": "PAUSE", "done": "DONE", "rested": "REST"}


def on_silence(talk: Conversation, state: State, turn: Turn) -> list[Cue]:
    """The next step of patience was reached with nobody speaking."""
    memory = talk.memory
    steps = ladder(state, memory.waiting)
    rung = min(turn.rung, len(steps) - 1)
    action = steps[rung].action
    memory.rung = min(rung + 1, len(steps) - 1)
    if action == "line" and state.listen in TALK_TURNS and state.group != "crisis":
        memory.lines_said = min(memory.lines_said + 1, LINES_A_TURN + 1)
        action = "tick" if memory.lines_said > LINES_A_TURN else action
    match action:
        case "tick":
            return [Chime("tick")]
        case "line":
            said = talk.book.aside("silence", state.silence, state, memory)
            return [*talk.say(said), talk.listen(state)]
        case "more":
            name = "MORE_TIME_THINK" if state.listen == "think" else "MORE_TIME_FREE"
            return [*talk.say(talk.book.line(name, state, memory)), talk.listen(state)]
        case "chime":
            memory.waiting = ""
            memory.rung = 0
            after = talk.book.line("WALK_AFTER", state, memory, stance="listen")
            return [Chime("bell"), *talk.say(after), talk.listen(state)]
        case "leave":
            return [End("paused too long", silent=True)]
        case "refuse":
            said = talk.book.aside("silence", state.silence, state, memory)
            return [*talk.say(said), *talk.move(state, "DEFAULT", turn)]
        case "rested":
            return talk.move(state, "REST", turn)
    if action == "default" and talk.rests(state, "DEFAULT"):
        return talk.rest(state)
    return talk.move(state, _LEADS_TO.get(action, "DEFAULT"), turn)


def on_unclear(talk: Conversation, state: State, turn: Turn) -> list[Cue]:
    """Somebody spoke where a question was put, and it was no answer to it."""
    memory = talk.memory
    if turn_name(state, memory.waiting) in TALK_TURNS or state.name == "PAUSED":
        return []
    memory.unclear = min(memory.unclear + 1, 3)
    memory.rung = 0
    tries = 0 if state.name in NO_REPROMPT else 1 if state.listen == "gate" else 2
    kind = "unclear" if memory.unclear == 1 else "silence"
    text = getattr(state, kind) or state.unclear
    if memory.unclear <= tries:
        return [*talk.say(talk.book.aside(kind, text, state, memory)), talk.listen(state)]
    if talk.rests(state, "DEFAULT"):
        return talk.rest(state)
    asked = state.name in CHALLENGE_GATES and state.name != NOBODYS_NO
    said = talk.book.aside(kind, text, state, memory) if asked else None
    return [*talk.say(said), *talk.move(state, "DEFAULT", turn)]
