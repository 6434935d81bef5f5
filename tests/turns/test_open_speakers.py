"""Words said over the coach from open speakers: whole sessions in audio time, in a room that echoes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from echoing_room import FRAME, InRoom, Room, answer_of

import voice_coach.session as sessions
from voice_coach.audio.devices import open_speaker
from voice_coach.coach import KeyPressed
from voice_coach.events import Event, EventLog
from voice_coach.hearing import echo
from voice_coach.hearing.echo import EchoCanceller, whole_canceller
from voice_coach.hearing.level import dbfs
from voice_coach.hearing.linear_echo import LinearEcho
from voice_coach.hearing.recognizer import Grammar
from voice_coach.hearing.reference import Reference
from voice_coach.packs.load import load_pack
from voice_coach.rehearsal.person import Person
from voice_coach.rehearsal.plan import parse_plan
from voice_coach.settings import Options
from voice_coach.turns.grammars import Grammars
from voice_coach.turns.rules import OPEN_SPEAKERS_CONFIDENCE
from voice_coach.understanding.table import OVER_OPEN_SPEAKERS, PhraseTable

needs_canceller = pytest.mark.skipif(whole_canceller() is None, reason="the package livekit is not installed")

OVER_PLACE = """
[[turn]]
state = "PLACE"
{over}
delay = -3.5

