"""How a note is told where a prompt has {note}: in the person's own voice, or read out.

In: a prompt, and the note being made or kept. Out: what is to be heard, in order. No word of a note is in
what goes to the log or the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.audio.ports import Samples
from voice_coach.conversation.cues import Say
from voice_coach.notes.note import LONGEST_TEXT, Kind, Note, readable
from voice_coach.notes.recording import from_sound, to_samples
from voice_coach.notes.store import Store

NOTE_MARK = "{note}"
COUNT_MARK = "{count}"


@dataclass(frozen=True)
class TellNote:
    """To be heard now: the note in the person's own voice, or words to be spoken."""

    say: Say
    """For the log and the screen: where it stands, without a word of the note."""
    samples: Samples | None
    words: str


@dataclass
class Draft:
    """A note in memory: being made, or taken up to be told."""

    kind: Kind
    text: str = ""
    file: bytes = b""
    """The voice note as it would be kept, made ready before it is heard back."""
    samples: Samples | None = None


def told(say: Say, note: Draft | None, count: int) -> list[Say | TellNote]:
    """A prompt with the note and the count in their places."""
    if COUNT_MARK in say.text:
        parts = tuple(part.replace(COUNT_MARK, str(count)) for part in say.parts)
        return [Say(say.state, say.id, say.stance, parts)]
    before, *after = around(say)
    found: list[Say | TellNote] = [] if before is None else [before]
    for words in after:
        if note is not None:
            mark = Say(say.state, f"{say.state}.note", say.stance, ("",))
            found.append(TellNote(mark, note.samples, note.text))
        found += [] if words is None else [words]
    return found


def around(say: Say) -> tuple[Say | None, ...]:
    """What a prompt says before and after its {note}; only itself where it has none."""
    if NOTE_MARK not in say.text:
        return (say,)
    parts = (text.strip().lstrip(".!?,").strip() for text in say.text.split(NOTE_MARK))
    return tuple(Say(say.state, say.id, say.stance, (text,)) if text else None for text in parts)


def ahead(says: list[Say]) -> list[Say]:
    """What can be rendered of these prompts before the note is there."""
    return [part for say in says for part in around(say) if part is not None and COUNT_MARK not in part.text]


def opened(store: Store, note: Note) -> Draft | None:
    """A kept note ready to be told; None when it cannot be read: it is left alone."""
    try:
        data = store.read(note)
        if note.kind == "text":
            return Draft("text", text=readable(data)[:LONGEST_TEXT])
        return Draft("voice", samples=to_samples(from_sound(data)))
    except ValueError:
        return None
