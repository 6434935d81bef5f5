"""Checks the numbers people can call.

Comes in: a pack. Goes out: faults. Whether a number still rings only a person can say: that is
`checked_on`, and an old or empty date is a warning at start-up, not a fault of the pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from voice_coach.packs.faults import Fault
from voice_coach.packs.models import Contact, Pack

KINDS = (
    "own_person",
    "crisis",
    "lived_experience",
    "violence",
    "lgbtiq",
    "poisons",
    "emergency",
    "elsewhere",
)
NEEDED = ("crisis", "emergency")
"""Kinds without which a session must not start (conversation design, part 9.4)."""

OLD_DAYS = 365
"""A number nobody rang for so long may be another's by now."""
FEWEST_DIGITS, MOST_DIGITS = 3, 15
"""From an emergency number to the longest of the international plan (E.164)."""
MOST_LETTERS = 60
"""Of a name or what a line is for: it is read out in one breath with the number."""

_DIGIT = re.compile(r"\d")
_DIALLED = re.compile(r"[0-9 +()-]*")


def check_contacts(pack: Pack) -> list[Fault]:
    """Every fault of the contacts."""
    return check_listed(pack.contacts, f"content/{pack.language}/contacts.toml")


def check_listed(listed: Mapping[str, Sequence[Contact]], file: str) -> list[Fault]:
    """Every fault of contacts by their kind; `file` is named in them."""
    faults = [Fault(file, kind, "there must be at least one.") for kind in NEEDED if not listed.get(kind)]
    for kind, contacts in listed.items():
        if kind not in KINDS:
            faults.append(Fault(file, kind, f"there is no such kind; the kinds are {', '.join(KINDS)}."))
        for place, contact in enumerate(contacts):
            faults += [Fault(file, f"{kind}.{place}.{key}", text) for key, text in _one(contact)]
    return faults


def is_fresh(contact: Contact, today: date) -> bool:
    """Whether a person rang it within the last twelve months."""
    return (
        _is_date(contact.checked_on)
        and 0 <= (today - date.fromisoformat(contact.checked_on)).days <= OLD_DAYS
    )


def _one(contact: Contact) -> Iterator[tuple[str, str]]:
    if not contact.name:
        yield "name", "it is empty."
    if not contact.digits:
        yield "digits", "it is empty; write the number as it is spoken."
    elif _DIGIT.search(contact.digits):
        yield "digits", "write figures as words, as they are spoken."
    for key in ("name", "what", "hours"):
        if len(getattr(contact, key)) > MOST_LETTERS:
            yield key, f"it has more than {MOST_LETTERS} letters; too long to be kept in mind."
    if len(contact.digits) > 2 * MOST_LETTERS:
        yield "digits", f"it has more than {2 * MOST_LETTERS} letters; too long to be kept in mind."
    yield from (("dial", sentence) for sentence in _dialled(contact.dial))
    if not contact.dial and not contact.web:
        yield "dial", "there is neither a number to dial nor a web address."
    if contact.checked_on and not _is_date(contact.checked_on):
        yield "checked_on", "it must be a date such as 2030-01-31, or empty."


def _dialled(number: str) -> Iterator[str]:
    if not number:
        return
    if not _DIALLED.fullmatch(number):
        yield f'"{number[:40]}" holds more than figures; write the number as it is dialled.'
    digits = len(_DIGIT.findall(number))
    if digits < FEWEST_DIGITS:
        yield f'"{number[:40]}" has too few figures for a number; {FEWEST_DIGITS} are the least.'
    elif digits > MOST_DIGITS:
        yield f'"{number[:40]}" has too many figures for a number; {MOST_DIGITS} are the most.'


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
