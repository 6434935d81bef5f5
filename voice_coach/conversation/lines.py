"""The short line between an answer and what comes next, where there is one.

Comes in: the state left, the intent, the memory after the move. Goes out: the name of a line, or a Say.
Challenge and explore words are never among them: a line is said from the listening stance.
"""

from __future__ import annotations

from voice_coach.conversation import consent
from voice_coach.conversation.cues import Say
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.prompts import PromptBook
from voice_coach.conversation.protected import LAST_WORDS
from voice_coach.packs.models import State

_GOING_ON = frozenset({"RESUME", "YES", "MOVE_ON", "NO"})


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
    if intent == "IN_HEAD":
        return "QUIET_MODE"
    if state.name == "PAUSED" and intent in {"RESUME", "YES"}:
        return "WELCOME_BACK"
    if state.group == "crisis" and intent in _GOING_ON:
        back = not memory.state.startswith("CR_") and memory.state not in LAST_WORDS
        return "CHECKED_RETURN" if back and not (state.name == "CR_WRONG" and intent == "NO") else ""
    if intent == "SKIP":
        return "SKIPPED" if state.listen in {"think", "free", "short"} else ""
    return {"BACK": "BACK", "WRONG": "WRONG"}.get(intent, "")


def said_when_staying(book: PromptBook, state: State, memory: Memory, intent: str) -> Say | None:
    """What is said when a move leads nowhere from here."""
    name = ""
    if intent == "JUST_LISTEN":
        # Two people are still led through their steps: there nobody says that the asking ends.
        withdrawn = "T_WITHDRAWN" if state.group == "together" else "WITHDRAWN"
        name = "" if state.name in {"LISTEN", "CONNECT", "PAUSED"} else withdrawn
    elif intent == "REOPEN":
        name = "LOCKED_CRISIS" if memory.alarmed else _locked(memory)
    elif intent == "BACK":
        name = "NOT_FIRST"
    return book.line(name, state, memory, stance="listen") if name else None


def _locked(memory: Memory) -> str:
    """After a refusal before the other person nothing more is said about harder questions."""
    person = memory.person
    return "" if person.harder == "refused" or consent.connected(person) else "LOCKED"
