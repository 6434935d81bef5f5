"""The voice of a session, started before the rest of the program has been loaded.

In: the voice's name. Out: a queue and a voice on it whose child is on its way. The engine needs as long to
start as our own imports do, so both go on at once: the first word comes a third of a second sooner.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass
from typing import Any

from voice_coach.speaking.voice import Voice


@dataclass(frozen=True)
class EarlyVoice:
    """What open_session takes over; it closes the voice in any case."""

    events: queue.SimpleQueue[Any]
    """The session's queue."""
    voice: Voice


def begin_voice(name: str | None, language: str = "en") -> EarlyVoice:
    """Start the rendering child; returns at once. A session is never silent for a name that is not there."""
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    voice = Voice(events.put, voice=name, language=language, or_another=True)
    voice.start()
    return EarlyVoice(events, voice)
