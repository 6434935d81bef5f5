"""Checks that a recogniser can hear every word of the grammars.

Comes in: a pack. Goes out: faults. It knows the one dictionary that is always here, the English one of
PocketSphinx with our own additions; of other languages, whose models are fetched, it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Pack
from voice_coach.packs.readability import dictionary_lines
from voice_coach.understanding.normalise import surface
from voice_coach.understanding.patterns import expand

ADDED = Path(__file__).parents[1] / "hearing" / "pronunciations.txt"


def check_dictionary(pack: Pack) -> list[Fault]:
    """Every phrase, decoy and feeling with a word that no one can be heard to say."""
    known = _known()
    if pack.language.split("-")[0] != "en" or not known:
        return []
    return [
        Fault(file, key, f'the recogniser does not know "{word}": add how it sounds, or say it otherwise.')
        for file, key, text in _heard(pack)
        for word in dict.fromkeys(surface(text).split())
        if word not in known
    ]


def _heard(pack: Pack) -> Iterator[tuple[str, str, str]]:
    grammars = f"grammars/{pack.language}"
    for intent in pack.intents.values():
        for place, pattern in enumerate(intent.say):
            yield f"{grammars}/{intent.group}.toml", f"{intent.name}.say.{place}", " ".join(expand(pattern))
    for place, decoy in enumerate(pack.rules.decoys):
        yield f"{grammars}/rules.toml", f"decoys.{place}", decoy
    for place, word in enumerate(pack.feelings):
        yield f"content/{pack.language}/feelings.toml", f"words.{place}", word


@cache
def _known() -> frozenset[str]:
    lines = dictionary_lines()
    if not lines:
        return frozenset()
    own = [line for line in ADDED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return frozenset(line.partition(" ")[0].partition("(")[0] for line in [*lines, *own])
