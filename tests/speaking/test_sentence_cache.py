"""The memory of rendered sentences keeps to its cap."""

from __future__ import annotations

import numpy as np

from voice_coach.speaking.cache import SentenceCache
from voice_coach.speaking.pacing import Sentence


def kilobyte() -> np.ndarray:
    return np.zeros(256, np.float32)


def sentence(name: str) -> Sentence:
    return Sentence(name, 150)


def test_the_least_recently_used_go_first() -> None:
    cache = SentenceCache(3 * 1024)
    for name in "abc":
        cache.put(sentence(name), kilobyte())
    assert cache.get(sentence("a")) is not None
    cache.put(sentence("d"), kilobyte())
    assert [name for name in "abcd" if sentence(name) in cache] == ["a", "c", "d"]
    assert cache.bytes_held == 3 * 1024


def test_the_same_sentence_is_held_once_and_a_giant_not_at_all() -> None:
    cache = SentenceCache(2 * 1024)
    cache.put(sentence("a"), kilobyte())
    cache.put(sentence("a"), kilobyte())
    cache.put(sentence("giant"), np.zeros(10_000, np.float32))
    assert cache.bytes_held == 1024
    assert sentence("giant") not in cache
    cache.clear()
    assert cache.bytes_held == 0
    assert cache.get(sentence("a")) is None


def test_another_rate_is_another_sentence() -> None:
    cache = SentenceCache(4096)
    cache.put(Sentence("a", 150), kilobyte())
    assert cache.get(Sentence("a", 135)) is None
