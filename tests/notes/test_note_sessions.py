"""Whole sessions in which a note is made: only keep it keeps, and what is said of it is true."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from toy_model import TOY_MODEL
from watched_plan import note_plan

from voice_coach.commands.text import converse
from voice_coach.conversation.cues import Turn
from voice_coach.errors import RunError
from voice_coach.events import Event, EventLog
from voice_coach.notes.note import readable
from voice_coach.notes.recording import from_sound
from voice_coach.notes.store import Store
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack
from voice_coach.rehearsal.plan import parse_plan
from voice_coach.rehearsal.rehearse import rehearse
from voice_coach.settings import Options


def hold(tmp_path: Path, *keys: str) -> tuple[list[Event], Store]:
    """Hold the session; its events, and the store it kept notes in."""
    notes = tmp_path / "notes"
    events: list[Event] = []
    log = EventLog()
    log.follow(events.append)
    rehearse(parse_plan(note_plan(*keys), tmp_path / "plan.toml"), log, notes_folder=str(notes))
    return events, Store(notes)


def said(events: list[Event], state: str) -> list[Any]:
    return [event["text"] for event in events if event["event"] == "prompt" and event["state"] == state]


def states(events: list[Event]) -> list[Any]:
    return [event["name"] for event in events if event["event"] == "state"]


def test_a_note_is_heard_back_then_kept_and_the_goodbye_says_so(tmp_path: Path) -> None:
    events, store = hold(tmp_path, "KEEP_IT", "KEEP_IT")
    assert states(events)[-3:] == ["NOTE_BACK", "NOTE_KEPT", "GOODBYE"]
    [note] = store.look().notes
    take = from_sound(store.read(note))
    told = next(
        event for event in events if event.get("id") == "NOTE_BACK.note" and event["event"] == "prompt"
    )
    assert told["text"] == ""
    assert told["length"] == pytest.approx(take.size / 16_000, abs=0.1)
    assert "kept" in said(events, "GOODBYE")[0]
    assert "Nothing was" not in said(events, "GOODBYE")[0]


def test_after_half_a_minute_it_says_so_and_keeps_what_was_agreed(tmp_path: Path) -> None:
    thought = " ".join(["i wait and i listen and then i ask again"] * 14)
    plan = note_plan("KEEP_IT", "KEEP_IT", thought=thought)
    events: list[Event] = []
    log = EventLog()
    log.follow(events.append)
    rehearse(parse_plan(plan, tmp_path / "plan.toml"), log, notes_folder=str(tmp_path / "notes"))
    assert "That's half a minute, so I stopped there." in said(events, "NOTE_SAY")
    assert states(events)[-3:] == ["NOTE_BACK", "NOTE_KEPT", "GOODBYE"]
    store = Store(tmp_path / "notes")
    [note] = store.look().notes
    assert 28.0 < from_sound(store.read(note)).size / 16_000 <= 30.1


def test_where_nothing_can_write_words_down_that_is_said_and_the_own_voice_is_offered(tmp_path: Path) -> None:
    events, store = hold(tmp_path, "KEEP_IT", "KEEP_IT")
    assert "NOTE_VOICE" in states(events)
    assert "NOTE_KIND" not in states(events)
    offered = " ".join(said(events, "NOTE_VOICE"))
    assert "own voice" in offered or "sound of you" in offered
    assert [note.kind for note in store.look().notes] == ["voice"]


def test_a_text_note_is_dictated_read_out_and_kept_without_a_word_in_the_log(tmp_path: Path) -> None:
    plan = note_plan("KEEP_IT", "KEEP_IT", thought="keep it", model=TOY_MODEL)
    events: list[Event] = []
    log = EventLog()
    log.follow(events.append)
    rehearse(parse_plan(plan, tmp_path / "plan.toml"), log, notes_folder=str(tmp_path / "notes"))
    ahead = ["NOTE_KIND", "NOTE_CARE", "NOTE_SAY", "NOTE_BACK", "NOTE_KEPT", "GOODBYE"]
    assert states(events)[-6:] == ahead
    store = Store(tmp_path / "notes")
    assert [readable(store.read(note)) for note in store.look().notes] == ["Keep it"]
    assert [event["text"] for event in events if event["event"] == "said"] == [""]
    assert [event.get("words") for event in events if event["event"] == "heard" and event.get("words")] == []
    told = [event for event in events if event.get("id") == "NOTE_BACK.note" and event["event"] == "prompt"]
    assert told[0]["text"] == ""
    assert told[0]["length"] > 0.4


@pytest.mark.parametrize(("answer", "kept"), [("keep it", ["text"]), ("don't keep it", [])])
def test_a_text_note_is_said_ended_and_kept_by_voice_alone(
    answer: str, kept: list[str], tmp_path: Path
) -> None:
    plan = note_plan("KEEP_IT", thought="seven eight nine", model=TOY_MODEL)
    for key, words in (("DONE", "done"), ("KEEP_IT", answer)):
        last = plan.rindex(f'key = "{key}"')
        plan = plan[:last] + plan[last:].replace(f'key = "{key}"', f'say = "{words}"', 1)
    plan = plan.replace("say = ", 'voice = "flite:kal16"\nsay = ')
    rehearse(parse_plan(plan, tmp_path / "plan.toml"), EventLog(), notes_folder=str(tmp_path / "notes"))
    assert [note.kind for note in Store(tmp_path / "notes").look().notes] == kept


def test_a_note_that_is_heard_back_and_binned_was_never_written(tmp_path: Path) -> None:
    events, store = hold(tmp_path, "KEEP_IT", "BIN_IT")
    assert states(events)[-3:] == ["NOTE_BACK", "NOTE_GONE", "GOODBYE"]
    assert not store.path.exists()


def test_where_it_cannot_be_kept_that_is_said_instead_of_kept(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file in the way")
    events, _ = hold(tmp_path, "KEEP_IT", "KEEP_IT")
    [kept] = said(events, "NOTE_KEPT")
    assert next(event["id"] for event in events if event.get("text") == kept).startswith("lines.NOTE_FAILED")
    assert "One note" not in said(events, "GOODBYE")[0]
    assert "one note" not in said(events, "GOODBYE")[0]
    assert (tmp_path / "notes").read_text() == "a file in the way"


TO_THE_NOTE = ["yes", "yes", "worn out", "long day", "done", "skip", "steady", "my brother", "yes"]


@cache
def the_pack(language: str) -> Pack:
    """The pack, loaded once: its rules are worked out again for every new one."""
    return load_pack(language)


def typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *lines: str, **options: Any
) -> tuple[list[Event], Store]:
    """A typed session as far as the note, then these lines; its events, and the store."""
    waiting = iter([*TO_THE_NOTE, *lines])

    def type_next(prompt: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", type_next)
    monkeypatch.setattr("voice_coach.packs.load.load_pack", the_pack)
    events: list[Event] = []
    log = EventLog()
    log.follow(events.append)
    options = {"mode": "heard", "seed": 1, "notes": True, "notes_folder": str(tmp_path / "notes"), **options}
    converse(Options(**options), log)
    return events, Store(tmp_path / "notes")


def test_a_typed_note_is_kept_and_no_word_of_it_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events, store = typed(monkeypatch, tmp_path, "i ask first", "then i help", "done", "keep it")
    assert states(events)[-2:] == ["NOTE_KEPT", "GOODBYE"]
    assert [readable(store.read(note)) for note in store.look().notes] == ["i ask first\nthen i help"]
    assert "i ask first" in capsys.readouterr().out
    assert "ask first" not in str(events)


@pytest.mark.parametrize(
    "lines",
    [
        *(["bin it"], ["no"], ["yes", "stop"], ["hush"], ["pause", "stop"], ["not sure"], ["skip"], ["", ""]),
        *(["keep it maybe"], ["don't keep it"], ["i want to die", "numbers", "stop"], ["try again", "done"]),
        [],
    ],
)
def test_whatever_else_is_answered_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    events, store = typed(monkeypatch, tmp_path, "i ask first", "done", *lines)
    assert "NOTE_BACK" in states(events)
    assert "NOTE_KEPT" not in states(events)
    assert not store.path.exists()


def test_words_about_safety_in_a_note_let_go_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events, store = typed(monkeypatch, tmp_path, "some days i want to die", "i misheard", "stop")
    assert "CR_CHECK" in states(events)
    assert not store.path.exists()


def test_no_note_is_offered_after_a_word_about_safety_nor_where_notes_are_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        f"{__name__}.TO_THE_NOTE", ["yes", "yes", "i want to die", "about me", "skip", "stop"]
    )
    events, _ = typed(monkeypatch, tmp_path)
    assert "CR_CHECK" in states(events)
    assert not any(name.startswith("NOTE") for name in states(events))
    monkeypatch.undo()
    events, _ = typed(monkeypatch, tmp_path, notes=False)
    assert states(events)[-1] == "GOODBYE"
    assert not any(name.startswith("NOTE") for name in states(events))


def at_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *lines: str) -> tuple[list[Event], Store]:
    """A typed session with three notes from before, in which this is said right after the start."""
    store = Store(tmp_path / "notes")
    for words in (b"one\n", b"two\n", b"three\n"):
        store.add("md", words, date(2031, 5, 6))
    monkeypatch.setattr(f"{__name__}.TO_THE_NOTE", ["yes", "yes"])
    return typed(monkeypatch, tmp_path, *lines, "stop")


def test_notes_are_played_only_after_asking_who_can_hear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at_the_start(monkeypatch, tmp_path, "play my notes", "no")
    assert "three" not in capsys.readouterr().out.split()
    events, _ = at_the_start(monkeypatch, tmp_path / "again", "play my notes", "yes", "next", "done")
    told = [event["text"] for event in events if event.get("id", "").endswith(".note") and "text" in event]
    assert told == ["", ""]
    shown = capsys.readouterr().out.split()
    assert [word for word in shown if word in {"one", "two", "three"}][:2] == ["three", "two"]
    assert "NOTES_PLACE" in states(events)


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        (["wipe them"], 0),
        (["yes", "wipe them"], 0),
        (["yes", "yes"], 3),
        (["keep them"], 3),
        (["don't wipe them"], 3),
        (["wipe them maybe"], 3),
        (["delete my notes"], 3),
        ([""], 3),
    ],
)
def test_only_wipe_them_wipes_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str], left: int
) -> None:
    _, store = at_the_start(monkeypatch, tmp_path, "delete my notes", *answers)
    assert len(store.look().notes) == left


@pytest.mark.parametrize(("answer", "left"), [("bin it", 2), ("keep it", 3), ("yes", 3), ("", 3), ("no", 3)])
def test_only_bin_it_takes_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    _, store = at_the_start(monkeypatch, tmp_path, "delete the last one", answer)
    assert [note.number for note in store.look().notes] == list(range(1, left + 1))


def test_of_two_people_each_must_agree_to_a_note() -> None:
    from voice_coach.conversation.dialogue import Conversation
    from voice_coach.conversation.preset import Preset

    for answer, leads in (("YES", "NOTE_VOICE"), ("NO", "GOODBYE"), ("UNSURE", "GOODBYE")):
        talk = Conversation(the_pack("en"), Preset(mode="together", notes_on=True, note_kinds="voice"))
        memory = talk.memory.copy()
        memory.state, memory.consented, memory.two_agreed = "NOTE_OFFER", True, True
        talk.memory = memory
        talk.hear(Turn("YES", by="text"))
        assert talk.memory.state == "T_NOTE_OFFER"
        talk.hear(Turn(answer, by="text"))
        assert talk.memory.state == leads


def test_no_made_up_note_reaches_a_persons_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    seen: list[str] = []

    def looked(options: Options, *_: object) -> None:
        seen.append(str(options.notes_folder))
        raise RunError("enough")

    monkeypatch.setattr("voice_coach.rehearsal.rehearse.open_session", looked)
    with pytest.raises(RunError, match="enough"):
        rehearse(parse_plan(note_plan(), tmp_path / "plan.toml"), EventLog())
    [folder] = seen
    assert not Path(folder).is_relative_to(tmp_path)
    assert not Path(folder).parent.exists()
