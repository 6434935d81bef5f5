"""A simulated room with open speakers: what the coach plays comes back into the person's microphone.

A room's answer is made of a direct sound and noise that dies away (60 dB in 0.35 s), the same for the same
seed. Levels: the echo's power over that of what is played, in dB.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice_coach.audio.ports import HEARING_RATE, Pcm, Samples
from voice_coach.hearing.reference import Reference

FRAME = 320
DIES_AWAY_SECONDS = 0.35
DIRECT_DB = 3.0
"""Power of the direct sound over that of all that follows it."""
ON_ITS_WAY_SECONDS = 0.07
"""From the block handed to the device to the frame that brings its echo (audio study: 60 to 80 ms)."""


def answer_of(seed: int, *, delay: float = 0.0, direct_db: float = DIRECT_DB) -> NDArray[np.float64]:
    """A room's impulse response at 16 kHz, its power 1."""
    chance = np.random.default_rng(seed)
    length = round(DIES_AWAY_SECONDS * HEARING_RATE)
    tail = chance.standard_normal(length) * 10.0 ** (-3.0 * np.arange(length) / length)
    tail[:32] = 0.0
    tail *= np.sqrt(10.0 ** (-direct_db / 10.0) / np.sum(tail**2))
    tail[0] = 1.0
    return np.concatenate([np.zeros(round(delay * HEARING_RATE)), tail / np.sqrt(np.sum(tail**2))])


class Room:
    """Between a speaker and a microphone, frame by frame."""

    def __init__(self, echo_db: float, seed: int = 5) -> None:
        self._answer = answer_of(seed, delay=ON_ITS_WAY_SECONDS) * 10.0 ** (echo_db / 20.0)
        self._ringing = np.zeros(self._answer.size + FRAME)
        self._reference = Reference()
        self._noise = np.random.default_rng(seed)

    def played(self, block: Samples, rate: int) -> None:
        """As a speaker tells it."""
        self._reference.played(block, rate)

    def around(self, frame: Pcm) -> Pcm:
        """What the microphone brings when the person's own sound is `frame`."""
        self._ringing[: self._answer.size + FRAME - 1] += np.convolve(self._reference.take(), self._answer)
        echo, rest = self._ringing[:FRAME], self._ringing[FRAME:]
        self._ringing = np.concatenate([rest, np.zeros(FRAME)])
        heard = frame + echo * 32768 + self._noise.normal(0, 8, FRAME)
        return np.clip(np.rint(heard), -32768, 32767).astype(np.int16)


class InRoom:
    """A person's microphone in a room."""

    live = False

    def __init__(self, person: Any, room: Room) -> None:
        self._person, self._room = person, room

    def read(self) -> Pcm:
        return self._room.around(self._person.read())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._person, name)
