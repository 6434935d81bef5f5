"""The words that wake the coach, and the near misses that must not.

In: a language, and perhaps words of the person's own. Out: a grammar of one phrase. It hears nothing itself.
"""

from __future__ import annotations

import tomllib

from voice_coach.errors import SetupError
from voice_coach.hearing.recognizer import Grammar
from voice_coach.packs.load import pack_folder

LEAST_WORDS, MOST_WORDS = 2, 5
"""One word alone is said too often; a command has at most five."""


def wake_grammar(language: str, chosen: str | None = None) -> Grammar:
    """The grammar to wait with. Raises SetupError for words that cannot wake it."""
    path = pack_folder("content", language) / "waking" / "phrase.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        phrase, decoys = str(tables["phrase"]), tuple(str(each) for each in tables["decoys"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as problem:
        raise SetupError(
            f'The waking words cannot be read from {path}; it must hold phrase = "..." and decoys.'
        ) from problem
    phrase = " ".join((chosen or phrase).lower().split())
    if not LEAST_WORDS <= len(phrase.split()) <= MOST_WORDS:
        raise SetupError(f'"{phrase}" cannot wake the coach; choose {LEAST_WORDS} to {MOST_WORDS} words.')
    others = tuple(decoy for decoy in decoys if decoy != phrase)
    return Grammar("waking", (phrase,), others, consent=False, taught=(phrase,), told=(phrase,))
