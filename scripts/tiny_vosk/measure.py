"""How well a toy model hears synthetic voices it never heard, through the real libvosk."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tiny_vosk import vocabulary
from tiny_vosk.speech import UNKNOWN, espeak, in_a_room

Spoken = list[tuple[str, bytes]]


def measured(folder: Path) -> Iterator[str]:
    """A line for each set of clips."""
    import vosk

    vosk.SetLogLevel(-1)
    grammar = json.dumps([*vocabulary.PHRASES, UNKNOWN])
    ears = vosk.KaldiRecognizer(vosk.Model(model_path=str(folder)), 16_000, grammar)
    for name, clips in _sets():
        right = sum(_is_right(text, _heard(ears, sound)) for text, sound in clips)
        yield f"{name}: {right} of {len(clips)} right ({right / len(clips):.1%})"


def _is_right(said: str, heard: str) -> bool:
    return heard not in vocabulary.PHRASES if said == UNKNOWN else heard == said


def _sets() -> Iterator[tuple[str, Spoken]]:
    chance = random.Random(99)

    def clips(texts: list[str], accents: tuple[str, ...], variants: list[str], *, clean: bool) -> Spoken:
        made = []
        for text in texts:
            voice = chance.choice(accents), chance.choice(variants), chance.choice((120, 160, 200))
            sound = espeak(text, *voice, chance.randint(35, 65))
            noisy, *_ = in_a_room(sound, np.random.default_rng(chance.randrange(1 << 30)), clean=clean)
            made.append((text, noisy.astype("<i2").tobytes()))
        return made

    twice = vocabulary.PHRASES * 2
    others = [" ".join(chance.sample(vocabulary.OTHERS_UNHEARD, chance.randint(1, 3))) for _ in range(120)]
    unheard = vocabulary.VARIANTS_UNHEARD
    yield "plain voices, clean", clips(twice, ("en-us", "en-gb"), ["-"], clean=True)
    yield "voices never heard, clean", clips(twice, vocabulary.ACCENTS, unheard, clean=True)
    yield "voices never heard, noise and room", clips(twice, vocabulary.ACCENTS, unheard, clean=False)
    spoken = clips(others, ("en-us", "en-gb"), ["-", *unheard], clean=True)
    yield "other words, no phrase heard", [(UNKNOWN, sound) for _, sound in spoken]


def _heard(ears: Any, sound: bytes) -> str:
    parts = []
    for at in range(0, len(sound), 8_000):
        if ears.AcceptWaveform(sound[at : at + 8_000]):
            parts.append(json.loads(ears.Result())["text"])
    parts.append(json.loads(ears.FinalResult())["text"])
    return " ".join(part for part in parts if part)
