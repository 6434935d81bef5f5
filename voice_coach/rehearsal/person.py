"""A simulated person: a microphone that answers when the coach listens.

In: the session's events, as a person would notice them. Out: 20 ms frames of what they say, in audio time.
It is not the coach's ear: it knows nothing of what was recognised.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, Pcm, Put
from voice_coach.audio.wavefile import read_pcm
from voice_coach.events import Event
from voice_coach.rehearsal.plan import PlannedTurn
from voice_coach.speaking.stand_in import render_person

FRAME = round(HEARING_RATE * FRAME_SECONDS)
GOES_ON_AFTER = 3.5
"""In open talk, seconds after which the person says the next thing if the coach is still listening."""
NOISE_AROUND = 1.0
"""Seconds of noise before and after what is said."""
PRESSES_AGAIN_AFTER = 1.0
"""Seconds after a key press until the person does the next thing planned for this state."""
OPEN_TURNS = frozenset({"free", "rest", "paused"})


class Person:
    """Answers from a plan; silent when it is used up."""

    live = False
    passes = True

    def __init__(self, turns: tuple[PlannedTurn, ...], folder: Path) -> None:
        """`folder`: where the plan's recordings are looked for."""
        self._turns = list(turns)
        self._folder = folder
        self.press: Callable[[str], None] = lambda intent: None
        """Called for a turn that is a key; set by the session."""
        self.said: Callable[[str], None] = lambda words: None
        """Called with what is said, as it is begun; set by the session."""
        self._frame = 0
        self._sound: Pcm = np.zeros(0, np.int16)
        self._at = 0
        self._starts = 0
        self._words = ""
        self._key: tuple[int, str] | None = None
        self._listening = ""
        self._listen_turn = ""
        self._silent_until = 0
        self._next_at: int | None = None
        self._claimed_early = False

    # -- the microphone ---------------------------------------------------------------------------------

    def open(self, put: Put) -> None:
        """Nothing to start: frames are pulled."""

    def close(self) -> None:
        """Nothing to let go of."""

    def read(self) -> Pcm:
        """The next 320 samples of what the person says, or of silence."""
        self._frame += 1
        if self._key is not None and self._frame >= self._key[0]:
            intent, self._key = self._key[1], None
            self._next_at = self._frame + round(PRESSES_AGAIN_AFTER / FRAME_SECONDS)
            self.press(intent)
        if self._next_at is not None and self._frame >= self._next_at:
            self._next_at = None
            goes_on = self._listen_turn in OPEN_TURNS or self._awaited(self._listening)
            if self._listening and self._frame >= self._silent_until and goes_on:
                self._claim()
        return self._next_samples()

    def _next_samples(self) -> Pcm:
        frame = np.zeros(FRAME, np.int16)
        if self._frame < self._starts or self._at >= self._sound.size:
            return frame
        if self._at == 0:
            self.said(self._words)
        piece = self._sound[self._at : self._at + FRAME]
        frame[: piece.size] = piece
        self._at += FRAME
        if self._at >= self._sound.size and self._listen_turn in OPEN_TURNS:
            self._next_at = self._frame + round(GOES_ON_AFTER / FRAME_SECONDS)
        return frame

    # -- noticing what the coach does -------------------------------------------------------------------

    def notice(self, event: Event) -> None:
        """Follow the session as a person in the room would."""
        match event["event"]:
            case "listen":
                self._listening, self._listen_turn = event["state"], event["turn"]
                if self._claimed_early:
                    self._claimed_early = False
                elif self._frame >= self._silent_until:
                    self._claim()
            case "prompt":
                self._listening = ""
                self._next_at = None
                if "prompts." in event["id"]:
                    self._talk_over(event)
            case "state" | "end":
                self._listening = ""
                self._next_at = None

    def _talk_over(self, event: Event) -> None:
        turn = self._find(event["state"])
        if turn is None or turn.delay >= 0:
            return
        self._turns.remove(turn)
        self._claimed_early = True
        starts = self._frame + round((event["length"] + turn.delay) / FRAME_SECONDS)
        self._begin(turn, max(self._frame, starts))

    def _claim(self) -> None:
        turn = self._find(self._listening)
        if turn is None:
            return
        self._turns.remove(turn)
        self._begin(turn, self._frame + round(max(0.0, turn.delay) / FRAME_SECONDS))

    def _find(self, state: str) -> PlannedTurn | None:
        """The turn that claims this state, else the next one that claims none."""
        for turn in self._turns:
            if turn.state == state:
                return turn
        return next((turn for turn in self._turns if not turn.state), None)

    def _awaited(self, state: str) -> bool:
        """Whether the plan names another turn for this state, as for the second press of a key."""
        return any(turn.state == state for turn in self._turns)

    def _begin(self, turn: PlannedTurn, frame: int) -> None:
        if turn.silence is not None:
            self._silent_until = self._frame + round(turn.silence / FRAME_SECONDS)
            self._next_at = self._silent_until
        elif turn.key is not None:
            self._key = (frame, turn.key)
        else:
            self._sound, self._at, self._starts = self._render(turn), 0, frame
            self._words = turn.say or turn.wav or ""

    # -- the sound of it --------------------------------------------------------------------------------

    def _render(self, turn: PlannedTurn) -> Pcm:
        if turn.wav is not None:
            speech, _ = read_pcm(self._folder / turn.wav)
        else:
            assert turn.say is not None
            speech = render_person(turn.say, turn.voice, turn.rate)
        if turn.noise is None:
            return speech
        noise, _ = read_pcm(self._folder / turn.noise)
        return mix(speech, noise, turn.snr_db)


def mix(speech: Pcm, noise: Pcm, snr_db: float) -> Pcm:
    """Speech with noise before, under and after it, at a signal-to-noise ratio in dB (both int16, 16 kHz)."""
    around = round(NOISE_AROUND * HEARING_RATE)
    length = speech.size + 2 * around
    under = np.resize(noise.astype(np.float64), length)
    voiced = speech.astype(np.float64)
    loud = voiced[np.abs(voiced) > 0.02 * max(1.0, float(np.abs(voiced).max(initial=0.0)))]
    power = float(np.mean(loud**2)) if loud.size else 0.0
    level = np.sqrt(power / (float(np.mean(under**2)) or 1.0) / 10.0 ** (snr_db / 10.0))
    mixed = under * level
    mixed[around : around + speech.size] += voiced
    clipped: Pcm = np.clip(np.rint(mixed), -32768, 32767).astype(np.int16)
    return clipped
