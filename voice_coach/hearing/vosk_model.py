"""Whether a folder is a Vosk model that can be given a phrase list.

In: a path. Out: what is wrong with it, in words. It loads nothing: libvosk's own reason goes to stderr only.
"""

from __future__ import annotations

from pathlib import Path

from voice_coach.errors import SetupError
from voice_coach.models.catalogue import base
from voice_coach.models.shelf import changed, model_language

NEEDED = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst")
"""Files of a model with a dynamic graph; with graph/HCLG.fst instead libvosk ignores phrase lists."""
NEEDED_FLAT = ("final.mdl", "mfcc.conf", "HCLr.fst", "Gr.fst")
"""The same in the older layout, with all in one folder."""


def fault_of(folder: Path) -> str:
    """What keeps a folder from being used, as the end of a sentence; "" when nothing does."""
    if not folder.is_dir():
        return "is not a folder"
    if any((folder / name).is_file() for name in ("graph/HCLG.fst", "HCLG.fst")):
        return "has a fixed graph and cannot take phrase lists: take a small model or one ending in lgraph"
    needed = NEEDED_FLAT if (folder / "final.mdl").is_file() else NEEDED
    missing = [name for name in needed if not (folder / name).is_file()]
    if not missing:
        other = changed(folder)
        return (
            f"is not as it was fetched ({other} has changed): remove it and fetch it again" if other else ""
        )
    inner = [path for path in folder.iterdir() if path.is_dir() and (path / "am" / "final.mdl").is_file()]
    if inner:
        return f"is not a Vosk model, but the folder {inner[0].name} in it seems to be one"
    return f"is not a whole Vosk model: it lacks {', '.join(missing)}"


def check_model(folder: Path) -> None:
    """Raise SetupError, in one sentence, when the folder cannot be used."""
    fault = fault_of(folder)
    if fault:
        raise SetupError(f"The model {folder} {fault}.")


def check_language(folder: Path, language: str) -> None:
    """Raise SetupError when the model is known to be for another language; "" asks for none."""
    its = model_language(folder)
    if its and language and its != base(language):
        raise SetupError(
            f"The model {folder.name} is for the language {its}, and {language} is spoken: name another with"
            " --model, or take --recognizer pocketsphinx."
        )
