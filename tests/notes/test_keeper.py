"""The notes of one session: kept only when told to, told back, and otherwise forgotten."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.ports import Pcm
from voice_coach.conversation.cues import DropLastNote, FetchNote, ForgetNote, KeepNote, Say, Turn, WipeNotes
from voice_coach.notes.keeper import NoteKeeper, keeper_for
from voice_coach.notes.note import readable
from voice_coach.notes.store import Store
from voice_coach.notes.telling import TellNote, ahead
from voice_coach.packs.load import load_pack
from voice_coach.settings import Options
from voice_coach.speaking.stand_in import render_person
from voice_coach.understanding.table import PhraseTable

TODAY = date(2031, 5, 6)
BACK = Say("NOTE_BACK", "NOTE_BACK.prompts.0", "permission", ("Here it is. {note}. Keep it?",))
DONE = Turn("DONE")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "notes")


@pytest.fixture(scope="module")
def thought() -> Pcm:
    silence = np.zeros(20_000, np.int16)
    return np.concatenate([render_person("i ask first"), silence, render_person("done"), silence])


@pytest.fixture(scope="module")
def table() -> PhraseTable:
    return PhraseTable.for_state(load_pack("en"), "NOTE_SAY")


def say_it(keeper: NoteKeeper, sound: Pcm) -> bool:
    """Speak into the open microphone; whether the note became full."""
    keeper.listening("NOTE_SAY")
    return any(keeper.frame(sound[at : at + 320]) for at in range(0, sound.size - 319, 320))


def test_a_voice_note_is_told_back_and_kept_when_told_to(store: Store, thought: Pcm) -> None:
    keeper = NoteKeeper(store, today=lambda: TODAY)
    say_it(keeper, thought)
    assert keeper.ends("NOTE_SAY", DONE) == DONE
    before, note, after = keeper.told(BACK)
    assert isinstance(note, TellNote)
    assert (before.text, after.text) == ("Here it is.", "Keep it?")  # type: ignore[union-attr]
    assert note.say.text == ""
    assert note.samples is not None
    assert not store.path.exists()
    assert keeper.do(KeepNote())
    [kept] = store.look().notes
    assert kept.kind == "voice"
    assert keeper.there == "some"


@pytest.mark.parametrize("cue", [ForgetNote(), WipeNotes(), DropLastNote()])
def test_what_was_let_go_of_cannot_be_kept(store: Store, thought: Pcm, cue: ForgetNote) -> None:
    keeper = NoteKeeper(store)
    say_it(keeper, thought)
    keeper.ends("NOTE_SAY", DONE)
    assert keeper.do(cue)
    assert not keeper.do(KeepNote())
    assert not store.path.exists()
    assert keeper.told(BACK) == [
        Say("NOTE_BACK", BACK.id, "permission", ("Here it is.",)),
        Say("NOTE_BACK", BACK.id, "permission", ("Keep it?",)),
    ]


def test_a_note_is_kept_once(store: Store) -> None:
    keeper = NoteKeeper(store)
    keeper.typed("one")
    assert keeper.do(KeepNote())
    assert not keeper.do(KeepNote())
    assert len(store.look().notes) == 1


def test_trying_again_begins_anew(store: Store, thought: Pcm) -> None:
    keeper = NoteKeeper(store)
    say_it(keeper, thought)
    keeper.ends("NOTE_SAY", DONE)
    keeper.listening("NOTE_SAY")
    assert keeper.ends("NOTE_SAY", DONE) == Turn("DEFAULT")
    assert not keeper.do(KeepNote())


def test_nothing_is_recorded_where_no_note_is_said_or_notes_are_off(store: Store, thought: Pcm) -> None:
    for keeper, state in ((NoteKeeper(store), "LISTEN"), (NoteKeeper(None), "NOTE_SAY")):
        keeper.listening(state)
        for at in range(0, thought.size - 319, 320):
            assert not keeper.frame(thought[at : at + 320])
        assert keeper.ends(state, DONE) == DONE
        assert not keeper.do(KeepNote())
    assert not store.path.exists()


def test_half_a_minute_ends_it(store: Store, thought: Pcm) -> None:
    assert say_it(NoteKeeper(store), np.tile(thought, 20))


def test_where_it_cannot_be_written_it_says_so_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file in the way")
    keeper = NoteKeeper(Store(tmp_path / "notes"))
    keeper.typed("one")
    assert not keeper.do(KeepNote())
    assert "is not a folder" in keeper.trouble
    assert not keeper.do(KeepNote())


class Dictation:
    """A recogniser that writes down, in place of the hearing process; what comes when is up to the test."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, request: int, piece: Pcm) -> None:
        self.asked.append(request)


