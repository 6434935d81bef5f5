"""What must hold in a session whatever comes in whatever order: seen from its log, and after every event.

A prompt sounds alone; nothing is said after hush; a harder question has a yes just before it; an answer
counts only for the question it was given to; something always goes on; notes are as they were asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.conversation.consent import OPENING
from voice_coach.conversation.cues import Cue, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.preset import Preset
from voice_coach.conversation.protected import CHALLENGE_CARDS
from voice_coach.events import Event
from voice_coach.hearing.recognizer import Hypothesis
from voice_coach.packs.models import Pack
from voice_coach.turns.listener import Listener, Outcome

if TYPE_CHECKING:
    from any_order import AnyOrder

HUSHED_WITHIN = 40
"""Frames: the longest note (0.3 s), and a speaker's latency."""
NOTED = {"keep": "NOTE_KEPT", "wipe": "NOTES_WIPED", "delete the last": "NOTES_LAST_GONE"}
"""What is asked of the notes -> the state that is entered when somebody decides it."""


class Broken(Exception):
    """Something that must always hold does not."""


class WatchedConversation(Conversation):
    """The conversation itself (its twins are not watched); where it went is noted."""

    def __init__(self, pack: Pack, preset: Preset) -> None:
        super().__init__(pack, preset)
        self.entered: list[str] = []

    def hear(self, turn: Turn) -> list[Cue]:
        before = self.memory.state
        cues = super().hear(turn)
        if self.memory.state != before:
            self.entered.append(self.memory.state)
        return cues


class WhatHolds:
    """Looks on at one session."""

    def __init__(self, session: AnyOrder) -> None:
        self._session = session
        self._asked: dict[int, tuple[Hypothesis, int]] = {}
        """Hypothesis -> the turn in which it was heard."""
        self._turns = 0
        self._hushed_at: int | None = None
        self._yes = ""
        self._sounding = ""
        session.log.follow(self._notice)
        self._watch_answers()

    def hushed(self) -> None:
        """Hush is pressed now."""
        if self._hushed_at is None:
            self._hushed_at = self._session.floor.frame

    def asked(self, hypothesis: Hypothesis) -> None:
        """What will be heard in a piece that is said now."""
        self._asked[id(hypothesis)] = (hypothesis, self._turns)

    def _watch_answers(self) -> None:
        record = self._session.coach._record
        tell = record.outcome

        def outcome(frame: int, outcome: Outcome, listener: Listener, *, words: bool) -> None:
            self._look_at(outcome)
            tell(frame, outcome, listener, words=words)

        record.outcome = outcome  # type: ignore[method-assign]

    def _look_at(self, outcome: Outcome) -> None:
        """An answer counts for the question it was given to, and for no other."""
        if outcome.heard is None or outcome.turn.intent not in OPENING or outcome.turn.while_speaking:
            return
        _, turn = self._asked.get(id(outcome.heard), (None, -1))
        if turn != self._turns:
            raise Broken(
                f"{outcome.turn.intent} was said in another turn and counts in {self._session.state}"
            )

    def _notice(self, event: Event) -> None:
        match event["event"]:
            case "listen":
                self._turns += 1
            case "prompt" | "resume":
                self._begun(event)
            case "prompt_end":
                self._sounding = ""
            case "consent" if event["what"] in {"taken", "spent"}:
                self._yes = event["what"]
            case "consent" | "state":
                self._yes = self._yes if event.get("name") in {*CHALLENGE_CARDS, "T_CH_CARD"} else ""
            case "device" if event["what"] in {"lost", "muted"}:
                self._yes = ""

    def _begun(self, prompt: Event) -> None:
        if self._sounding:
            raise Broken(f"{prompt['id']} is begun while {self._sounding} sounds")
        self._sounding = prompt["id"]
        if self._hushed_at is not None:
            raise Broken(f"{prompt['id']} is said after hush")
        if prompt.get("stance") == "challenge" and ".prompts." in prompt["id"] and self._yes != "spent":
            raise Broken(f"{prompt['id']} is asked without a yes just before")

    def look(self) -> None:
        if self._session.over:
            return
        if self._hushed_at is not None and self._session.floor.frame - self._hushed_at > HUSHED_WITHIN:
            raise Broken("the session goes on after hush")
        if self._session.events.empty() and not self._session.coach._waiting:
            self._goes_on()

    def _goes_on(self) -> None:
        """Something is under way or scheduled, or the person is listened to."""
        mouth, floor = self._session.mouth, self._session.floor
        speaker = self._session.devices.speaker
        if mouth._playing is not None:
            if speaker.sounding is None:
                raise Broken("it waits for the end of a clip that nobody plays")
        elif mouth._wanted is not None:
            if mouth._wanted[1] not in self._session.voice.needed:
                raise Broken("it waits for a prompt that nobody renders")
        elif mouth._ready is not None or floor._wait_until is not None:
            return
        elif mouth.interrupted:
            if not self._session.listener.is_open:
                raise Broken("a prompt was broken off, and nobody listens")
        elif self._session.listener.is_open or floor._opening is not None:
            self._listens_rightly()
        elif not (self._session.notes.awaits and self._session.hearing.owes):
            raise Broken(f"nothing goes on in {self._session.state}, nobody listens")

    def _listens_rightly(self) -> None:
        opening = self._session.floor._opening
        listen = opening.listen if opening is not None else self._session.listener._listen
        if listen.state != self._session.state:
            raise Broken(f"it listens for answers to {listen.state} in {self._session.state}")

    def look_at_the_end(self) -> None:
        """What became of the notes: all that was asked for, and nothing else."""
        asked = [event for event in self._session.seen if event["event"] == "note"]
        for what, state in NOTED.items():
            times = sum(event["what"] == what for event in asked)
            entered = self._session.conversation.entered.count(state)
            if times != entered:
                raise Broken(f"{entered} times somebody said {what}, and it was tried {times} times")
        done = [event["what"] for event in asked if event["done"]]
        if not {"wipe", "delete the last"} & {*done}:
            there, kept = len(self._session.store.look().notes), done.count("keep")
            if there != self._session.kept_before + kept:
                raise Broken(f"{there} notes are there, {kept} were kept")
