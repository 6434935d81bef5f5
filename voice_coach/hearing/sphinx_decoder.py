"""PocketSphinx itself: decoders made with measured options, closed grammars, a phone loop, a free decoding.

In: phrases and pieces of sound. Out: words with their scores. It judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voice_coach.audio.ports import Pcm
from voice_coach.errors import SetupError

_VOWELS = ("aa", "ae", "ah", "ao", "aw", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw")
_STOPS = ("b", "d", "g", "k", "p", "t", "ch", "jh")
_OTHERS = ("dh", "f", "hh", "l", "m", "n", "ng", "r", "s", "sh", "th", "v", "w", "y", "z", "zh")
PHONES = _VOWELS + _STOPS + _OTHERS
"""Every phone of the English model but silence."""
PHONE_LOOP = "phone loop"
SET_PEAK = 16_384
"""Every piece is brought to this peak (half of full scale): input 20 dB quieter cost 6 points of accuracy
(recognition study, part 1)."""
MOST_GAIN = 64.0


@dataclass(frozen=True)
class Decoding:
    """The best path of one search through one piece."""

    words: str
    score: float
    """Log score in the decoder's own base; comparable between searches over the same piece."""
    frames: int
    spoken_frames: int
    """Frames of 10 ms from the beginning of the first word to the end of the last."""


def set_peak(piece: Pcm) -> Pcm:
    """The piece without its direct current, its peak at SET_PEAK; silence stays silence."""
    centred = piece.astype(np.float32) - np.float32(piece.mean() if piece.size else 0.0)
    peak = float(np.abs(centred).max(initial=0.0))
    if peak < 1.0:
        return np.zeros_like(piece)
    raised: Pcm = (centred * np.float32(min(SET_PEAK / peak, MOST_GAIN))).astype(np.int16)
    return raised


def model_folder() -> Path:
    """The folder of the English model inside the pocketsphinx package; SetupError when it lacks it."""
    import pocketsphinx

    folder = Path(pocketsphinx.get_model_path()) / "en-us"
    if not (folder / "en-us" / "mdef").is_file():
        raise SetupError(
            f"The PocketSphinx package holds no English model at {folder}: install it again from its wheel."
        )
    return folder


class SphinxDecoder:
    """One PocketSphinx decoder and its named searches: 60 MB with a grammar, 70 MB more when free."""

    def __init__(self, *, free: bool = False) -> None:
        """Load the model (0.15 s); `free` loads the large-vocabulary search and no phone loop (0.4 s)."""
        import pocketsphinx

        pocketsphinx.set_loglevel("FATAL")
        folder = model_folder()
        options: dict[str, Any] = (
            {"lm": str(folder / "en-us.lm.bin")}
            if free
            else {
                "lm": None,
                "beam": 1e-64,
                "pbeam": 1e-64,
                "wbeam": 1e-40,
            }
        )
        self._decoder = pocketsphinx.Decoder(
            hmm=str(folder / "en-us"),
            dict=str(folder / "cmudict-en-us.dict"),
            bestpath=False,
            **options,
        )
        if not free:
            self._add_phone_loop()

    def knows(self, word: str) -> bool:
        """Whether the dictionary holds a word."""
        return self._decoder.lookup_word(word) is not None

    def add_grammar(self, name: str, phrases: tuple[str, ...]) -> None:
        """Add a search that hears exactly one of the phrases (20 ms and 10 MB for 400)."""
        text = f"#JSGF V1.0; grammar phrases; public <phrase> = {' | '.join(phrases)};"
        self._decoder.add_jsgf_string(name, text)

    def remove_grammar(self, name: str) -> None:
        """Let go of a search."""
        self._decoder.remove_search(name)

    def decode(self, piece: Pcm, search: str | None = None) -> Decoding | None:
        """The best path of a piece through a search (None: the only one); None when there is none."""
        if search is not None:
            self._decoder.activate_search(search)
        self._decoder.start_utt()
        self._decoder.process_raw(piece.tobytes(), full_utt=True)
        self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        if hypothesis is None or hypothesis.score <= 0.0:
            return None
        score = float(self._decoder.logmath.log(hypothesis.score))
        return Decoding(hypothesis.hypstr, score, max(1, self._decoder.n_frames()), self._spoken_frames())

    def _spoken_frames(self) -> int:
        words = [part for part in self._decoder.seg() or () if part.word[0] not in "<[(+"]
        return words[-1].end_frame - words[0].start_frame + 1 if words else 0

    def _add_phone_loop(self) -> None:
        words = [f"phone_{phone}" for phone in PHONES]
        for word, phone in zip(words, PHONES, strict=True):
            self._decoder.add_word(word, phone.upper(), word == words[-1])
        self._decoder.add_jsgf_string(
            PHONE_LOOP, f"#JSGF V1.0; grammar phones; public <loop> = ({' | '.join(words)})+;"
        )