def dictating(store: Store, thought: Pcm) -> tuple[NoteKeeper, Dictation]:
    dictation = Dictation()
    keeper = NoteKeeper(store, dictate=dictation, today=lambda: TODAY)
    keeper.answered("NOTE_KIND", Turn("TEXT"))
    say_it(keeper, thought)
    return keeper, dictation


def test_text_waits_for_its_words_and_leaves_out_done(store: Store, thought: Pcm, table: PhraseTable) -> None:
    keeper, dictation = dictating(store, thought)
    first, last = dictation.asked
    assert keeper.ends("NOTE_SAY", DONE) is None
    assert keeper.awaits
    assert keeper.dictated(last, "done", table) is None
    assert keeper.dictated(first, "i ask first", table) == DONE
    assert not keeper.awaits
    [_, note, _] = keeper.told(BACK)
    assert isinstance(note, TellNote)
    assert (note.words, note.samples, note.say.text) == ("I ask first", None, "")
    assert keeper.do(KeepNote())
    assert readable(store.read(store.look().notes[0])) == "I ask first"


def test_a_text_in_which_nothing_was_understood_is_no_note(
    store: Store, thought: Pcm, table: PhraseTable
) -> None:
    keeper, dictation = dictating(store, thought)
    assert keeper.ends("NOTE_SAY", DONE) is None
    assert keeper.dictated(dictation.asked[0], None, table) == Turn("DEFAULT")
    assert not keeper.do(KeepNote())


def test_words_about_safety_in_a_text_go_before_the_note(
    store: Store, thought: Pcm, table: PhraseTable
) -> None:
    keeper, dictation = dictating(store, thought)
    keeper.ends("NOTE_SAY", DONE)
    turn = keeper.dictated(dictation.asked[0], "some days i want to die", table)
    assert turn is not None
    assert turn.intent == "CR_SELF"
    assert not keeper.do(KeepNote())


def test_text_that_comes_after_it_was_let_go_of_is_nothing(
    store: Store, thought: Pcm, table: PhraseTable
) -> None:
    keeper, dictation = dictating(store, thought)
    keeper.ends("NOTE_SAY", DONE)
    keeper.do(ForgetNote())
    assert keeper.dictated(dictation.asked[0], "i ask first", table) is None
    assert not keeper.do(KeepNote())


def test_where_nothing_can_write_text_only_voice_is_offered(store: Store) -> None:
    assert NoteKeeper(store).kinds == "voice"
    assert NoteKeeper(store, dictate=Dictation()).kinds == "both"


def test_notes_are_told_newest_first_and_what_cannot_be_read_is_passed_over(store: Store) -> None:
    for words in (b"first\n", b"second\n", b"\xff\xfe", b"last\n"):
        store.add("md", words, TODAY)
    keeper = NoteKeeper(store)
    heard = []
    first = True
    while keeper.do(FetchNote(first)):
        heard += [part.words for part in keeper.told(BACK) if isinstance(part, TellNote)]
        first = False
        if not keeper.more:
            break
    assert heard == ["last", "second", "first"]
    assert len(store.look().notes) == 4


def test_sealed_notes_are_not_told_but_can_be_added_to_and_wiped(store: Store) -> None:
    import pyrage

    store.path.mkdir(mode=0o700)
    (store.path / "recipient.txt").write_text(str(pyrage.x25519.Identity.generate().to_public()))
    keeper = NoteKeeper(store)
    keeper.typed("one")
    assert keeper.do(KeepNote())
    assert keeper.there == "sealed"
    assert not keeper.do(FetchNote(first=True))
    assert keeper.do(WipeNotes())
    assert keeper.there == "none"


def test_wiping_says_how_many_and_the_last_one_is_the_last_one_kept(store: Store) -> None:
    keeper = NoteKeeper(store)
    for words in ("one", "two", "three"):
        keeper.typed(words)
        keeper.do(KeepNote())
    assert keeper.do(DropLastNote())
    assert [readable(store.read(note)) for note in store.look().notes] == ["one", "two"]
    assert keeper.do(WipeNotes())
    count = Say("NOTES_WIPED", "x", "none", ("Gone: {count}.",))
    assert [part.text for part in keeper.told(count)] == ["Gone: 2."]  # type: ignore[union-attr]


def test_only_what_stands_around_a_note_is_rendered_ahead() -> None:
    count = Say("NOTES_WIPED", "x", "none", ("Gone: {count}.",))
    assert [say.text for say in ahead([BACK, count])] == ["Here it is.", "Keep it?"]


def test_with_notes_off_a_start_still_clears_what_was_left(tmp_path: Path) -> None:
    store = Store(tmp_path / "notes")
    store.add("md", b"one\n", TODAY)
    (store.path / ".note-0002.md.00000000.part").write_bytes(b"ha")
    keeper = keeper_for(Options(notes=False, notes_folder=str(tmp_path / "notes")))
    assert [path.name for path in store.path.iterdir()] == ["note-0001.md"]
    assert keeper.there == "none"