[[turn]]
state = "PLACE"
key = "STOP"
"""


def held(
    tmp_path: Path, over: str, monkeypatch: pytest.MonkeyPatch, *, echo_db: float = -10.0
) -> list[Event]:
    """A session whose person says something over the prompt of PLACE, once the room is known."""
    room = Room(echo_db)

    def open_into_room(spec: str | None, *, paced: bool, overhear: Any) -> Any:
        def both(block: Any, rate: int) -> None:
            room.played(block, rate)
            overhear(block, rate)

        return open_speaker("none", paced=paced, overhear=both)

    monkeypatch.setattr(sessions, "open_speaker", open_into_room)
    plan = parse_plan(OVER_PLACE.format(over=over), tmp_path / "plan.toml")
    person, log, events = Person(plan.turns, tmp_path), EventLog(), list[Event]()
    log.follow(person.notice)
    log.follow(events.append)
    options = Options(mode="heard", open_speakers=True, seed=0, recognizer="pocketsphinx")
    with sessions.open_session(options, log, InRoom(person, room)) as session:  # type: ignore[arg-type]
        person.press = lambda intent: session.events.put(KeyPressed(intent))
        session.coach.run(until=40)
    return events


def of(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event["event"] == kind]


@needs_canceller
def test_stop_is_heard_over_the_coach_and_ends_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = held(tmp_path, 'say = "stop"', monkeypatch)
    assert events[-1]["why"] == "stopped"
    [place] = [event for event in of(events, "prompt_end") if event["state"] == "PLACE"]
    assert place["how"] in {"interrupted", "cut"}
    assert place["after"] < place["of"] - 1.5


@needs_canceller
def test_what_is_no_calming_word_neither_interrupts_nor_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = held(tmp_path, 'say = "yes"', monkeypatch)
    assert of(events, "heard") == []
    assert all(event["how"] != "interrupted" for event in of(events, "prompt_end"))


@needs_canceller
def test_the_coach_never_hears_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = held(tmp_path, "silence = 1", monkeypatch, echo_db=0.0)
    assert len(of(events, "prompt")) >= 2
    assert all(event["how"] != "interrupted" for event in of(events, "prompt_end"))
    assert of(events, "heard") == []


def test_where_the_package_is_missing_one_sentence_says_so_and_the_session_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(echo.importlib.util, "find_spec", lambda name: None)
    events = held(tmp_path, 'say = "please stop"', monkeypatch)
    [trouble] = of(events, "trouble")
    assert "livekit" in trouble["text"]
    assert "--open-speakers" in trouble["text"]
    assert of(events, "heard") == []
    assert of(events, "prompt_end")[1]["how"] == "finished"


def test_nothing_that_agrees_is_listened_for_over_open_speakers() -> None:
    pack = load_pack("en")
    for state in pack.states:
        table = PhraseTable.while_speaking(pack, state, OVER_OPEN_SPEAKERS)
        assert set(table.meanings.values()) == {"STOP", "PAUSE", "HUSH", "JUST_LISTEN"}
    assert OPEN_SPEAKERS_CONFIDENCE > sessions.ANSWER_CONFIDENCE


class _Asked:
    """Stands in for the hearing process: notes what it is to listen for."""

    def __init__(self) -> None:
        self.grammars: list[Grammar] = []

    def use(self, grammar: Grammar) -> None:
        self.grammars.append(grammar)


def test_one_ear_is_enough_over_open_speakers_and_nowhere_else() -> None:
    pack, open_speakers, headphones = load_pack("en"), _Asked(), _Asked()
    for asked, either in ((open_speakers, True), (headphones, False)):
        grammars = Grammars(pack, asked, OVER_OPEN_SPEAKERS, either=either)  # type: ignore[arg-type]
        grammars.use("PLACE", over=True, verify=False)
        grammars.use("PLACE", over=False, verify=False)
    assert [grammar.either for grammar in open_speakers.grammars] == [True, False]
    assert [grammar.either for grammar in headphones.grammars] == [False, False]


class _Deaf:
    """A canceller that takes nothing out."""

    def __call__(self, heard: Any, played: Any) -> Any:
        return heard


def test_an_echo_that_is_not_taken_out_is_not_believed_to_be_anybody() -> None:
    canceller, room, chance = EchoCanceller(_Deaf()), Room(0.0), np.random.default_rng(1)
    activity = echo.EchoFreeActivity(canceller)
    voiced = []
    for number in range(400):
        loud = 0.05 if number // 15 % 2 == 0 else 0.0  # Syllables: what never ceases is the room.
        block = (chance.standard_normal(FRAME) * loud).astype(np.float32)
        canceller.played(block, 16_000)
        room.played(block, 16_000)
        voiced.append(activity(canceller(room.around(np.zeros(FRAME, np.int16)))))
    assert canceller.sounding
    assert not canceller.believed
    assert not any(voiced)


def test_frames_are_left_alone_where_nothing_is_played() -> None:
    canceller = EchoCanceller(_Deaf())
    frame = np.arange(FRAME, dtype=np.int16)
    for _ in range(50):
        canceller.played(np.zeros(FRAME, np.float32), 16_000)
        assert canceller(frame) is frame
    assert not canceller.sounding


def test_the_linear_canceller_learns_a_room_and_leaves_a_voice_as_it_is() -> None:
    chance, answer = np.random.default_rng(2), answer_of(3, delay=0.07)
    played = (chance.standard_normal(16_000 * 12) * 0.05).astype(np.float32)
    echoes = np.convolve(played, answer)[: played.size].astype(np.float32)
    voice = np.zeros(played.size, np.float32)
    voice[-32_000:] = (np.sin(np.arange(32_000) / 9) * 0.05).astype(np.float32)
    linear, size = LinearEcho(), FRAME
    clean = np.concatenate(
        [
            linear((echoes + voice)[at : at + size], played[at : at + size])
            for at in range(0, played.size, size)
        ]
    )
    learnt = slice(16_000 * 8, 16_000 * 10)
    assert np.mean(clean[learnt] ** 2) < 0.01 * np.mean(echoes[learnt] ** 2)
    assert np.corrcoef(clean[-32_000:], voice[-32_000:])[0, 1] > 0.95
    assert (
        abs(
            dbfs((clean[-16_000:] * 32768).astype(np.int16))
            - dbfs((voice[-16_000:] * 32768).astype(np.int16))
        )
        < 1
    )


def test_the_reference_holds_step_with_blocks_of_another_size_and_rate() -> None:
    reference, tone = Reference(), np.sin(np.arange(48_000) * 2 * np.pi * 440 / 48_000).astype(np.float32)
    taken = []
    for at in range(0, 48_000, 480):
        reference.played(tone[at : at + 480], 48_000)
        if at % 960:
            taken.append(reference.take())
    sound = np.concatenate(taken)
    loud = sound[np.abs(sound) > 0.5]
    assert loud.size > 0.6 * sound.size
    assert np.abs(np.fft.rfft(sound)).argmax() * 16_000 / sound.size == pytest.approx(440, abs=2)


def test_what_drifts_ahead_is_brought_back() -> None:
    reference = Reference()
    for number in range(400):
        reference.played(np.full(FRAME + (8 if number < 300 else 0), number, np.float32), 16_000)
        frame = reference.take()
    assert 400 - frame.max() <= 6
