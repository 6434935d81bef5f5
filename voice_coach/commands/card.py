"""voice-coach card: a card to print, A6."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from voice_coach.errors import RunError


def run(given: argparse.Namespace) -> int:
    """Write it."""
    from voice_coach.card.card import make_card, numbers
    from voice_coach.packs.load import load_pack
    from voice_coach.packs.own_contacts import with_own_contacts
    from voice_coach.places import contacts_path, settings_path
    from voice_coach.settings_file import read_settings

    own = contacts_path(read_settings(settings_path()).get("operator_file"))
    pack = with_own_contacts(load_pack(given.language), own)
    card = make_card(pack)
    output = Path(given.output)
    try:
        output.write_bytes(card)
    except OSError as problem:
        raise RunError(
            f"The card {output} cannot be written ({problem.strerror}); name a file in a folder of yours."
        ) from problem
    unchecked = [contact.name for contact in numbers(pack) if not contact.checked_on]
    if unchecked:
        names = ", ".join(unchecked)
        print(f"Ring these first, and write the day of it into {own}: {names}.", file=sys.stderr)
    return 0
