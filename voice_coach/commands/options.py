"""From the settings file and parsed arguments to the options of a session; what was typed goes first."""

from __future__ import annotations

import argparse
import dataclasses

from voice_coach.places import settings_path
from voice_coach.settings import Options
from voice_coach.settings_file import read_settings


def session_options(given: argparse.Namespace) -> Options:
    """The settings and the arguments that are options of a session, checked. Raises SetupError."""
    names = {field.name for field in dataclasses.fields(Options)}
    typed = {name: value for name, value in vars(given).items() if name in names and value is not None}
    options = Options(**{**read_settings(settings_path()), **typed})
    options.check("command line")
    return options
