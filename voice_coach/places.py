"""Where this program's own files stand on this machine: notes, settings, models and packs, nothing else.

In: nothing but the platform's rules (XDG, Library, AppData). Out: paths. It creates and reads nothing.
"""

from __future__ import annotations

from pathlib import Path

NAME = "voice-coach"


def notes_folder() -> Path:
    """The folder of the person's notes; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) / "notes"


def packs_folder() -> Path:
    """The folder of a person's own languages, content/xx and grammars/xx; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) / "packs"


def models_folder() -> Path:
    """The folder of the recognisers' models; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) / "models"


def prompts_folder() -> Path:
    """The folder of prompts rendered ahead, in the platform's cache; it need not exist."""
    from platformdirs import user_cache_path

    return user_cache_path(NAME, appauthor=False) / "prompts"


def settings_path() -> Path:
    """The settings file; it need not exist."""
    from platformdirs import user_config_path

    return user_config_path(NAME, appauthor=False) / "settings.toml"


def contacts_path(named: str | None = None) -> Path:
    """The operator's own numbers: the file that was named, else the one beside the settings file."""
    return Path(named).expanduser() if named else settings_path().with_name("contacts.toml")
