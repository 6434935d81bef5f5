"""The words of the setup talk: its states and phrases, added to a language pack.

In: a pack. Out: the same pack with the states of setting up. It reads the folder content/<language>/setup.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from voice_coach.errors import SetupError
from voice_coach.packs.load import pack_folder
from voice_coach.packs.models import Intent, Pack, State
from voice_coach.packs.read import read_folder

GROUP = "setup"


def with_setup(pack: Pack) -> Pack:
    """The pack and the setup talk; in English where the language has none. Raises SetupError on a fault."""
    folder = pack_folder("content", pack.language) / GROUP
    if not folder.is_dir():
        folder = pack_folder("content", "en") / GROUP
    files, faults = read_folder(folder)
    if faults:
        raise SetupError(f"The words of the setup cannot be used: {faults[0]}")
    read = {file.name: file for file in files}
    try:
        states = {name: _state(name, table) for name, table in read["states"].tables.items()}
        intents = {name: _intent(name, table) for name, table in read["phrases"].tables.items()}
    except (KeyError, ValidationError, TypeError) as problem:
        raise SetupError(f"The words of the setup in {folder} cannot be used: {problem}") from problem
    return pack.model_copy(
        update={"states": {**pack.states, **states}, "intents": {**pack.intents, **intents}}
    )


def _state(name: str, table: dict[str, Any]) -> State:
    prompts = [{"text": text} for text in table["prompts"]]
    return State.model_validate({**table, "name": name, "group": GROUP, "prompts": prompts})


def _intent(name: str, table: dict[str, Any]) -> Intent:
    return Intent.model_validate({**table, "name": name, "group": GROUP})
