"""What would be heard in sound files: the same segmenter and recogniser as a session, without the session.

In: files, a grammar and a recogniser. Out: one result for each piece of speech found; before it, where asked
for, the words as they grew.
It knows no intents, starts no process and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.choice import load_recognizer
from voice_coach.hearing.messages import RecognizerChoice
from voice_coach.hearing.noise_suppression import Suppressor
from voice_coach.hearing.noisy_room import choose_activity
from voice_coach.hearing.recognizer import NOTHING, Grammar, GrammarReport, Growing, Hypothesis, Recognizer
from voice_coach.hearing.segmenter import Segmenter, SpeechEnded

FRAME = round(HEARING_RATE * FRAME_SECONDS)
DEFAULT_GAP = 0.6
PART = HEARING_RATE // 10
"""Samples after which the words so far are looked at."""
LookOn = Callable[[Path, float, Growing], None]
"""Takes a file, where the piece begins in it (s), and the words so far."""


@dataclass(frozen=True)
class HeardFile:
    """One piece of speech of one file; a file without speech gives one with start = end and no text."""

    path: Path
    start: float
    """Where the piece begins in the file, in seconds."""
    end: float
    hypothesis: Hypothesis


def hear_files(
    paths: Iterable[Path],
    grammar: Grammar,
    choice: RecognizerChoice,
    *,
    gap: float = DEFAULT_GAP,
    suppress: Suppressor | None = None,
    noisy: bool = False,
    look_on: LookOn | None = None,
    on_dropped: Callable[[GrammarReport], None] | None = None,
) -> Iterator[HeardFile]:
    """Recognise every piece of speech of every file, in order; `gap` is the quiet (s) that ends a piece.

    `noisy`: RNNoise helps to tell where words end, as in a session. `look_on` is told the words of each
    piece as they grow, before what came of the whole piece. `on_dropped` is told when the recogniser does not
    know some phrases. Raises SetupError for a file that cannot be read, a recogniser that cannot be loaded or
    looked on, and one that knows no phrase of the grammar.
    """
    from voice_coach.audio.wavefile import read_pcm

    if look_on is not None and choice.kind != "vosk":
        raise SetupError("Only Vosk tells the words as they grow: name its model with --model.")
    recognizer = load_recognizer(choice)
    dropped = recognizer.use(grammar).dropped
    if grammar.phrases and dropped.keys() >= set(grammar.phrases):
        lacking = ", ".join(dict.fromkeys(word for words in dropped.values() for word in words))
        raise SetupError(
            f"{recognizer.name} knows no phrase of {grammar.name} (it lacks {lacking}): take a model for the"
            " language of these phrases."
        )
    if on_dropped is not None and dropped:
        on_dropped(GrammarReport(dropped))
    for path in paths:
        pcm, _ = read_pcm(path)
        pieces = speech_pieces(pcm, gap=gap, suppress=suppress, noisy=noisy)
        for piece in pieces:
            if look_on is not None:
                for words in _growing(recognizer, piece.piece):
                    look_on(path, piece.start * FRAME_SECONDS, words)
            hypothesis = recognizer.decode(piece.piece)
            yield HeardFile(path, piece.start * FRAME_SECONDS, piece.end * FRAME_SECONDS, hypothesis)
        if not pieces:
            yield HeardFile(path, 0.0, 0.0, NOTHING)


def _growing(recognizer: Recognizer, piece: Pcm) -> Iterator[Growing]:
    from voice_coach.hearing.vosk_recognizer import VoskRecognizer

    assert isinstance(recognizer, VoskRecognizer)
    return recognizer.follow(piece[at : at + PART] for at in range(0, piece.size, PART))


def speech_pieces(
    pcm: Pcm, *, gap: float = DEFAULT_GAP, suppress: Suppressor | None = None, noisy: bool = False
) -> list[SpeechEnded]:
    """The pieces of speech in a stretch of sound (int16, 16 kHz), which is taken to end in quiet.

    `noisy`: RNNoise helps to tell where words end, as in a session.
    """
    segmenter = Segmenter(choose_activity("auto" if noisy else "off"), gap=gap, suppress=suppress)
    segmenter.reset()
    padding = -pcm.size % FRAME + FRAME * (2 + round(gap / FRAME_SECONDS))
    padded = np.concatenate([pcm, np.zeros(padding, np.int16)])
    ended: list[SpeechEnded] = []
    for start in range(0, padded.size, FRAME):
        events = segmenter.feed(padded[start : start + FRAME])
        ended += [event for event in events if isinstance(event, SpeechEnded)]
    return ended
