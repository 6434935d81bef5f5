"""Checks the word on every key: exactly one, and no two keys that are seen together have the same.

In: a pack, and its folder where it is not one that ships. Out: faults. A language without words of its own
for the screen shows the phrases it teaches, and is not at fault.
"""

from __future__ import annotations

from pathlib import Path

from voice_coach.errors import SetupError
from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Pack
from voice_coach.screen.board import PHASE_PICTURES, SIGN_PICTURES, Board, Key
from voice_coach.screen.words import Words, load_words, words_file
from voice_coach.setup_guide.words import with_setup


def check_key_words(pack: Pack, folder: Path | None = None) -> list[Fault]:
    """Every fault of the words that a language's screen shows."""
    file = f"content/{pack.language}/screen/words.toml"
    try:
        if not words_file(pack.language, folder).is_file():
            return []
        words = load_words(pack.language, folder)
        board = Board(with_setup(pack), words)
    except SetupError as fault:
        return [Fault(file, "", str(fault))]
    return [
        *(Fault(file, key, sentence) for key, sentence in _incomplete(words)),
        *(Fault(file, f"keys.{intent}", sentence) for intent, sentence in _on_keys(board)),
    ]


def _incomplete(words: Words) -> list[tuple[str, str]]:
    wanted = {f"phases.{name}" for name in PHASE_PICTURES} | {f"signs.{name}" for name in SIGN_PICTURES}
    there = {f"phases.{name}" for name in words.phases} | {f"signs.{name}" for name in words.signs}
    many = [] if _is_one(words.called.begin) else [("called.begin", "it must be one word.")]
    return [(key, "this word is missing.") for key in sorted(wanted - there)] + many


def _on_keys(board: Board) -> list[tuple[str, str]]:
    found = [
        (intent, "there is no such answer.")
        for intent in sorted(board.words.keys.keys() - board.pack.intents.keys())
    ]
    for state in board.pack.states.values():
        seen: dict[str, Key] = {}
        for key in (*board.choices(state), *board.always):
            if not _is_one(key.word):
                found.append((key.intent, f'a key shows one word, and this one shows "{key.word}".'))
            other = seen.setdefault(key.word.casefold(), key)
            if other.intent != key.intent:
                found.append((key.intent, f'in {state.name} the key {other.intent} shows "{key.word}" too.'))
    return found


def _is_one(word: str) -> bool:
    return len(word.split()) == 1
