"""A real session whose events come in whatever order a test likes; what_holds.py looks on."""

from __future__ import annotations

import queue
from collections import deque
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from stand_ins import FakeDevices, FakeHearing, FakeVoice
from what_holds import WatchedConversation, WhatHolds

from voice_coach.audio.ports import DeviceLost, FrameArrived, Pcm
from voice_coach.coach import Coach, KeyPressed, Parts
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.preset import Preset
from voice_coach.conversation.protected import CHALLENGE_GATES
from voice_coach.errors import RunError
from voice_coach.events import Event, EventLog
from voice_coach.hearing.messages import HearingFailed, HearingReady
from voice_coach.hearing.recognizer import NOTHING, Hypothesis
from voice_coach.hearing.segmenter import Segmenter
from voice_coach.hearing.voice_activity import WebRtcActivity
from voice_coach.mouth import Mouth
from voice_coach.notes.keeper import NoteKeeper
from voice_coach.notes.note import Note
from voice_coach.notes.store import Store
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack
from voice_coach.speaking.speech import VoiceLost, VoiceReplaced
from voice_coach.turns.listener import Listener
from voice_coach.turns.opening import Openness
from voice_coach.understanding.table import PhraseTable

DAY = date(2026, 3, 1)
_TABLES: dict[Openness, dict[tuple[str, bool], PhraseTable]] = {}
"""Made once for all sessions: making them takes longer than all else."""


class FullStore(Store):
    """A store whose disk can be full."""

    full = False

    def add(self, ending: str, data: bytes, today: date) -> Note:
        if self.full:
            raise RunError("There is no room for the note.")
        return super().add(ending, data, today)

    def wipe(self) -> int:
        if self.full:
            raise RunError("The notes cannot be taken away.")
        return super().wipe()

    def delete(self, *notes: Note) -> int:
        if self.full:
            raise RunError("The note cannot be taken away.")
        return super().delete(*notes)


@cache
def english() -> Pack:
    return load_pack("en")


@cache
def table(state: str) -> PhraseTable:
    return PhraseTable.for_state(english(), state)


@cache
def words_for(state: str, intent: str) -> str:
    """A phrase that means this in a state; "" where none does."""
    found = [phrase for phrase, meaning in table(state).meanings.items() if meaning == intent]
    return found[0] if found else ""


@cache
def voice_frames() -> tuple[Pcm, ...]:
    """Something like a vowel, which the detector takes for a voice."""
    t = np.arange(50 * 320) / 16_000
    phase = 2 * np.pi * np.cumsum(130 * (1 + 0.05 * np.sin(2 * np.pi * 3 * t))) / 16_000
    sound = sum(np.sin(k * phase) * np.exp(-(((k * 130 - 600) / 500) ** 2)) for k in range(1, 20))
    loud = sound / np.abs(sound).max() * 9_000 * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * t) ** 2)
    return tuple(loud.astype(np.int16).reshape(-1, 320))


@cache
def quiet_frames() -> tuple[Pcm, ...]:
    rng = np.random.default_rng(1)
    return tuple(rng.normal(0, 20, 320).astype(np.int16) for _ in range(50))


