"""The notes of one session: records what is said for a note, tells it back, keeps it or lets go of it.

In: what the session's loop does (the microphone opened, a frame, an answer, keep it, forget it). Out: what is
to be played or said where a prompt has {note}, and a file, only when told to keep. Everything else lives in
memory and is forgotten with the session. It decides nothing: the conversation does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from voice_coach.audio.ports import Pcm
from voice_coach.conversation.cues import (
    DropLastNote,
    FetchNote,
    ForgetNote,
    KeepNote,
    NoteCue,
    Say,
    Turn,
    WipeNotes,
)
from voice_coach.conversation.memory import Kinds, There
from voice_coach.errors import RunError, SetupError
from voice_coach.notes.note import LONGEST_TEXT, Kind, Note
from voice_coach.notes.recording import Recording, to_flac, to_samples
from voice_coach.notes.store import Store
from voice_coach.notes.telling import Draft, TellNote, opened, told
from voice_coach.places import notes_folder
from voice_coach.settings import Options
from voice_coach.understanding.table import SAFETY_PREFIX, PhraseTable
from voice_coach.understanding.understand import understand

SAYING = "NOTE_SAY"

Dictate = Callable[[int, Pcm], None]
"""(request, piece): has a piece written down; the text comes back through dictated()."""


class NoteKeeper:
    """What a session may do with notes; with no store, nothing."""

    def __init__(
        self,
        store: Store | None = None,
        *,
        dictate: Dictate | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """`store`: where notes go; None when they are off. `dictate`: None where no text can be made."""
        self._store, self._dictate, self._today = store, dictate, today
        self._recording = Recording()
        self._kind: Kind = "voice"
        self._draft: Draft | None = None
        self._kept: Draft | None = None
        """A note kept earlier, while it is played."""
        self._unheard: list[Note] = []
        self._requests = 0
        self._written: dict[int, str | None] = {}
        """Request -> text of a dictated piece; None while it is still to come."""
        self._ended: Turn | None = None
        self._count = 0
        self.trouble = ""
        """Why the last thing asked for could not be done, for the log and the terminal."""

    # -- what the conversation is told ----------------------------------------------------------------------

    @property
    def kinds(self) -> Kinds:
        """What kinds of notes can be made here by voice."""
        return "both" if self._dictate is not None else "voice"

    @property
    def there(self) -> There:
        """Whether there are notes that could be played."""
        try:
            notes = self._store.look().notes if self._store is not None else ()
        except (SetupError, RunError) as problem:
            self.trouble = str(problem)
            notes = ()
        if not notes:
            return "none"
        return "sealed" if all(note.sealed for note in notes) else "some"

    def tidy(self) -> None:
        """What every start does: remove what an interrupted session left, and notes whose days are over."""
        if self._store is not None:
            try:
                self._store.tidy(self._today())
            except (SetupError, RunError) as problem:
                self.trouble = str(problem)

    # -- making a note --------------------------------------------------------------------------------------

    def answered(self, state: str, turn: Turn) -> None:
        """An answer is about to go to the conversation."""
        if state in {"NOTE_OFFER", "NOTE_VOICE"}:
            self._kind = "voice"
        elif state == "NOTE_KIND":
            self._kind = "text" if turn.intent == "TEXT" and self._dictate is not None else "voice"

    def listening(self, state: str) -> None:
        """The microphone has opened in this state, after the tone."""
        self._recording.drop()
        if state == SAYING and self._store is not None:
            self._draft = self._ended = None
            self._written.clear()
            self._recording.begin()

    def frame(self, samples: Pcm) -> bool:
        """20 ms of an open microphone; True when the note has become as long as one may be."""
        if not self._recording.is_open:
            return False
        piece = self._recording.frame(samples)
        if piece is not None and self._kind == "text" and self._dictate is not None:
            self._requests += 1
            self._written[self._requests] = None
            self._dictate(self._requests, piece)
        return self._recording.is_full

    def ends(self, state: str, turn: Turn) -> Turn | None:
        """The note has been said. Returns the turn to go on with; None while its text is still to come."""
        if state != SAYING or turn.intent not in {"DONE", "SPEECH_END"} or not self._recording.is_open:
            return turn
        said_done = turn.intent == "DONE" and turn.by == "voice"
        take = self._recording.finish(said_done=said_done)
        if said_done and self._written:
            self._written.pop(max(self._written))
        if take is None:
            return Turn("DEFAULT", turn.by, turn.at)
        if self._kind == "text":
            self._ended = turn
            return self._take_text()
        self._draft = Draft("voice", file=to_flac(take), samples=to_samples(take))
        return turn

    def dictated(self, request: int, text: str | None, table: PhraseTable) -> Turn | None:
        """The text of a piece has come. Returns the turn that was held for it, once all is there.

        `table`: what counts while a note is said. Words about safety go before the note: it is let go of.
        """
        if request in self._written:
            self._written[request] = text or ""
        turn = self._take_text()
        danger = understand(self._draft.text, table, "free").intent if turn and self._draft else None
        if turn is None or danger is None or not danger.startswith(SAFETY_PREFIX):
            return turn
        self.forget()
        return Turn(danger, turn.by, turn.at)

    def typed(self, line: str) -> None:
        """A line of a note that is typed instead of spoken."""
        before = self._draft.text if self._draft is not None else ""
        self._draft = Draft("text", text=f"{before}\n{line}".strip()[:LONGEST_TEXT])

    def ends_typing(self, turn: Turn) -> Turn:
        """The note has been typed: the turn to go on with, which keeps nothing where nothing was typed."""
        return turn if self._draft is not None else Turn("DEFAULT", turn.by, turn.at)

    @property
    def awaits(self) -> bool:
        """Whether text is still to come before the session can go on."""
        return self._ended is not None

    def _take_text(self) -> Turn | None:
        turn = self._ended
        if turn is None or None in self._written.values():
            return None
        words = " ".join(text for text in self._written.values() if text).strip()
        self._ended = None
        self._written.clear()
        if not words:
            return Turn("DEFAULT", turn.by, turn.at)
        self._draft = Draft("text", text=(words[0].upper() + words[1:])[:LONGEST_TEXT])
        return turn

    # -- keeping it, or not ---------------------------------------------------------------------------------

    def keep(self) -> bool:
        """Keep the note; False (with `trouble`) when it could not be: then nothing of it is anywhere."""
        draft, self._draft = self._draft, None
        if draft is None or self._store is None:
            self.trouble = "There is no note to keep."
            return False
        ending, data = ("md", f"{draft.text}\n".encode()) if draft.kind == "text" else ("flac", draft.file)
        try:
            self._store.add(ending, data, self._today())
        except (SetupError, RunError) as problem:
            self.trouble = str(problem)
            return False
        return True

    def forget(self) -> None:
        """Let go of the note being made, and of one being played."""
        self._recording.drop()
        self._draft = self._kept = self._ended = None
        self._written.clear()

    # -- what the conversation asks for ---------------------------------------------------------------------

    def do(self, cue: NoteCue) -> bool:
        """Carry out what was asked of the notes; False (with `trouble`) when it could not be done."""
        match cue:
            case KeepNote():
                return self.keep()
            case ForgetNote():
                self.forget()
                return True
            case FetchNote(first):
                return self._fetch(first=first)
            case WipeNotes():
                return self._remove(lambda store: store.wipe())
            case DropLastNote():
                return self._remove(lambda store: store.delete(*store.look().notes[-1:]))

    @property
    def more(self) -> bool:
        """Whether there is an older note than the one taken up last."""
        return bool(self._unheard)

    def _fetch(self, *, first: bool) -> bool:
        """Take up the newest note (or the next older one that can be read) to be told."""
        store, self._kept = self._store, None
        if store is None:
            return False
        try:
            if first:
                self._unheard = [note for note in store.look().notes if not note.sealed]
            while self._unheard and self._kept is None:
                self._kept = opened(store, self._unheard.pop())
        except (SetupError, RunError) as problem:
            self.trouble = str(problem)
        return self._kept is not None

    def _remove(self, remove: Callable[[Store], int]) -> bool:
        self._count = 0
        self.forget()
        try:
            self._count = remove(self._store) if self._store is not None else 0
        except (SetupError, RunError) as problem:
            self.trouble = str(problem)
            return False
        return True

    def told(self, say: Say) -> list[Say | TellNote]:
        """A prompt with the note and the count in their places: what is to be heard, in order."""
        return told(say, self._draft or self._kept, self._count)


def keeper_for(options: Options, dictate: Dictate | None = None) -> NoteKeeper:
    """The keeper a session's options ask for; an interrupted write is cleared away even with notes off."""
    folder = Path(options.notes_folder).expanduser() if options.notes_folder else notes_folder()
    store = Store(folder, keep_days=options.keep_days, dates=options.note_dates)
    NoteKeeper(store).tidy()
    return NoteKeeper(store if options.notes else None, dictate=dictate)
