"""Spoilt notes, settings, plans and packs: a value or a plain sentence. scripts/fuzz_notes does 100,000."""

from __future__ import annotations

import random

import pytest
from fuzzing import KINDS, fuzz_one, spoil


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_comes_in_no_traceback_comes_out(kind: str) -> None:
    for number in range(1000):
        fuzz_one(kind, f"ordinary {number}")


def test_the_spoiling_really_spoils() -> None:
    chance = random.Random(1)
    good = b"a short thought\n" * 8
    assert sum(spoil(good, chance) != good for _ in range(100)) > 90
