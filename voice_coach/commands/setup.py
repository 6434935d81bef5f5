"""voice-coach setup: the few things a device needs to know, asked aloud and shown; again whenever wished."""

from __future__ import annotations

import argparse
import sys

from voice_coach.errors import RunError, SetupError
from voice_coach.places import settings_path


def run(given: argparse.Namespace) -> int:
    """Hold the setup talk, and save what was settled."""
    from voice_coach.setup_guide.first_run import hold
    from voice_coach.setup_guide.save import save

    try:
        guide = hold(given, offer=False)
    except (SetupError, RunError) as fault:
        if fault.notice not in {"no_microphone", "no_speaker"}:
            raise
        raise type(fault)(f"{fault} To set up with keys, use: voice-coach setup --screen") from fault
    if guide.finished and guide.answered:
        save(guide.answers, settings_path())
        print(f"Saved in {settings_path()}", file=sys.stderr)
    else:
        print("Nothing was changed.", file=sys.stderr)
    return 0
