"""voice-coach check: every fault of a language pack, with file and key."""

from __future__ import annotations

import argparse
from pathlib import Path

from voice_coach.errors import SetupError


def run(given: argparse.Namespace) -> int:
    """Check packs; 2 when any has a fault."""
    from voice_coach.packs.check import check_folder, check_loaded
    from voice_coach.packs.load import load_pack

    faults = 0
    for name in given.packs or ["en"]:
        if Path(name).is_dir():
            found = check_folder(Path(name))
        else:
            try:
                found = check_loaded(load_pack(name))
            except SetupError as fault:
                print(fault)
                faults += 1
                continue
        for each in found:
            print(f"{name}: {each}")
        faults += len(found)
        if not found:
            print(f"{name}: good")
    return 2 if faults else 0
