"""Notes in the conversation: what entering a state asks of their keeper, and what is said if it cannot.

Comes in: a state and the one before it. Goes out: cues. The conversation knows whether notes are on and
whether there are any, never what is in one.
"""

from __future__ import annotations

from voice_coach.conversation.cues import (
    DropLastNote,
    FetchNote,
    ForgetNote,
    KeepNote,
    NoteCue,
    Say,
    WipeNotes,
)
from voice_coach.conversation.memory import Memory
from voice_coach.conversation.prompts import PromptBook
from voice_coach.packs.models import State

WISHES = {"PLAY_NOTES": "PLAYING", "DELETE_NOTES": "WIPING", "DELETE_LAST": "DROPPING"}
"""What may be asked of kept notes, at any time outside a crisis -> the target worked out by the memory."""
DESTROYING = frozenset({("NOTES_WIPE", "WIPE_THEM"), ("NOTES_LAST", "BIN_IT")})
"""Answers that cannot be taken back: they need the same care as a yes."""
OFFERING = ("NOTE_OFFER", "T_NOTE_OFFER", "NOTE_KIND", "NOTE_VOICE", "NOTE_CARE", "NOTE_SAY", "NOTE_BACK")
"""States in which a note is offered or made: only where notes are on, never after a crisis trigger."""
MAKING = frozenset({"NOTE_SAY", "NOTE_BACK"})


def playing(memory: Memory) -> str:
    """The target of "play my notes"."""
    return {"none": "NOTES_NONE", "sealed": "NOTES_SEALED"}.get(memory.notes_there, "NOTES_PLACE")


def wiping(memory: Memory) -> str:
    """The target of "delete my notes"."""
    return "NOTES_NONE" if memory.notes_there == "none" else "NOTES_WIPE"


def dropping(memory: Memory) -> str:
    """The target of "delete the last one"."""
    return "NOTES_NONE" if memory.notes_there == "none" else "NOTES_LAST"


def asked_of_notes(state: str, before: str) -> list[NoteCue]:
    """What those who keep the notes are to do now that this state is entered."""
    if state == "NOTE_KEPT":
        return [KeepNote()]
    if state == "NOTE_GONE" or (before in MAKING and state != "NOTE_BACK"):
        return [ForgetNote()]
    if state == "NOTES_PLAY":
        return [FetchNote(first=before != "NOTES_NEXT")]
    if before == "NOTES_PLAY":
        return [ForgetNote()]
    if state == "NOTES_WIPED":
        return [WipeNotes()]
    return [DropLastNote()] if state == "NOTES_LAST_GONE" else []


CLAIMING = frozenset({"NOTE_KEPT", "NOTES_PLAY", "NOTES_WIPED", "NOTES_LAST_GONE", "STOPPED"})
"""States whose prompt says that it was done."""
_NOT_DONE: dict[type[NoteCue], str] = {
    FetchNote: "NOTE_UNREADABLE",
    WipeNotes: "NOTES_NOT_WIPED",
    DropLastNote: "NOTES_NOT_WIPED",
}


def said_when_not_done(book: PromptBook, asked: NoteCue, state: State, memory: Memory) -> Say | None:
    """What is said when it could not be done."""
    return book.line(_NOT_DONE.get(type(asked), "NOTE_FAILED"), state, memory)
