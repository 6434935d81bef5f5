"""voice-coach settings: where the settings file is, or a commented one to begin with."""

from __future__ import annotations

import argparse

from voice_coach.places import settings_path


def run(given: argparse.Namespace) -> int:
    """Do it."""
    path = settings_path()
    if given.what == "init":
        from voice_coach.settings_file import write_template

        write_template(path)
    print(path)
    return 0
