"""The numbers people can call, one at a time, in the order that fits what they were asked for.

Comes in: a pack's contacts. Goes out: one contact. It calls nobody and keeps no count of who asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voice_coach.packs.models import Contact

ORDER: dict[str, tuple[str, ...]] = {
    "": ("own_person", "crisis", "lived_experience", "lgbtiq", "emergency", "elsewhere"),
    "danger": ("emergency", "violence", "own_person", "crisis", "lived_experience", "lgbtiq", "elsewhere"),
    "poison": ("emergency", "poisons", "own_person", "crisis", "lived_experience", "elsewhere"),
}
"""What they were asked for -> kinds, first to last (conversation design, 9.3). The violence line is never
read out unasked: the person it is about may be in the room."""


def contact(contacts: Mapping[str, Sequence[Contact]], wanted: str, place: int) -> Contact:
    """The contact at this place of the reading; after the last comes the first again."""
    listed = [each for kind in ORDER[wanted] for each in contacts.get(kind, ()) if each.digits]
    return listed[place % len(listed)] if listed else Contact()


def first_of(contacts: Mapping[str, Sequence[Contact]], kind: str) -> Contact | None:
    """The first contact of a kind; None where there is none."""
    return next(iter(contacts.get(kind, ())), None)


def words_of(found: Contact) -> dict[str, str]:
    """What a contact puts in the place of a prompt's braces."""
    return {"name": found.name, "what": found.what, "digits": found.digits, "hours": found.hours}


def nearest(contacts: Mapping[str, Sequence[Contact]]) -> dict[str, str]:
    """What any answer to words of danger may name: the first line to talk to, and the emergency number."""
    line, emergency = first_of(contacts, "crisis"), first_of(contacts, "emergency")
    words = {} if line is None else {"line": line.name, "line_digits": line.digits}
    return words if emergency is None else {**words, "emergency_digits": emergency.digits}
