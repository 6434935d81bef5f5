"""One utterance through segmenter, recogniser and understanding, as a session at the gate would take it."""

from __future__ import annotations

import argparse
import time
from typing import Any

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.hearing.choice import choose_recognizer, load_recognizer
from voice_coach.hearing.noise_suppression import choose_suppressor
from voice_coach.hearing.recognizer import Grammar
from voice_coach.hearing.segmenter import Segmenter, SpeechEnded
from voice_coach.hearing.voice_activity import WebRtcActivity
from voice_coach.turns.belief import believed, vouched
from voice_coach.turns.rules import NOISY_DB, RULES
from voice_coach.understanding.table import CONSENT

from .material import STATE, Material, Utterance
from .mixing import FRAME, Noises, last_loud


class Ears:
    """Everything a session hears with."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.material = Material(given.half)
        self.noises = Noises()
        table = self.material.table
        parts = (table.taught, table.told, table.stopping, table.phrase_meanings)
        self.plain = Grammar(STATE, table.phrases, table.decoys, False, *parts)
        self.strict = Grammar(STATE, table.phrases, table.decoys, True, *parts)
        second = "off" if given.one_ear else "on"
        choice = choose_recognizer(given.recognizer, given.model, second_ear=second)
        self.recognizer = load_recognizer(choice)
        self.suppression = given.noise_suppression
        beside = "+moonshine" if choice.second else ""
        self.name = f"{choice.kind}{beside}{' suppressed' if self.suppression == 'on' else ''}"

    def hear(self, said: Utterance) -> dict[str, Any]:
        """What came of one utterance."""
        quiet = self.material.sound(said)
        sound = self.noises.under(quiet, said)
        began = time.process_time()
        pieces, apart = self._pieces(sound)
        heard = self._decide(pieces, apart)
        spent = time.process_time() - began
        ended = heard.pop("ended")
        return {
            "recognizer": self.name,
            "name": said.name,
            "kind": said.kind,
            "voice": said.voice,
            "text": said.text,
            "level": said.level,
            "noise": self.noises.name(said),
            "wanted": self.material.wanted(said),
            **heard,
            "apart": round(apart, 1),
            "late": None if ended is None else round((ended - last_loud(quiet)) * 0.02, 2),
            "cpu": round(spent / (sound.size / HEARING_RATE), 3),
        }

    def _pieces(self, sound: Pcm) -> tuple[list[tuple[Pcm, int]], float]:
        """The pieces of speech, each with the frame at which it was over; how far they stand out."""
        suppress = choose_suppressor(self.suppression)
        segmenter = Segmenter(WebRtcActivity(), gap=RULES["gate"].gap, suppress=suppress)
        segmenter.reset()
        found, apart = [], 0.0
        for at in range(0, sound.size - FRAME + 1, FRAME):
            for event in segmenter.feed(sound[at : at + FRAME]):
                if isinstance(event, SpeechEnded):
                    found.append((event.piece, segmenter.frame))
                    apart = segmenter.apart
        return found, apart

    def _decide(self, pieces: list[tuple[Pcm, int]], apart: float) -> dict[str, Any]:
        """The surest meaning of the pieces, and whether any of them opens the harder question."""
        best: dict[str, Any] = {
            "intent": None,
            "heard": "",
            "confidence": 0.0,
            "granted": False,
            "ended": None,
        }
        surest, granted, unclear = 0.0, False, False
        for piece, ended in pieces:
            self.recognizer.use(self.plain)
            heard = self.recognizer.decode(piece)
            surest = max(surest, heard.confidence)
            meaning = self.material.intent(heard.text)
            if meaning is None or not believed(meaning, heard, self.material.turn):
                continue
            if meaning in CONSENT:
                self.recognizer.use(self.strict)
                heard = self.recognizer.decode(piece)
                opens = meaning == self.material.intent(heard.text) and vouched(heard, STATE)
                unclear = unclear or (opens and apart < NOISY_DB)
                granted = granted or (opens and apart >= NOISY_DB)
            if heard.confidence >= best["confidence"]:
                best |= {"intent": meaning, "heard": heard.text, "ended": ended}
                best["confidence"] = round(heard.confidence, 3)
        return best | {"granted": granted, "told": unclear, "surest": round(surest, 3), "pieces": len(pieces)}
