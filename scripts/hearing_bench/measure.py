"""One utterance through segmenter, recognisers and understanding, as a session at the gate would take it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from toy_model import TOY_MODEL

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.choice import choose_recognizer, load_recognizer
from voice_coach.hearing.noise_suppression import choose_suppressor
from voice_coach.hearing.noisy_room import choose_activity
from voice_coach.hearing.recognizer import Grammar
from voice_coach.hearing.segmenter import Segmenter, SpeechEnded
from voice_coach.turns.belief import believed, vouched
from voice_coach.turns.rules import NOISY_DB, RULES
from voice_coach.understanding.table import CONSENT

from .material import STATE, Material, Utterance
from .mixing import FRAME, Noises, last_loud

EARS = ("both", "pocketsphinx", "vosk")
TOY = "vosk, toy model"
"""How the toy model of the tests is named in the results."""
BEYOND = "beyond"
"""The kind of a phrase with a word that the model lacks: not counted as missed, but it may open nothing."""
Pieces = list[tuple[Pcm, int]]


class Bench:
    """What is said, and all that listen to it."""

    def __init__(self, half: str, ears: Sequence[str], model: Path | None, suppression: str) -> None:
        """Load every recogniser of EARS that is named. Raises SetupError."""
        self.material = Material(half)
        self.noises = Noises()
        self._suppression = suppression
        self._ears = [Ear(kind, model, self.material, suppression) for kind in dict.fromkeys(ears)]
        for ear in self._ears:
            ear.name += "" if suppression == "auto" else f", suppression {suppression}"

    def hear(self, said: Utterance, done: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """What each recogniser that has not heard it yet makes of one utterance."""
        ears = [ear for ear in self._ears if (ear.name, said.name) not in done]
        if not ears:
            return
        quiet = self.material.sound(said)
        sound = self.noises.under(quiet, said)
        began = time.process_time()
        pieces, apart = self._pieces(sound)
        before = time.process_time() - began
        for ear in ears:
            began = time.process_time()
            heard = ear.decide(pieces, apart)
            spent = before + time.process_time() - began
            ended = heard.pop("ended")
            yield {
                "recognizer": ear.name,
                "name": said.name,
                "kind": BEYOND if said.text in ear.beyond else said.kind,
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

    def _pieces(self, sound: Pcm) -> tuple[Pieces, float]:
        """The pieces of speech, each with the frame at which it was over; how far they stand out."""
        suppress = choose_suppressor(self._suppression)
        segmenter = Segmenter(choose_activity(self._suppression), gap=RULES["gate"].gap, suppress=suppress)
        segmenter.reset()
        found, apart = [], 0.0
        for at in range(0, sound.size - FRAME + 1, FRAME):
            for event in segmenter.feed(sound[at : at + FRAME]):
                if isinstance(event, SpeechEnded):
                    found.append((event.piece, segmenter.frame))
                    apart = segmenter.apart
        return found, apart


class Ear:
    """One of EARS, with the grammars of the gate."""

    def __init__(self, kind: str, model: Path | None, material: Material, suppression: str) -> None:
        """Load it. Raises SetupError."""
        self._material = material
        table = material.table
        parts = (table.taught, table.told, table.stopping, table.phrase_meanings)
        self._plain = Grammar(STATE, table.phrases, table.decoys, False, *parts)
        self._strict = Grammar(STATE, table.phrases, table.decoys, True, *parts)
        if kind == "vosk":
            folder = model or TOY_MODEL
            choice = choose_recognizer("vosk", folder)
            self.name = TOY if folder == TOY_MODEL else f"vosk, {folder.name}"
        else:
            choice = choose_recognizer(
                "pocketsphinx",
                second_ear="on" if kind == "both" else "off",
                noise_suppression=suppression,
            )
            if kind == "both" and choice.second is None:
                raise SetupError("Moonshine is not installed here: take --ears pocketsphinx.")
            self.name = "pocketsphinx+moonshine" if choice.second else "pocketsphinx"
        self._recognizer = load_recognizer(choice)
        self.beyond = frozenset(self._recognizer.use(self._plain).dropped) if kind == "vosk" else frozenset()

    def decide(self, pieces: Pieces, apart: float) -> dict[str, Any]:
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
            self._recognizer.use(self._plain)
            heard = self._recognizer.decode(piece)
            surest = max(surest, heard.confidence)
            meaning = self._material.intent(heard.text)
            if meaning is None or not believed(meaning, heard, self._material.turn):
                continue
            if meaning in CONSENT:
                self._recognizer.use(self._strict)
                heard = self._recognizer.decode(piece)
                opens = meaning == self._material.intent(heard.text) and vouched(heard, STATE)
                unclear = unclear or (opens and apart < NOISY_DB)
                granted = granted or (opens and apart >= NOISY_DB)
            if heard.confidence >= best["confidence"]:
                best |= {"intent": meaning, "heard": heard.text, "ended": ended}
                best["confidence"] = round(heard.confidence, 3)
        return best | {"granted": granted, "told": unclear, "surest": round(surest, 3), "pieces": len(pieces)}
