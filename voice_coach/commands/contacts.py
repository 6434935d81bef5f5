"""What `doctor` says of the numbers people are given: each that nobody rang within a year is named.

In: the options of a session. Out: findings. It rings nobody: only a person can tell whether a line answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from voice_coach.commands.finding import GOOD, REMARK, Finding, bad
from voice_coach.errors import SetupError
from voice_coach.places import contacts_path
from voice_coach.settings import Options


def look_at_contacts(options: Options) -> Iterator[Finding]:
    """One line for all numbers, and one for each that nobody rang within a year."""
    from voice_coach.packs.contacts import is_fresh
    from voice_coach.packs.load import load_pack
    from voice_coach.packs.own_contacts import with_own_contacts

    own = contacts_path(options.operator_file)
    try:
        kinds = with_own_contacts(load_pack(options.language), own).contacts
    except SetupError as fault:
        yield bad("contacts", fault)
        return
    listed = [contact for kind in kinds.values() for contact in kind]
    old = [contact for contact in listed if not is_fresh(contact, date.today())]
    where = str(own) if own.is_file() else "as shipped, for Australia"
    what = f"{len(listed)} numbers ({where}), {len(listed) - len(old)} of them rung within a year"
    if not old:
        yield Finding("contacts", GOOD, what)
        return
    remedy = (
        f"ring each, then write the day in checked_on in {own}; it begins as a copy of {_shipped(options)}"
    )
    yield Finding("contacts", REMARK, what, remedy, False)
    for contact in old:
        when = f"last rung {contact.checked_on}" if contact.checked_on else "never rung"
        number = contact.dial or contact.web
        yield Finding(
            "contacts", REMARK, f"{contact.name}, {number}: please check this number ({when})", "", False
        )


def _shipped(options: Options) -> Path:
    from voice_coach.packs.load import pack_folder

    return pack_folder("content", options.language) / "contacts.toml"
