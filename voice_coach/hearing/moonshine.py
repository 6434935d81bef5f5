"""The second ear: Moonshine tiny, a free recogniser of English whose weights lie in a package's wheel.

In: a piece of speech. Out: how likely each of some phrases was said, and what was said if it may be anything.
It opens three files of the package moonshine-voice and imports nothing of it, so that no line of its
downloading code is ever loaded. It keeps no sound and writes nothing.

The model (27 million weights, MIT licence): Jeffries et al. 2024, "Moonshine: speech recognition for live
transcription and voice commands". Its decoder gives every next token a probability, so that a closed set of
phrases can be weighed against everything else that English could have been.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.hearing.network import open_network
from voice_coach.hearing.spelling import Spellings, Vocabulary

Floats = NDArray[np.float32]
Candidate = tuple[float, str, int, int]
"""Natural log of its probability, the beginning of a phrase, the row it goes on from, a token."""
FILES = ("encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin")
LAYERS, HEADS, WIDTH = 6, 8, 36
"""Of the decoder of the tiny model."""
START, END = 1, 2
BYTES = 259
"""Tokens before this one stand for single bytes or for nothing that is written."""
SET_PEAK = 0.5
PADDING = np.zeros(HEARING_RATE // 10, np.float32)
"""Quiet beside a piece: without it the first sound of a word is often lost."""
TOKENS_A_SECOND = 6.5
"""More is the model talking to itself (the limit of its own makers)."""
LEAST_TOKENS = 8
BEAM = 6
MOST_ALIKE = 2
"""Ways to write the same beginning that are followed."""
FALLEN_BEHIND = 7.0
"""Natural log of how much less likely than the best a beginning may be."""
MOST_TOKENS = 18
"""Of a phrase; a safety phrase of eight words has about twelve."""


def model_folder() -> Path | None:
    """Where the weights are; None where the package is not installed (it has no wheel for every machine)."""
    if importlib.util.find_spec("onnxruntime") is None:
        return None
    package = importlib.util.find_spec("moonshine_voice")
    for place in (package.submodule_search_locations or []) if package is not None else []:
        folder = Path(place) / "assets" / "tiny-en"
        if all((folder / name).is_file() for name in FILES):
            return folder
    return None


@dataclass(frozen=True)
class Sound:
    """A piece as the encoder left it, with the decoder's first step."""

    hidden: Floats
    mask: NDArray[np.int64]
    first: Floats
    """Natural log of the probability of each token to begin with."""
    past: dict[str, Floats]
    seconds: float


@dataclass(frozen=True)
class Written:
    """What was heard if it may be anything."""

    text: str
    chance: float
    """Natural log of its probability."""


