"""A session on the virtual sound card in this process, driven by keys, its events waited for."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from voice_coach.coach import KeyPressed
from voice_coach.events import Event, EventLog
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack
from voice_coach.session import Session, open_session
from voice_coach.settings import Options

_SHORT_PROMPTS = {
    "WELCOME": "Hello.",
    "PLACE": "Here?",
    "CONSENT": "Begin?",
    "CHALLENGE_GATE": "Shall I ask?",
    "NOT_READY": "All right.",
}
_SHORT_LINES = {
    "MIC_LOST": "Gone.",
    "MIC_BACK": "Back.",
    "SPEAKER_LOST": "Gone.",
    "SPEAKER_BACK": "Back.",
    "WELCOME_BACK": "Welcome back.",
}


def short_pack(*_: Any) -> Pack:
    """In place of session.pack_of where what is tried is not what the prompts say: they are a word or two."""
    pack = load_pack("en")
    states = dict(pack.states)
    for name, text in _SHORT_PROMPTS.items():
        prompts = [each.model_copy(update={"text": text, "parts": None}) for each in states[name].prompts[:1]]
        states[name] = states[name].model_copy(update={"prompts": prompts})
    lines = dict(pack.lines) | {name: [text] for name, text in _SHORT_LINES.items()}
    return pack.model_copy(update={"states": states, "lines": lines})


class LiveSession:
    """Events as they come, each with the time it came at."""

    def __init__(self, session: Session, log: EventLog) -> None:
        self.session = session
        self.events: list[Event] = []
        self._new: queue.Queue[Event] = queue.Queue()
        log.follow(self._notice)

    def _notice(self, event: Event) -> None:
        event = event | {"time": time.perf_counter()}
        self.events.append(event)
        self._new.put(event)

    def press(self, intent: str) -> None:
        self.session.events.put(KeyPressed(intent))

    def wait(self, event: str, seconds: float = 30.0, **fields: Any) -> Event:
        """The next event of this kind with these fields; earlier ones are passed over."""
        return self.wait_for(
            lambda found: found["event"] == event and fields.items() <= found.items(), seconds
        )

    def wait_for(self, wanted: Callable[[Event], bool], seconds: float = 30.0) -> Event:
        end = time.perf_counter() + seconds
        while True:
            try:
                found = self._new.get(timeout=max(0.0, end - time.perf_counter()))
            except queue.Empty:
                tail = [{k: v for k, v in each.items() if k != "time"} for each in self.events[-12:]]
                raise AssertionError(f"it did not come; the last events: {tail}") from None
            if wanted(found):
                return found


@contextlib.contextmanager
def live_session(**options: Any) -> Iterator[LiveSession]:
    log = EventLog()
    given = {"mode": "heard", "seed": 1, "recognizer": "pocketsphinx"} | options
    with open_session(Options(**given), log) as session:
        live = LiveSession(session, log)
        loop = threading.Thread(target=session.coach.run, daemon=True)
        loop.start()
        yield live
        live.press("HUSH")
        loop.join(20)
        assert not loop.is_alive()
