"""Rendered sentences kept in memory, never on disk, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict

from voice_coach.audio.ports import Samples
from voice_coach.speaking.pacing import Sentence


class SentenceCache:
    """Sentence -> samples; the least recently used go first."""

    def __init__(self, bytes_cap: int) -> None:
        """Hold at most `bytes_cap` bytes of samples."""
        self._cap = bytes_cap
        self._held = 0
        self._samples: OrderedDict[Sentence, Samples] = OrderedDict()

    def __contains__(self, sentence: Sentence) -> bool:
        return sentence in self._samples

    @property
    def bytes_held(self) -> int:
        """Bytes of samples held now."""
        return self._held

    def get(self, sentence: Sentence) -> Samples | None:
        """The samples, which count as used now; None when they are not held."""
        samples = self._samples.get(sentence)
        if samples is not None:
            self._samples.move_to_end(sentence)
        return samples

    def put(self, sentence: Sentence, samples: Samples) -> None:
        """Hold the samples; one larger than the whole cap is not held."""
        self._drop(sentence)
        if samples.nbytes > self._cap:
            return
        self._samples[sentence] = samples
        self._held += samples.nbytes
        while self._held > self._cap:
            self._drop(next(iter(self._samples)))

    def clear(self) -> None:
        """Forget everything."""
        self._samples.clear()
        self._held = 0

    def _drop(self, sentence: Sentence) -> None:
        samples = self._samples.pop(sentence, None)
        if samples is not None:
            self._held -= samples.nbytes