class Moonshine:
    """The model, loaded. Not thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Load the weights (0.5 s, 105 MB). Raises SetupError for a broken file."""
        self._encoder, self._decoder = (open_network(folder / name) for name in FILES[:2])
        self._outputs = [output.name for output in self._decoder.get_outputs()]
        self._tokens = read_tokens((folder / FILES[2]).read_bytes())
        self.vocabulary = Vocabulary(
            "" if number < BYTES else _text([token]) for number, token in enumerate(self._tokens)
        )

    def hear(self, piece: Pcm) -> Sound:
        """Take a piece in (int16, 16 kHz; 15 ms of computing for each second)."""
        padded = np.concatenate([PADDING, prepared(piece), PADDING])
        mask = np.ones((1, padded.size), np.int64)
        hidden = self._encoder.run(None, {"input_values": padded[None], "attention_mask": mask})[0]
        first, past = self._step(np.array([[START]]), hidden, mask, None)
        return Sound(hidden, mask, first[0], past, piece.size / HEARING_RATE)

    def write(self, sound: Sound) -> Written:
        """The likeliest text, taken token by token."""
        tokens: list[bytes] = []
        chance, scores, past = 0.0, sound.first, sound.past
        for _ in range(max(LEAST_TOKENS, round(sound.seconds * TOKENS_A_SECOND))):
            token = int(scores.argmax())
            chance += float(scores[token])
            if token == END:
                break
            tokens.append(self._tokens[token])
            after, past = self._step(np.array([[token]]), sound.hidden, sound.mask, past)
            scores = after[0]
        return Written(_text(tokens).strip(), chance)

    def weigh(self, sound: Sound, spellings: Spellings) -> dict[str, float]:
        """Phrase -> natural log of its probability, for those that a beam search reaches."""
        found: dict[str, float] = {}
        beginnings = [("", 0.0)]
        scores, past = sound.first[None], sound.past
        for _ in range(MOST_TOKENS):
            candidates: list[Candidate] = []
            for row, (beginning, chance) in enumerate(beginnings):
                step = spellings.step(beginning)
                if step.phrase is not None:
                    whole = chance + float(scores[row, END])
                    found[step.phrase] = float(np.logaddexp(found.get(step.phrase, -np.inf), whole))
                after = scores[row, step.ids]
                for index in np.argsort(-after):
                    chances = chance + float(after[index])
                    candidates.append((chances, step.ends[index], row, int(step.ids[index])))
            least = max(found.values(), default=-np.inf) - FALLEN_BEHIND
            kept = _best(candidates, least)
            if not kept:
                break
            rows = [row for _, _, row, _ in kept]
            tokens = np.array([[token] for _, _, _, token in kept])
            hidden, mask = np.repeat(sound.hidden, len(kept), 0), np.repeat(sound.mask, len(kept), 0)
            scores, past = self._step(tokens, hidden, mask, {name: part[rows] for name, part in past.items()})
            beginnings = [(end, chance) for chance, end, _, _ in kept]
        return found

    def _step(
        self,
        tokens: NDArray[np.int64],
        hidden: Floats,
        mask: NDArray[np.int64],
        past: dict[str, Floats] | None,
    ) -> tuple[Floats, dict[str, Floats]]:
        """One token further in each row: the scores of the next, and what the decoder remembers."""
        feed: dict[str, Any] = {
            "input_ids": tokens,
            "encoder_hidden_states": hidden,
            "encoder_attention_mask": mask,
            "use_cache_branch": np.array([past is not None]),
        }
        nothing = np.zeros((0, HEADS, 1, WIDTH), np.float32)
        for name in self._outputs[1:]:
            feed[name.replace("present", "past_key_values")] = nothing if past is None else past[name]
        answers = self._decoder.run(None, feed)
        present = dict(zip(self._outputs[1:], answers[1:], strict=True))
        if past is not None:
            present |= {name: part for name, part in past.items() if ".encoder." in name}
        return _log_softmax(answers[0][:, -1]), present


def prepared(piece: Pcm) -> Floats:
    """A piece as encoders want it: without direct current, all of one peak."""
    wave = piece.astype(np.float32)
    wave -= wave.mean() if wave.size else np.float32(0.0)
    wave *= SET_PEAK / max(1.0, float(np.abs(wave).max(initial=0.0)))
    return wave


def read_tokens(data: bytes) -> list[bytes]:
    """The tokens of a tokenizer.bin: each its length in one byte or two, then its bytes."""
    tokens: list[bytes] = []
    at = 0
    while at < len(data):
        length = data[at]
        at += 1
        if length >= 128:
            length = length - 128 + 128 * data[at]
            at += 1
        tokens.append(data[at : at + length])
        at += length
    return tokens


def _best(candidates: list[Candidate], least: float) -> list[Candidate]:
    """The likeliest, of which few lead to the same beginning: else punctuation fills the beam."""
    kept: list[Candidate] = []
    count: Counter[str] = Counter()
    for candidate in sorted(candidates, reverse=True):
        if candidate[0] <= least or len(kept) == BEAM:
            break
        count[candidate[1]] += 1
        if count[candidate[1]] <= MOST_ALIKE:
            kept.append(candidate)
    return kept


def _text(tokens: list[bytes]) -> str:
    return b"".join(tokens).decode("utf-8", "ignore").replace("\u2581", " ")


def _log_softmax(scores: Floats) -> Floats:
    centred = scores - scores.max(-1, keepdims=True)
    result: Floats = centred - np.log(np.exp(centred).sum(-1, keepdims=True))
    return result
