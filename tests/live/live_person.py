"""A person at the virtual sound card: follows the event log of a session and speaks into its microphone."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from virtual_sound_card import Mouth

from voice_coach.speaking.stand_in import render_person

REACTION_SECONDS = 0.25
"""A person answers the open note no sooner (simple reaction times to sound are 0.2 to 0.3 s)."""


class LivePerson:
    """Answers each state's listening turns with the next of its words, the last again when asked again."""

    def __init__(self, mouth: Mouth, log: Path, answers: Mapping[str, Sequence[str]]) -> None:
        self._mouth, self._log = mouth, log
        self._answers = {state: list(words) for state, words in answers.items()}
        pause = np.zeros(round(REACTION_SECONDS * 16000), np.int16)
        spoken = {word for words in answers.values() for word in words}
        self._sounds = {word: np.concatenate([pause, render_person(word)]) for word in sorted(spoken)}
        self.events: list[dict[str, Any]] = []
        self.failed: BaseException | None = None

    def converse(self, alive: Callable[[], bool], at_most: float) -> list[dict[str, Any]]:
        """Until the session's process has gone, or for so many seconds; returns all its events."""
        follower = threading.Thread(target=self._follow, args=(alive,), daemon=True)
        follower.start()
        follower.join(at_most)
        return list(self.events)

    def _follow(self, alive: Callable[[], bool]) -> None:
        read = 0
        while True:
            ends = not alive()
            lines = self._log.read_text().splitlines(keepends=True) if self._log.exists() else []
            for line in lines[read:]:
                if not line.endswith("\n"):
                    break
                read += 1
                self._notice(json.loads(line))
            if ends:
                return
            time.sleep(0.02)  # there is no event for a line written by another process

    def _notice(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        if event["event"] == "listen" and self._answers.get(event["state"]):
            words = self._answers[event["state"]]
            self._mouth.say(self._sounds[words.pop(0) if len(words) > 1 else words[0]])
