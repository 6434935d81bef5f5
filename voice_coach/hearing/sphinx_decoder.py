"""PocketSphinx itself: decoders made with measured options, closed grammars, a phone loop, a free decoding.

In: phrases and pieces of sound. Out: words with their scores. It judges nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from voice_coach.audio.ports import HEARING_RATE, Pcm, Samples
from voice_coach.errors import SetupError

_VOWELS = ("aa", "ae", "ah", "ao", "aw", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw")
_STOPS = ("b", "d", "g", "k", "p", "t", "ch", "jh")
_OTHERS = ("dh", "f", "hh", "l", "m", "n", "ng", "r", "s", "sh", "th", "v", "w", "y", "z", "zh")
PHONES = _VOWELS + _STOPS + _OTHERS
"""Every phone of the English model but silence."""
PHONE_LOOP = "phone loop"
FREE = "free"
GRAMMAR_BEAMS = {"beam": 1e-64, "pbeam": 1e-64, "wbeam": 1e-40}
"""Wider than the library's own: a closed grammar is cheap to search and loses words in noise otherwise
(recognition study, part 1)."""
FREE_BEAMS = {"beam": 1e-48, "pbeam": 1e-48, "wbeam": 7e-29}
"""The library's own. A search keeps the beams it was made with."""
COMMON_WORDS = "common words"
TAUGHT_WEIGHT = 1e20
"""How much likelier a taught phrase is held to be. Among 390 phrases it brought yes, no and stop of half of
the recorded speakers from 75 to 88 % right and cost synthetic voices none of the longer phrases."""
SCORES_IN_A_NAT = 1.0 / math.log(1.0001) / 1024.0
"""The decoder counts in the base 1.0001, and leaves the last ten bits out."""
PRONUNCIATIONS = Path(__file__).with_name("pronunciations.txt")
WORD_LIST = Path(__file__).with_name("common_words.txt")
SET_PEAK = 16_384
"""Every piece is brought to this peak (half of full scale): input 20 dB quieter cost 6 points of accuracy
(recognition study, part 1)."""
MOST_GAIN = 64.0


@dataclass(frozen=True)
class Decoding:
    """The best path of one search through one piece."""

    words: str
    score: float
    """Log score in the decoder's own base. Comparable between searches over the same piece only because all
    senones are always computed: else each frame is scored against the best of those that the search happens
    to use."""
    frames: int
    spoken_frames: int
    """Frames of 10 ms from the beginning of the first word to the end of the last."""
    prior: float = 0.0
    """What of the score comes from the grammar's weights and not from the sound."""


BREATH = 10.0
"""Level of the noise under every piece (-70 dBFS). Samples that are exactly zero, as muted or made-up
microphones give before a word, score so strangely that "hold on" and "that's all" were not heard at all."""


def set_peak(piece: Pcm) -> Pcm:
    """The piece without direct current, its peak at SET_PEAK, over a breath of noise; silence stays so."""
    centred = piece.astype(np.float32) - np.float32(piece.mean() if piece.size else 0.0)
    peak = float(np.abs(centred).max(initial=0.0))
    if peak < 1.0:
        return np.zeros_like(piece)
    raised = centred * np.float32(min(SET_PEAK / peak, MOST_GAIN)) + _breath(piece.size)
    levelled: Pcm = np.clip(np.rint(raised), -32768, 32767).astype(np.int16)
    return levelled


@cache
def _noise() -> Samples:
    return np.random.default_rng(0).normal(0.0, BREATH, HEARING_RATE).astype(np.float32)


