"""The notes folder: each note whole or not there, private, undated, and nothing foreign touched."""

from __future__ import annotations

import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from voice_coach.errors import RunError, SetupError
from voice_coach.notes.folder import NO_DAY, Folder
from voice_coach.notes.note import printable, readable, voice_seconds
from voice_coach.notes.store import Store

TODAY = date(2031, 5, 6)
WORDS = b"I want to ask before I help.\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data" / "notes")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_no_folder_is_made_before_the_first_note(store: Store) -> None:
    assert store.look().notes == ()
    assert store.tidy(TODAY) == 0
    assert store.wipe() == 0
    assert not store.path.parent.exists()


def test_a_note_is_a_private_file_in_a_private_folder_whatever_the_umask(store: Store) -> None:
    before = os.umask(0)
    try:
        note = store.add("md", WORDS, TODAY)
    finally:
        os.umask(before)
    assert mode_of(store.path / note.name) == 0o600
    assert mode_of(store.path) == 0o700
    assert (store.path / note.name).read_bytes() == WORDS
    assert [path.name for path in store.path.iterdir()] == ["note-0001.md"]


def test_a_strict_umask_does_not_lock_the_person_out(store: Store) -> None:
    before = os.umask(0o777)
    try:
        store.path.parent.mkdir(mode=0o700, parents=True)
        store.path.parent.chmod(0o700)
        store.path.mkdir()
        note = store.add("md", WORDS, TODAY)
    finally:
        os.umask(before)
    assert mode_of(store.path) == 0o700
    assert mode_of(store.path / note.name) == 0o600


def test_a_folder_left_open_to_others_is_closed(store: Store) -> None:
    store.path.mkdir(parents=True, mode=0o755)
    store.add("md", WORDS, TODAY)
    assert mode_of(store.path) == 0o700


def test_no_date_is_told_by_a_file_or_the_folder(store: Store) -> None:
    note = store.add("md", WORDS, TODAY)
    assert note.day is None
    assert (store.path / note.name).stat().st_mtime == NO_DAY
    assert store.path.stat().st_mtime == NO_DAY
    store.delete(note)
    assert store.path.stat().st_mtime == NO_DAY


def test_a_date_is_there_when_asked_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "notes", dates=True)
    store.add("md", WORDS, TODAY)
    [note] = store.look().notes
    assert note.day == TODAY


def test_numbers_go_on_after_the_last_and_nothing_is_overwritten(store: Store) -> None:
    names = [store.add(ending, WORDS, TODAY).name for ending in ("md", "flac", "md")]
    assert names == ["note-0001.md", "note-0002.flac", "note-0003.md"]
    [first, *_] = store.look().notes
    store.delete(first)
    assert store.add("md", WORDS, TODAY).number == 4


def test_a_name_taken_meanwhile_is_not_overwritten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add("md", b"first\n", TODAY)
    monkeypatch.setattr(Folder, "entries", lambda self: [])  # as if it had been written since we looked
    assert store.add("md", b"second\n", TODAY).number == 2
    assert (store.path / "note-0001.md").read_bytes() == b"first\n"


def test_where_links_are_unknown_a_name_is_still_not_overwritten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(1, "no links here")

    store.add("md", b"first\n", TODAY)
    monkeypatch.setattr(os, "link", refuses)
    monkeypatch.setattr(Folder, "entries", lambda self: [])
    assert store.add("md", b"second\n", TODAY).number == 2
    assert sorted(path.name for path in store.path.iterdir()) == ["note-0001.md", "note-0002.md"]
    assert (store.path / "note-0001.md").read_bytes() == b"first\n"


def test_a_half_written_file_goes_at_the_next_start(store: Store) -> None:
    store.add("md", WORDS, TODAY)
    (store.path / ".note-0002.md.0badcafe.part").write_bytes(b"half a tho")
    store.tidy(TODAY)
    assert [path.name for path in store.path.iterdir()] == ["note-0001.md"]


@pytest.mark.skipif(os.name != "posix", reason="locks of other systems keep the file by themselves")
def test_a_file_that_another_session_is_writing_now_stays(store: Store) -> None:
    import fcntl

    store.add("md", WORDS, TODAY)
    part = store.path / ".note-0002.md.0badcafe.part"
    with part.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        store.tidy(TODAY)
        assert part.exists()
    store.tidy(TODAY)
    assert not part.exists()


@pytest.mark.parametrize(("age", "kept"), [(0, True), (30, True), (31, False), (400, False)])
def test_notes_go_when_their_days_are_over(tmp_path: Path, age: int, kept: bool) -> None:
    store = Store(tmp_path / "notes", keep_days=30)
    store.add("md", WORDS, TODAY - timedelta(days=age))
    assert store.tidy(TODAY) == (0 if kept else 1)
    assert len(store.look().notes) == int(kept)


def test_a_clock_set_back_removes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "notes", keep_days=1)
    store.add("md", WORDS, TODAY)
    assert store.tidy(date(1970, 1, 1)) == 0
    assert len(store.look().notes) == 1


