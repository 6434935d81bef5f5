"""Which recogniser to use: a Vosk model where the person has one, else PocketSphinx with its own.

In: what was asked for and the folders that exist. Out: a choice and one line that says why.
It downloads nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from voice_coach.errors import SetupError
from voice_coach.hearing.messages import RecognizerChoice
from voice_coach.hearing.recognizer import Recognizer
from voice_coach.hearing.vosk_model import check_model, fault_of

MODEL_VARIABLE = "VOICE_COACH_MODEL"


def models_folder() -> Path:
    """Where models live: the user's data folder, models within it. It need not exist."""
    from platformdirs import user_data_dir

    return Path(user_data_dir("voice-coach", appauthor=False)) / "models"


def choose_recognizer(kind: str = "auto", model: Path | None = None) -> RecognizerChoice:
    """Pick auto, vosk or pocketsphinx. Raises SetupError when the one asked for cannot be had."""
    if kind not in ("auto", "vosk", "pocketsphinx"):
        raise SetupError(f"There is no recogniser called {kind}: choose auto, vosk or pocketsphinx.")
    if kind == "pocketsphinx":
        if model is not None:
            raise SetupError("PocketSphinx brings its own model: leave --model out, or choose vosk.")
        return RecognizerChoice("pocketsphinx", None, "Listening with PocketSphinx, as chosen.")
    named = model or (Path(os.environ[MODEL_VARIABLE]) if os.environ.get(MODEL_VARIABLE) else None)
    if named is not None:
        check_model(named)
        return RecognizerChoice("vosk", named, f"Listening with Vosk and the model {named.name}.")
    found = [folder for folder in _installed() if not fault_of(folder)]
    if found:
        return RecognizerChoice("vosk", found[0], f"Listening with Vosk and the model {found[0].name}.")
    if kind == "vosk":
        raise SetupError(
            f"No Vosk model was found in {models_folder()}: put one there, or name its folder with --model."
        )
    return RecognizerChoice(
        "pocketsphinx", None, "Listening with PocketSphinx and its own model, as no Vosk model is installed."
    )


def load_recognizer(choice: RecognizerChoice) -> Recognizer:
    """Load what was chosen, in this process. Raises SetupError."""
    if choice.kind == "vosk":
        from voice_coach.hearing.vosk_recognizer import VoskRecognizer

        assert choice.model is not None
        return VoskRecognizer(choice.model)
    from voice_coach.hearing.pocketsphinx_recognizer import PocketSphinxRecognizer

    return PocketSphinxRecognizer()


def _installed() -> list[Path]:
    folder = models_folder()
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