def _breath(size: int) -> Samples:
    """The same quiet noise every time, so that the same piece is heard alike."""
    return np.resize(_noise(), size)


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
    """One PocketSphinx decoder and its named searches: 60 MB, 125 MB with the free one."""

    def __init__(self) -> None:
        """Load the acoustic model and the dictionary (0.15 s). Raises SetupError when they are missing."""
        import pocketsphinx

        pocketsphinx.set_loglevel("FATAL")
        self._folder = model_folder()
        self._priors: dict[str, dict[str, float]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        self._decoder = pocketsphinx.Decoder(
            hmm=str(self._folder / "en-us"),
            dict=str(self._folder / "cmudict-en-us.dict"),
            lm=None,
            bestpath=False,
            compallsen=True,
            **GRAMMAR_BEAMS,
        )
        self._add_pronunciations()
        self._add_phone_loop()
        self._add_common_words()

    def add_free_search(self) -> None:
        """Load the large-vocabulary search (0.3 s, 65 MB) with the beams the library has for it."""
        for name, beam in FREE_BEAMS.items():
            self._decoder.config[name] = beam
        self._decoder.add_lm_file(FREE, str(self._folder / "en-us.lm.bin"))
        for name, beam in GRAMMAR_BEAMS.items():
            self._decoder.config[name] = beam

    def knows(self, word: str) -> bool:
        """Whether the dictionary holds a word."""
        return bool(self.pronunciation(word))

    def pronunciation(self, word: str) -> tuple[str, ...]:
        """The sounds of a word, its first way to be said; none where the dictionary lacks it.

        The library is asked once for each: it never frees its answer, 0.15 MB for the words of one grammar.
        """
        if word not in self._known:
            self._known[word] = tuple((self._decoder.lookup_word(word) or "").lower().split())
        return self._known[word]

    def add_grammar(self, name: str, phrases: tuple[str, ...], taught: tuple[str, ...] = ()) -> None:
        """Add a search that hears exactly one of the phrases (20 ms and 10 MB for 400)."""
        weights = {phrase: TAUGHT_WEIGHT if phrase in taught else 1.0 for phrase in phrases}
        total = math.log(sum(weights.values()))
        self._priors[name] = {
            phrase: (math.log(weight) - total) * SCORES_IN_A_NAT for phrase, weight in weights.items()
        }
        weighed = (f"/{weight:.1f}/ {phrase}" for phrase, weight in weights.items())
        text = f"#JSGF V1.0; grammar phrases; public <phrase> = {' | '.join(weighed)};"
        self._decoder.add_jsgf_string(name, text)

    def remove_grammar(self, name: str) -> None:
        """Let go of a search."""
        del self._priors[name]
        self._decoder.remove_search(name)

    def decode(self, piece: Pcm, search: str) -> Decoding | None:
        """The best path of a piece through a search; None when there is none.

        The stream is begun anew each time: else the noise estimate of earlier pieces would colour this one.
        (The library calls start_stream unnecessary; without it the same sound gives different scores.)
        """
        self._decoder.activate_search(search)
        self._decoder.start_stream()
        self._decoder.start_utt()
        self._decoder.process_raw(piece.tobytes(), full_utt=True)
        self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        if hypothesis is None or hypothesis.score <= 0.0:
            return None
        score = float(self._decoder.logmath.log(hypothesis.score))
        words = hypothesis.hypstr
        prior = self._priors.get(search, {}).get(words, 0.0)
        return Decoding(words, score, max(1, self._decoder.n_frames()), self._spoken_frames(), prior)

    def _spoken_frames(self) -> int:
        words = [part for part in self._decoder.seg() or () if part.word[0] not in "<[(+"]
        return words[-1].end_frame - words[0].start_frame + 1 if words else 0

    def _add_pronunciations(self) -> None:
        for line in PRONUNCIATIONS.read_text(encoding="utf-8").splitlines():
            word, _, phones = line.partition(" ")
            if phones and word != "#" and not self.knows(word):
                self._decoder.add_word(word, phones, True)
                self._known[word] = tuple(phones.lower().split())

    def _add_phone_loop(self) -> None:
        words = [f"phone_{phone}" for phone in PHONES]
        for word, phone in zip(words, PHONES, strict=True):
            self._decoder.add_word(word, phone.upper(), word == words[-1])
        self._decoder.add_jsgf_string(
            PHONE_LOOP, f"#JSGF V1.0; grammar phones; public <loop> = ({' | '.join(words)})+;"
        )

    def _add_common_words(self) -> None:
        self.add_grammar(COMMON_WORDS, common_words())


def common_words() -> tuple[str, ...]:
    """Two thousand words of everyday English, as far as they are no phrase by themselves."""
    lines = WORD_LIST.read_text(encoding="utf-8").splitlines()
    return tuple(word for word in lines if not word.startswith("#"))
