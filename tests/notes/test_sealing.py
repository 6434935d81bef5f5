"""Sealed notes: a session can add and not read, ordinary age tools open them, and no step leaves one open."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from voice_coach.errors import RunError, SetupError
from voice_coach.notes.sealing import IDENTITY, RECIPIENT, WrongPassPhrase, check_pass_phrase
from voice_coach.notes.store import Store

TODAY = date(2031, 5, 6)
PHRASE = "four plain garden words"
WORDS = b"I want to ask before I help.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one note kept before sealing and one after; the keys cost half a second to make."""
    folder = tmp_path_factory.mktemp("sealed") / "notes"
    store = Store(folder)
    store.add("md", b"kept before\n", TODAY)
    store.start_sealing(PHRASE)
    assert store.seal_all() == 1
    store.add("md", WORDS, TODAY)
    return folder


@pytest.fixture(scope="module")
def identity(made: Path) -> Any:
    """The secret key, opened once: that costs half a second too."""
    return Store(made).seal.open(PHRASE)


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    """A copy of it of one's own: as on another device."""
    shutil.copytree(made, tmp_path / "notes")
    (tmp_path / "notes").chmod(0o700)
    return Store(tmp_path / "notes")


def test_nothing_readable_is_left_in_a_sealed_folder(store: Store) -> None:
    names = {path.name for path in store.path.iterdir()}
    assert names == {"note-0001.md.age", "note-0002.md.age", IDENTITY, RECIPIENT}
    everything = b"".join(path.read_bytes() for path in store.path.iterdir())
    assert b"kept before" not in everything
    assert b"ask before" not in everything
    assert b"AGE-SECRET-KEY" not in everything
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in store.path.iterdir())


def test_a_session_can_add_without_the_secret_key_and_cannot_read(store: Store) -> None:
    (store.path / IDENTITY).unlink()
    note = store.add("md", b"one more\n", TODAY)
    assert note.name == "note-0003.md.age"
    with pytest.raises(ValueError, match="sealed"):
        store.read(note)


def test_the_pass_phrase_opens_them_also_on_another_device(store: Store, identity: Any) -> None:
    # The fixtures opened the key of the folder this one is a copy of.
    assert [store.read(note, identity) for note in store.look().notes] == [b"kept before\n", WORDS]


def test_a_wrong_pass_phrase_is_one_sentence_without_a_hint(store: Store) -> None:
    with pytest.raises(WrongPassPhrase) as told:
        store.seal.open(PHRASE + " ")
    assert str(told.value) == "That pass phrase does not open the notes."


def test_a_changed_pass_phrase_opens_the_old_notes_and_the_old_one_does_not(
    store: Store, identity: Any
) -> None:
    store.seal.change(identity, "another set of words")
    assert store.read(store.look().notes[1], store.seal.open("another set of words")) == WORDS
    with pytest.raises(WrongPassPhrase):
        store.seal.open(PHRASE)


def test_unsealing_gives_back_plain_notes_and_takes_the_keys_away(store: Store, identity: Any) -> None:
    count, damaged = store.unseal_all(identity)
    assert (count, damaged) == (2, ())
    assert {path.name for path in store.path.iterdir()} == {"note-0001.md", "note-0002.md"}
    assert store.add("md", b"open\n", TODAY).name == "note-0003.md"


def test_a_damaged_note_is_named_and_stays_and_so_do_the_keys(store: Store, identity: Any) -> None:
    sealed = store.path / "note-0001.md.age"
    sealed.write_bytes(sealed.read_bytes()[:-5])
    count, [foreign] = store.unseal_all(identity)
    assert count == 1
    assert foreign.name == "note-0001.md.age"
    assert store.sealed
    assert sealed.exists()


def test_a_note_sealed_by_somebody_else_is_named(store: Store, identity: Any) -> None:
    import pyrage

    stranger = pyrage.x25519.Identity.generate()
    (store.path / "note-0009.md.age").write_bytes(pyrage.encrypt(b"hi", [stranger.to_public()]))
    note = store.look().notes[-1]
    with pytest.raises(ValueError, match="another key"):
        store.read(note, identity)


