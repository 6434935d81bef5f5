"""The recogniser with a Vosk model the person has put on the machine.

In: a grammar, then finished pieces of speech. Out: a whole phrase of the grammar, or "". And, for those who
want to look on, the words as they grow while a piece is said: guesses that the end may overturn.
A phrase list is only a hint to libvosk: words may come back in an order nobody wrote, unknown words drop
without a sign, and an empty list ends the process. So everything is checked here. It never goes to the
network, keeps no sound and writes nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.acceptance import agrees, longest
from voice_coach.hearing.recognizer import NOTHING, Grammar, GrammarReport, Growing, Hypothesis
from voice_coach.hearing.vosk_library import load_vosk
from voice_coach.hearing.vosk_model import check_model

UNKNOWN = "[unk]"
_MARKS = frozenset("[]<>#\0")
"""What the marks of a model are made of: one of them in a phrase would take any sound for it."""
LEAST_CONFIDENCE = 0.5
"""Below this the lowest word's confidence makes the phrase unheard."""
LEAST_TAUGHT = 0.25
"""With less than this share of the phrases people are told to say, the model is for another language. The toy
model of the tests, of 58 English words, has 30 % or more in every state."""
CONSENT_CONFIDENCE = 0.9
"""The tiny-model study: right answers 1.0 at the median (10 % under 0.99), wrong ones 0.73."""


class VoskRecognizer:
    """A Vosk model behind the Recognizer protocol."""

    name = "vosk"

    def __init__(self, folder: Path) -> None:
        """Load the model in a folder. Raises SetupError, in one sentence."""
        check_model(folder)
        self._folder = folder
        vosk = load_vosk()
        self._make = vosk.KaldiRecognizer
        try:
            self._model: Any = vosk.Model(model_path=str(folder))
            # Made now, as it fails where the model's own graph is broken, which Model lets pass.
            self._open = self._recognizer()
        except Exception as error:
            raise SetupError(
                f"The Vosk model {folder} could not be loaded: fetch it again, it may be incomplete."
            ) from error
        self._unknown = (UNKNOWN,) if self._knows(UNKNOWN) else ()
        self._closed: Any = None
        self._phrases: frozenset[str] = frozenset()
        self._consent = False

    def prepare(self) -> None:
        """Nothing: the free search of the second opinion is there."""

    def use(self, grammar: Grammar) -> GrammarReport:
        """Switch to a grammar; phrases with a word the model lacks are dropped whole and reported.

        Raises SetupError when it lacks most of what people are told to say.
        """
        dropped: dict[str, tuple[str, ...]] = {}
        known: dict[str, None] = {}
        for phrase in (*grammar.phrases, *grammar.decoys):
            words = phrase.split()
            lacking = tuple(word for word in words if not self._may_be_said(word))
            if lacking or not words or " ".join(words) != phrase:
                dropped[phrase] = lacking
            else:
                known[phrase] = None
        lost = [phrase for phrase in grammar.taught if phrase in dropped]
        if len(lost) > (1 - LEAST_TAUGHT) * len(grammar.taught):
            raise SetupError(
                f"The model {self._folder.name} does not know {', '.join(lost[:5])}: it must be for another"
                " language; name another with --model, or take --recognizer pocketsphinx."
            )
        self._phrases = frozenset(grammar.phrases) - dropped.keys()
        self._consent = grammar.consent
        self._closed = self._recognizer((*known, *self._unknown)) if self._phrases else None
        return GrammarReport(dropped)

    def decode(self, piece: Pcm) -> Hypothesis:
        """Recognise one finished piece of speech (int16, 16 kHz, mono)."""
        started = time.perf_counter()
        heard, worth = _final(self._closed, piece) if self._closed is not None else ("", 0.0)
        accepted = heard in self._phrases and worth >= LEAST_CONFIDENCE and self._is_no_other(heard, piece)
        clean = accepted and self._consent and self._is_clean(heard, worth, piece)
        seconds = piece.size / HEARING_RATE
        spent = time.perf_counter() - started
        if not accepted:
            return Hypothesis(NOTHING.text, 0.0, False, seconds, spent)
        return Hypothesis(heard, worth, clean, seconds, spent)

    def follow(self, sound: Iterable[Pcm]) -> Iterator[Growing]:
        """The words as they grow while sound comes in (int16, 16 kHz, parts of any length): each change once.

        Words of the grammar in any order, [unk] among them: no phrase, no confidence, and no Hypothesis.
        libvosk would give confidences too (SetPartialWords), but then the words come late and in heaps. What
        decode() makes of the whole piece may be another thing. Decode nothing else until it is gone through.
        """
        if self._closed is None:
            return
        self._closed.Reset()
        before, words, samples = "", "", 0
        for part in sound:
            samples += part.size
            if self._closed.AcceptWaveform(part.tobytes()):
                before = f"{before} {json.loads(self._closed.Result())['text']}".strip()
                grown = before
            else:
                grown = f"{before} {json.loads(self._closed.PartialResult())['partial']}".strip()
            if grown and grown != words:
                words = grown
                yield Growing(words, samples / HEARING_RATE)

    def dictate(self, piece: Pcm) -> str | None:
        """Free text of a piece, from the model's whole graph."""
        return _final(self._open, piece)[0]

    def _is_no_other(self, text: str, piece: Pcm) -> bool:
        """Where a model has no unknown word, any word becomes a phrase: the free search must agree."""
        return bool(self._unknown) or agrees(text, self.dictate(piece) or "")

    def _is_clean(self, text: str, worth: float, piece: Pcm) -> bool:
        if worth < CONSENT_CONFIDENCE or piece.size / HEARING_RATE > longest(text):
            return False
        freely = self.dictate(piece)
        return freely is not None and agrees(text, freely)

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) != -1)

    def _may_be_said(self, word: str) -> bool:
        """Whether it is a word to listen for, and no mark of the model's own: [unk], <eps>, #0."""
        try:
            return _MARKS.isdisjoint(word) and self._knows(word)
        except UnicodeEncodeError:
            return False

    def _recognizer(self, phrases: tuple[str, ...] = ()) -> Any:
        made = (
            self._make(self._model, HEARING_RATE, json.dumps(phrases, ensure_ascii=False))
            if phrases
            else self._make(self._model, HEARING_RATE)
        )
        made.SetWords(True)
        return made


def _final(recognizer: Any, piece: Pcm) -> tuple[str, float]:
    """The words of a whole piece, [unk] among them, and its least sure word's confidence."""
    recognizer.Reset()
    parts: list[dict[str, Any]] = []
    for start in range(0, piece.size, HEARING_RATE // 5):
        if recognizer.AcceptWaveform(piece[start : start + HEARING_RATE // 5].tobytes()):
            parts.append(json.loads(recognizer.Result()))
    parts.append(json.loads(recognizer.FinalResult()))
    text = " ".join(part["text"] for part in parts if part.get("text"))
    words = [float(word["conf"]) for part in parts for word in part.get("result", [])]
    return text, min(words, default=0.0)
