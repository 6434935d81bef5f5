"""From parsed arguments to the options of a session."""

from __future__ import annotations

import argparse
import dataclasses

from voice_coach.settings import Options


def session_options(given: argparse.Namespace) -> Options:
    """The arguments that are options of a session, checked. Raises SetupError."""
    names = {field.name for field in dataclasses.fields(Options)}
    options = Options(**{name: value for name, value in vars(given).items() if name in names})
    options.check("command line")
    return options
