"""Checks the words that are spoken: length, reading grade, choices, placeholders, forbidden phrases.

Comes in: a pack. Goes out: faults. It never changes a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Contact, Pack
from voice_coach.packs.readability import grade, seconds, sentences, syllables_of, words
from voice_coach.packs.spoken import Spoken, spoken_strings
from voice_coach.understanding.normalise import surface

MAX_WORDS = 45
"""About 40 words are one breath of listening (design, part 6.1); the slack is for seed quotes."""
MAX_SECONDS = 20.0
MAX_SENTENCE_WORDS = 18
MAX_GRADE = 5.0
MAX_CHOICES = 3
"""Invariant I-26 of the conversation design, and part 12 for the sentence."""
GRADED_FROM = 5
"""Words below which a reading grade is chance: one long word makes a grade of 8."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_BRACES = re.compile(r"[{}]")
_STOPS = re.compile(r"[.!?;:]+")


def check_wording(pack: Pack) -> list[Fault]:
    """Every fault of the spoken strings."""
    spoken = list(spoken_strings(pack))
    return [
        Fault(item.file, item.key, sentence)
        for item, plain in _filled(pack, spoken)
        for sentence in (
            *_placeholders(pack, item),
            *_length(item, plain),
            *_choices(pack, item),
        )
    ] + [*_grades(pack, spoken), *_forbidden(pack, spoken), *_empty_lines(pack)]


def _empty_lines(pack: Pack) -> Iterator[Fault]:
    for name, variants in pack.lines.items():
        if not variants:
            yield Fault(f"content/{pack.language}/lines.toml", name, "it has no variant to say.")


def _filled(pack: Pack, spoken: list[Spoken]) -> Iterator[tuple[Spoken, str]]:
    """Each string as it would be said with the longest contact in it."""
    contacts = [contact for listed in pack.contacts.values() for contact in listed]
    longest = {field: _longest(contacts, field) for field in ("name", "what", "digits", "hours")}
    longest |= {"line": longest["name"], "line_digits": longest["digits"]}
    longest["emergency_digits"] = _longest(pack.contacts.get("emergency", ()), "digits")
    for item in spoken:
        yield item, _PLACEHOLDER.sub(lambda found: longest.get(found[1], "One"), item.text)


def _longest(contacts: Iterable[Contact], field: str) -> str:
    return max((getattr(contact, field) for contact in contacts), key=len, default="")


def _placeholders(pack: Pack, item: Spoken) -> Iterator[str]:
    state = pack.states.get(item.state)
    known: set[str] = set()
    if state is not None:
        if state.group == "together":
            known |= {"s", "l"}
        if state.group == "crisis":
            known |= {"line", "line_digits", "emergency_digits"}
        if state.name == "CR_NUMBERS":
            known |= {"name", "what", "digits", "hours"}
        known |= {"NOTE_BACK": {"note"}, "NOTES_PLAY": {"note"}, "NOTES_WIPED": {"count"}}.get(
            state.name, set()
        )
        if ".echo." in item.key:
            known |= {"word"}
    elif item.key.startswith("POISONS."):
        known |= {"name", "digits"}
    for name in dict.fromkeys(_PLACEHOLDER.findall(item.text)):
        if name not in known:
            yield f'"{{{name}}}" is filled in nowhere here, and would be read out as it stands.'
    if _BRACES.search(_PLACEHOLDER.sub("", item.text)):
        yield "a brace has no partner."


def _length(item: Spoken, plain: str) -> Iterator[str]:
    count = len(words(plain))
    if count == 0:
        yield "there is nothing to say in it."
    if count > MAX_WORDS:
        yield f"it has {count} words; {MAX_WORDS} can be kept in mind."
    if (length := seconds(plain)) > MAX_SECONDS:
        yield f"it takes about {length:.0f} seconds to say; {MAX_SECONDS:.0f} is the most."
    for sentence in sentences(plain.replace(item.quote, "") if item.quote else plain):
        if (count := len(words(sentence))) > MAX_SENTENCE_WORDS:
            yield f'a sentence has {count} words ("{_begin(sentence)}"); {MAX_SENTENCE_WORDS} is the most.'


def _choices(pack: Pack, item: Spoken) -> Iterator[str]:
    if not item.asks or not pack.style.choice_words:
        return
    either = "|".join(re.escape(word) for word in pack.style.choice_words)
    between = re.compile(rf",?\s+(?:{either})\s+|,\s+", re.IGNORECASE)
    for sentence in sentences(item.text.replace(item.quote, "") if item.quote else item.text):
        if re.search(rf"\b(?:{either})\b", sentence, re.IGNORECASE):
            choices = [part for part in between.split(sentence) if not _PLACEHOLDER.fullmatch(part.strip())]
            if len(choices) > MAX_CHOICES:
                yield f'it puts {len(choices)} choices ("{_begin(sentence)}"); {MAX_CHOICES} is the most.'


def grades(pack: Pack, spoken: Iterable[Spoken]) -> Iterator[tuple[Spoken, float]]:
    """The reading grade of each string that is long enough to have one, but for seed quotes and contacts."""
    own = {item: item.text.replace(item.quote, "") if item.quote else item.text for item in spoken}
    counts = syllables_of({word for text in own.values() for word in words(text)})
    counts |= {word.lower(): 1 for word in pack.style.hard_words}
    for item, text in own.items():
        plain = _PLACEHOLDER.sub("One", text)
        if "contacts.toml" not in item.file and len(words(plain)) >= GRADED_FROM:
            yield item, grade(plain, counts)


def _grades(pack: Pack, spoken: list[Spoken]) -> Iterator[Fault]:
    """For English only: the formula is made for it."""
    if pack.language.split("-")[0] != "en":
        return
    for item, found in grades(pack, spoken):
        if found > MAX_GRADE:
            yield Fault(item.file, item.key, f"it reads at grade {found:.1f}; {MAX_GRADE:.0f} is the most.")


def _forbidden(pack: Pack, spoken: list[Spoken]) -> Iterator[Fault]:
    listed = [
        (f" {surface(phrase)} ", reason)
        for reason, phrases in pack.style.forbidden.items()
        for phrase in phrases
        if surface(phrase)
    ]
    for item in spoken:
        # A phrase does not reach over a full stop: "Let it come. On we go." is no "come on".
        said = " | ".join(surface(part) for part in _STOPS.split(item.text))
        for phrase, reason in listed:
            if phrase in f" {said} ":
                sentence = f'it says "{phrase.strip()}", which is forbidden ({reason.replace("_", " ")}).'
                yield Fault(item.file, item.key, sentence)


def _begin(sentence: str) -> str:
    return sentence if len(sentence) <= 40 else sentence[:37].rstrip() + "..."
