"""A session on the virtual sound card and the moments at which things happen in it."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from virtual_sound_card import SoundCard

import voice_coach.session as sessions
from voice_coach.coach import KeyPressed
from voice_coach.events import Event, EventLog
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack
from voice_coach.settings import Options

SOUNDS = 0.003
"""Anything louder at the card is heard."""
Times = dict[str, list[float]]


def short_pack(language: str, folder: Path | None = None) -> Pack:
    """The pack, its first states cut to a word or two."""
    pack = load_pack(language, folder)
    states = dict(pack.states)
    for name, text in (
        ("WELCOME", "Hello."),
        ("PLACE", "Here?"),
        ("CONSENT", "Begin?"),
        ("CONNECT", "How is it?"),
        ("PAUSED", "Paused."),
    ):
        prompts = [
            prompt.model_copy(update={"text": text, "parts": None}) for prompt in states[name].prompts[:1]
        ]
        states[name] = states[name].model_copy(update={"prompts": prompts})
    return pack.model_copy(update={"states": states})


class Live:
    """A session on the card, and when each event came."""

    def __init__(self, session: sessions.Session, card: SoundCard) -> None:
        self.session, self.card = session, card
        self.events: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()
        session.log.follow(lambda event: self.events.put((time.perf_counter(), event)))

    def wait(self, kind: str, within: float = 60, **fields: Any) -> float:
        """When the next event of this kind came; raises queue.Empty."""
        while True:
            at, event = self.events.get(timeout=within)
            if event["event"] == kind and fields.items() <= event.items():
                return at

    def press(self, intent: str) -> float:
        self.session.events.put(KeyPressed(intent))
        return time.perf_counter()


@contextlib.contextmanager
def live(card: SoundCard, **options: Any) -> Iterator[Live]:
    log = EventLog()
    with sessions.open_session(Options(mode="heard", seed=1, **options), log) as session:
        found = Live(session, card)
        loop = threading.Thread(target=session.coach.run, daemon=True)
        loop.start()
        yield found
        found.press("HUSH")
        loop.join(20)


def first_sound(ear: Any, moment: float, within: float = 8.0) -> float:
    end = time.perf_counter() + within
    while time.perf_counter() < end:
        sound = ear.listen(0.04)
        start = max(0, int((moment - ear.began()) * ear.rate))
        loud = np.flatnonzero(np.abs(sound[start:]) > SOUNDS)
        if loud.size:
            return float(ear.began() + (start + loud[0]) / ear.rate)
    raise RuntimeError("nothing was heard")


class Stages:
    """When a word was looked at, and when the recogniser had answered."""

    def __init__(self) -> None:
        self.looked = self.recognised = 0.0
        decode, recognized = sessions.HearingProcess.decode, sessions.Listener.recognized

        def decoding(hearing: Any, request: int, piece: Any) -> None:
            self.looked = time.perf_counter()
            decode(hearing, request, piece)

        def recognizing(listener: Any, *given: Any) -> Any:
            self.recognised = time.perf_counter()
            return recognized(listener, *given)

        sessions.HearingProcess.decode = decoding
        sessions.Listener.recognized = recognizing
