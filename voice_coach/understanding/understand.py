"""From words to what a person means: a whole phrase of the table, or nothing.

In: what was recognised or typed, the table of the state, the kind of turn. Out: a Meaning.
It never acts on a part of what was said, but for safety phrases and for the careful reading of an
answer; it never takes a yes that has a no or a maybe beside it; it keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voice_coach.understanding.table import PhraseTable, answers_in

ANSWER_TURNS = frozenset({"choice", "gate"})
"""Turns in which a question was put, so that a part of the answer may lead to the careful side."""
_AT_ONCE = frozenset({"HUSH", "STOP"})


@dataclass(frozen=True)
class Meaning:
    """What was understood."""

    intent: str | None
    """None: nothing of the table (talk, or unclear where a question was put)."""
    phrase: str = ""
    """The pack's phrase that was found, normalised; never more of what was said."""
    word: str = ""
    """The feeling word, for FEELING."""
    also: tuple[str, ...] = ()
    """What else was answered in the same breath, where several questions may be answered at once."""


NOTHING = Meaning(None)


def understand(text: str, table: PhraseTable, turn: str) -> Meaning:
    """Read one utterance: hush and stop, then safety, then the whole phrase, then the careful side."""
    plain = table.normaliser.plain(text)
    lean = table.normaliser.lean(plain)
    phrase = plain if plain in table.meanings else lean
    intent = table.meanings.get(phrase)
    if intent in _AT_ONCE:
        return Meaning(intent, phrase)
    danger = _safety(plain, lean, table)
    if danger is not None:
        return danger
    if intent is not None:
        return Meaning(intent, phrase, table.feelings[phrase] if intent == "FEELING" else "")
    if turn in ANSWER_TURNS:
        return _several(lean, table) or _careful(f" {lean} ", table)
    return NOTHING


def _safety(plain: str, lean: str, table: PhraseTable) -> Meaning | None:
    for said in (f" {plain} ", f" {lean} ") if lean != plain else (f" {plain} ",):
        for phrase, intent in table.safety:
            if phrase in said and _is_meant(phrase, said, table):
                return Meaning(intent, phrase.strip())
    return None


def _is_meant(phrase: str, said: str, table: PhraseTable) -> bool:
    """True unless each place where the phrase stands overlaps a harmless saying."""
    harmless = [span for friend in table.false_friends for span in _spans(friend, said)]
    return any(
        all(end <= start or begin >= stop for begin, end in harmless) for start, stop in _spans(phrase, said)
    )


def _spans(phrase: str, said: str) -> Iterator[tuple[int, int]]:
    """Places of a padded phrase, without its padding."""
    at = said.find(phrase)
    while at >= 0:
        yield at + 1, at + len(phrase) - 1
        at = said.find(phrase, at + 1)


def _several(said: str, table: PhraseTable) -> Meaning | None:
    """Answers to several questions, one after the other, with nothing else beside them; else None."""
    found = answers_in(said, table.combinable)
    if not found:
        return None
    first, *more = dict.fromkeys(table.meanings[phrase] for phrase in found)
    return Meaning(first, found[0], also=tuple(more))


def _careful(said: str, table: PhraseTable) -> Meaning:
    """An answer that is no whole phrase: it can only lead to the careful side.

    Just listen counts anywhere. Where a yes stands beside a negation or a hedge, the answer is the
    negation or the hedge; a yes in a longer sentence is no answer at all.
    """
    for phrase in table.just_listen:
        if phrase in said:
            key = phrase.strip()
            return Meaning(table.meanings.get(key, "JUST_LISTEN"), key)
    if not any(phrase in said for phrase in table.agreeing):
        return NOTHING
    unsure = [phrase for phrase in table.unsure if phrase in said]
    for phrase in unsure:
        # "I don't know" is unsure: its "don't" is no refusal.
        said = said.replace(phrase, "  ")
    refused = [phrase for phrase in table.refusing if phrase in said]
    found = refused or unsure
    for intent in ("NO", "UNSURE") if refused else ("UNSURE", "NO"):
        if found and intent in table.intents:
            return Meaning(intent, found[0].strip())
    return NOTHING