@pytest.mark.parametrize("spoilt", [b"", b"age1notakey\n", b"\xff\xfe", b"x" * 5000])
def test_with_a_spoilt_public_key_nothing_is_kept_rather_than_kept_open(store: Store, spoilt: bytes) -> None:
    (store.path / RECIPIENT).write_bytes(spoilt)
    before = {path.name for path in store.path.iterdir()}
    with pytest.raises(RunError, match="nothing is kept"):
        store.add("md", b"canary\n", TODAY)
    assert {path.name for path in store.path.iterdir()} == before


def test_with_one_key_file_gone_nothing_is_kept_open(store: Store) -> None:
    (store.path / RECIPIENT).unlink()
    with pytest.raises(RunError, match="nothing is kept"):
        store.add("md", b"canary\n", TODAY)


def test_a_public_key_put_there_by_somebody_else_is_noticed_when_notes_are_opened(
    store: Store, identity: Any
) -> None:
    import pyrage

    stranger = pyrage.x25519.Identity.generate().to_public()
    (store.path / RECIPIENT).write_text(f"{stranger}\n")
    with pytest.raises(RunError, match="not the one of your secret key"):
        store.seal.check(identity)


def test_a_planted_link_as_public_key_is_not_followed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes((store.path / RECIPIENT).read_bytes())
    (store.path / RECIPIENT).unlink()
    (store.path / RECIPIENT).symlink_to(tmp_path / "key")
    with pytest.raises(RunError, match="cannot be used"):
        store.add("md", WORDS, TODAY)


@pytest.mark.parametrize("interrupted", ["seal", "unseal"])
def test_sealing_stopped_midway_is_finished_by_doing_it_again(
    store: Store, identity: Any, interrupted: str
) -> None:
    if interrupted == "seal":
        (store.path / "note-0002.md").write_bytes(WORDS)
        assert store.seal_all() == 1
        assert not (store.path / "note-0002.md").exists()
        assert store.read(store.look().notes[1], identity) == WORDS
    else:
        (store.path / "note-0001.md").write_bytes(b"kept before\n")
        count, _ = store.unseal_all(identity)
        assert count == 2
        assert (store.path / "note-0001.md").read_bytes() == b"kept before\n"


def test_a_short_pass_phrase_is_refused() -> None:
    with pytest.raises(SetupError, match="at least 8"):
        check_pass_phrase("1234567")
    check_pass_phrase("12345678")


@pytest.mark.skipif(shutil.which("age") is None, reason="the program age is not installed")
def test_debians_age_opens_a_sealed_note_with_the_pass_phrase(store: Store, tmp_path: Path) -> None:
    opened = tmp_path / "opened.md"
    command = ["age", "-d", "-i", str(store.path / IDENTITY), "-o", str(opened)]
    assert _at_a_terminal([*command, str(store.path / "note-0002.md.age")], PHRASE) == 0
    assert opened.read_bytes() == WORDS


@pytest.mark.skipif(shutil.which("age") is None, reason="the program age is not installed")
def test_what_debians_age_seals_for_the_key_is_a_note_too(store: Store, identity: Any) -> None:
    recipient = (store.path / RECIPIENT).read_text().strip()
    made = store.path / "note-0003.md.age"
    subprocess.run(["age", "-r", recipient, "-o", str(made)], input=b"from age\n", check=True)
    assert store.read(store.look().notes[-1], identity) == b"from age\n"


def _at_a_terminal(command: list[str], typed: str) -> int:
    """Run a program that asks for a pass phrase on its terminal; its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    shown = b""
    while b":" not in shown:
        shown += os.read(terminal, 1024)
    time.sleep(0.1)  # age turns echo off after it has asked
    os.write(terminal, typed.encode() + b"\n")
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