class AnyOrder:
    """One session. Events are put by its methods; `settle` lets the loop take them."""

    def __init__(self, folder: Path, preset: Preset, state: str, openness: Openness, notes: int) -> None:
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.log = EventLog()
        self.seen: list[Event] = []
        self.log.follow(self.seen.append)
        put = self.events.put
        self.devices, self.voice, self.hearing = FakeDevices(put), FakeVoice(put), FakeHearing(put)
        self.hearing.hears = self._heard
        self.store = FullStore(folder / "notes")
        for _ in range(notes):
            self.store.add("md", b"a note", DAY)
        keeper = NoteKeeper(self.store, dictate=self.hearing.write_down, today=lambda: DAY)
        self.conversation = WatchedConversation(english(), preset)
        _bring_to(self.conversation, state)
        listener = Listener(Segmenter(WebRtcActivity()), self.hearing.decode)
        mouth = Mouth(self.devices.speaker, self.voice, self.log)  # type: ignore[arg-type]
        parts = Parts(
            self.conversation,
            self.devices,  # type: ignore[arg-type]
            mouth,
            self.hearing,  # type: ignore[arg-type]
            listener,
            self.log,
            self.events,
            keeper,
        )
        self.kept_before = notes
        self.coach = Coach(parts, openness)
        self.coach._grammars._tables = _TABLES.setdefault(openness, {})
        self.floor, self.mouth, self.listener, self.notes = self.coach._floor, mouth, listener, keeper
        self._lateness = 0
        self._voice_left = 0
        self._says: Hypothesis = NOTHING
        self.holds = WhatHolds(self)
        put(HearingReady("a recogniser", ""))
        self.floor.perform(self.conversation.begin())
        self.settle()

    @property
    def over(self) -> bool:
        return self.floor.over

    @property
    def state(self) -> str:
        return self.conversation.memory.state

    # -- what happens -----------------------------------------------------------------------------------

    def pass_frames(self, count: int) -> None:
        """Time passes, in which what was said is heard; what is owed comes as late as was said."""
        for _ in range(count):
            if self.over:
                return
            self.devices.speaker.tick()
            self.events.put(FrameArrived(self._sound()))
            if self._lateness > 0:
                self._lateness -= 1
            else:
                self.voice.render()
                self.hearing.answer()
            self.settle()

    def press(self, intent: str) -> None:
        if intent == "HUSH" and self.conversation.state is not None:
            self.settle()  # What is said by then was begun before it.
            self.holds.hushed()
        self.events.put(KeyPressed(intent))

    def say(self, words: str, *, frames: int, confidence: float = 0.95, clean: bool = True) -> None:
        """From now on somebody speaks for so long, and is quiet then."""
        self._says = Hypothesis(words, confidence if words else 0.0, clean and bool(words), 0.3, 0.01)
        self._voice_left = frames

    def answer(self, intent: str, *, clean: bool = True) -> None:
        """Somebody answers by voice, and is quiet until it counts."""
        words = words_for(self.state, intent) if self.state in english().states else ""
        self.say(words, frames=22, clean=clean)

    def be_late(self, frames: int) -> None:
        """The voice and the recogniser have much to do."""
        self._lateness = frames

    def latency(self, frames: int) -> None:
        self.devices.speaker.latency = frames

    def lose(self, which: str) -> None:
        self.events.put(DeviceLost(which, "as it is told"))

    def fail_hearing(self) -> None:
        if not self.hearing.failed:
            self.hearing.fail()
            self.events.put(HearingFailed("Keys only."))

    def lose_voice(self) -> None:
        if not self.voice.lost and self.mouth.has_spoken:
            self.voice.lost = True
            self.events.put(VoiceLost("The voice is gone."))

    def replace_voice(self) -> None:
        self.events.put(VoiceReplaced("Another voice speaks."))

    # -- the loop ---------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Let the loop take all that waits, as its own run() would."""
        waiting: deque[Any] = self.coach._waiting
        while not self.over and (waiting or not self.events.empty()):
            self.coach._take(waiting.popleft() if waiting else self.events.get())
            self.holds.look()

    def _sound(self) -> Pcm:
        if "microphone" in self.devices.lost or self.devices.muted:
            return np.zeros(320, np.int16)
        which = self.floor.frame % 50
        if self._voice_left > 0:
            self._voice_left -= 1
            return voice_frames()[which]
        return quiet_frames()[which]

    def _heard(self) -> Hypothesis:
        """An answer of its own for each piece, so that it can be told apart."""
        says = self._says
        own = Hypothesis(says.text, says.confidence, says.clean, says.audio_seconds, says.compute_seconds)
        self.holds.asked(own)
        return own


def _bring_to(conversation: Conversation, state: str) -> None:
    """As after a session that has come so far."""
    memory = conversation.memory
    memory.state = state
    if state == "WELCOME":
        return
    memory.consented, memory.facts_heard = True, 3
    person = memory.person
    person.connection, person.curious = "checked", "exploring"
    if state in CHALLENGE_GATES:
        person.harder = "over"
