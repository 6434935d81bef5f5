"""Checks the numbers people can call.

Comes in: a pack. Goes out: faults. Whether a number still rings only a person can say: that is
`checked_on`, and an old or empty date is a warning at start-up, not a fault of the pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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

_DIGIT = re.compile(r"\d")


def check_contacts(pack: Pack) -> list[Fault]:
    """Every fault of the contacts."""
    file = f"content/{pack.language}/contacts.toml"
    faults = [
        Fault(file, kind, "there must be at least one.") for kind in NEEDED if not pack.contacts.get(kind)
    ]
    for kind, contacts in pack.contacts.items():
        if kind not in KINDS:
            faults.append(Fault(file, kind, f"there is no such kind; the kinds are {', '.join(KINDS)}."))
        for place, contact in enumerate(contacts):
            faults += [Fault(file, f"{kind}.{place}.{key}", text) for key, text in _one(contact)]
    return faults


def _one(contact: Contact) -> Iterator[tuple[str, str]]:
    if not contact.name:
        yield "name", "it is empty."
    if not contact.digits:
        yield "digits", "it is empty; write the number as it is spoken."
    elif _DIGIT.search(contact.digits):
        yield "digits", "write figures as words, as they are spoken."
    if not contact.dial and not contact.web:
        yield "dial", "there is neither a number to dial nor a web address."
    if contact.checked_on and not _is_date(contact.checked_on):
        yield "checked_on", "it must be a date such as 2030-01-31, or empty."


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