def test_a_note_without_a_day_never_runs_out(tmp_path: Path) -> None:
    Store(tmp_path / "notes").add("md", WORDS, TODAY)
    assert Store(tmp_path / "notes", keep_days=1).tidy(TODAY) == 0


@pytest.mark.parametrize("time", [0, 4_102_444_800, 2**40, -1])
def test_any_file_time_can_be_looked_at(store: Store, time: int) -> None:
    note = store.add("md", WORDS, TODAY)
    try:
        os.utime(store.path / note.name, (0, time))
    except (OverflowError, OSError):
        pytest.skip("this file system knows no such time")
    assert len(store.look().notes) == 1


def test_foreign_files_are_named_and_left_alone_and_the_rest_works(store: Store) -> None:
    store.add("md", WORDS, TODAY)
    there = {
        "shopping.txt": b"tea",
        "note-0002.md": b"",
        "note-7.md": b"too short a number",
        "note-0003.exe": b"MZ",
        "NOTE-0004.md": b"capitals",
        "note-0005.md\n": b"a line break",
        "\x1b[2Jevil.md": b"steers a terminal",
    }
    for name, data in there.items():
        (store.path / name).write_bytes(data)
    (store.path / "note-0006.md").mkdir()
    shelf = store.look()
    assert [note.name for note in shelf.notes] == ["note-0001.md"]
    assert {each.name for each in shelf.foreign} == {*there, "note-0006.md"}
    store.wipe()
    assert {path.name for path in store.path.iterdir()} == {*there, "note-0006.md"}


def test_a_link_planted_among_the_notes_is_not_followed(store: Store, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.md"
    elsewhere.write_bytes(b"not yours")
    store.add("md", WORDS, TODAY)
    (store.path / "note-0002.md").symlink_to(elsewhere)
    shelf = store.look()
    assert [note.number for note in shelf.notes] == [1]
    assert shelf.foreign[0].why.startswith("it is a link")
    assert store.add("md", b"new\n", TODAY).number == 3
    store.wipe()
    assert elsewhere.read_bytes() == b"not yours"
    assert (store.path / "note-0002.md").is_symlink()


def test_a_link_put_in_a_notes_place_after_looking_is_not_read(store: Store, tmp_path: Path) -> None:
    note = store.add("md", WORDS, TODAY)
    elsewhere = tmp_path / "elsewhere.md"
    elsewhere.write_bytes(b"not yours")
    (store.path / note.name).unlink()
    (store.path / note.name).symlink_to(elsewhere)
    with pytest.raises(ValueError, match="cannot be read"):
        store.read(note)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_in_a_notes_place_is_not_waited_for(store: Store) -> None:
    note = store.add("md", WORDS, TODAY)
    (store.path / note.name).unlink()
    os.mkfifo(store.path / note.name)
    with pytest.raises(ValueError, match="plain file"):
        store.read(note)
    assert store.look().notes == ()


def test_a_folder_that_is_a_link_is_refused_and_nothing_is_written_behind_it(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "notes").symlink_to(tmp_path / "elsewhere")
    store = Store(tmp_path / "notes")
    with pytest.raises(SetupError, match="is a link"):
        store.add("md", WORDS, TODAY)
    with pytest.raises(SetupError, match="is a link"):
        store.look()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file")
    with pytest.raises(SetupError, match="is not a folder"):
        Store(tmp_path / "notes").add("md", WORDS, TODAY)
    assert (tmp_path / "notes").read_text() == "a file"


def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes").mkdir()
    if os.geteuid() == 0:
        os.chown(tmp_path / "notes", 65534, 65534)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(SetupError, match="belongs to another user"):
        Store(tmp_path / "notes").add("md", WORDS, TODAY)
    assert list((tmp_path / "notes").iterdir()) == []


def test_a_note_far_too_large_is_not_read(store: Store) -> None:
    note = store.add("md", WORDS, TODAY)
    with (store.path / note.name).open("r+b") as file:
        file.truncate(9 * 1024 * 1024)
    with pytest.raises(ValueError, match="too large"):
        Folder(store.path).read(note.name, 8 * 1024 * 1024)
    assert store.look().foreign[0].why == "it is far too large for a note"


def test_a_missing_parent_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises((SetupError, RunError), match="notes folder"):
        Store(tmp_path / "file" / "notes").add("md", WORDS, TODAY)


def test_text_is_made_safe_to_print() -> None:
    assert readable(b"one\r\ntwo\x1b[31m\xe2\x80\xae three\n") == "one\ntwo?[31m? three"
    assert printable("a\nb") == "a?b"
    with pytest.raises(ValueError):
        readable(b"\xff\xfe")


def test_the_length_of_a_voice_note_is_read_from_its_head() -> None:
    import io

    import numpy as np
    import soundfile

    for form, ending in (("FLAC", "flac"), ("WAV", "wav")):
        file = io.BytesIO()
        soundfile.write(file, np.zeros(24_000, np.int16), 16_000, format=form, subtype="PCM_16")
        data = file.getvalue()
        assert voice_seconds(data[:42], ending, len(data)) == 1.5
        assert voice_seconds(data[:20], ending, len(data)) is None
        assert voice_seconds(b"x" * 42, ending, 42) is None
