"""The short line between an answer and what comes next, where there is one.

Comes in: the state left, the intent, the memory after the move. Goes out: a Say, or None. Challenge and
explore words are never among them: a line is said from the listening stance.
"""

from __future__ import annotations

from voice_coach.conversation.cues import Say
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.prompts import PromptBook
from voice_coach.packs.models import State


def said_on_the_way(
    book: PromptBook, state: State, memory: Memory, intent: str, *, locked: bool
) -> Say | None:
    """What is said on leaving `state` by `intent`; `locked`: a harder question was wished for too early."""
    if intent in state.lines:
        return book.aside(f"lines.{intent}", state.lines[intent], state, memory)
    if intent == "DEFAULT" and state.listen == "choice" and state.default:
        return book.aside("default", state.default, state, memory)
    name = "LOCKED" if locked else _name_on_the_way(state, memory, intent)
    return book.line(name, state, memory, stance="listen") if name else None


def _name_on_the_way(state: State, memory: Memory, intent: str) -> str:
    if intent == "DEFAULT":
        return "DEFAULTED" if state.listen == "choice" and state.name not in {"PAUSED", "EASE"} else ""
    if intent == "JUST_LISTEN":
        return "WITHDRAWN" if memory.state == "LISTEN" and state.name != "NEED" else ""
    if intent == "RESUME":
        return "WELCOME_BACK" if state.name == "PAUSED" else ""
    if intent == "SKIP":
        return "SKIPPED" if state.listen in {"think", "free", "short"} else ""
    return {"BACK": "BACK", "WRONG": "WRONG"}.get(intent, "")


def said_when_staying(book: PromptBook, state: State, memory: Memory, intent: str) -> Say | None:
    """What is said when a move leads nowhere from here."""
    if intent == "JUST_LISTEN":
        name = "" if state.name in {"LISTEN", "CONNECT", "PAUSED"} else "WITHDRAWN"
    elif intent == "REOPEN":
        name = "LOCKED_CRISIS" if memory.crisis else "LOCKED"
    else:
        name = ""
    return book.line(name, state, memory, stance="listen") if name else None
