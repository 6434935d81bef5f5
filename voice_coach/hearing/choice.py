"""Which recogniser to use: a Vosk model where the person has one, else PocketSphinx with its own.

In: what was asked for, the language spoken, and the folders that exist. Out: a choice and one line that says
why. It downloads nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from voice_coach.errors import SetupError
from voice_coach.hearing.messages import RecognizerChoice
from voice_coach.hearing.moonshine import model_folder
from voice_coach.hearing.piece_suppression import find_piece_suppression
from voice_coach.hearing.recognizer import Recognizer
from voice_coach.hearing.vosk_model import check_language, check_model, fault_of
from voice_coach.models.catalogue import base
from voice_coach.models.shelf import fingerprint, folders, model_language
from voice_coach.places import models_folder

PACKAGED = "en"
"""The language of the model that PocketSphinx's own package carries."""
MODEL_VARIABLE = "VOICE_COACH_MODEL"


def choose_recognizer(
    kind: str = "auto",
    model: Path | None = None,
    language: str = "",
    *,
    second_ear: str = "on",
    noise_suppression: str = "auto",
) -> RecognizerChoice:
    """Pick auto, vosk or pocketsphinx. Raises SetupError when the one asked for cannot be had.

    `language`: what will be spoken; a model known to be for another one is not taken. "" takes any.
    `second_ear`: on or off; where it cannot be had, PocketSphinx listens alone.
    `noise_suppression`: "auto" takes the room's noise out of what PocketSphinx hears.
    """
    if kind not in ("auto", "vosk", "pocketsphinx"):
        raise SetupError(f"There is no recogniser called {kind}: choose auto, vosk or pocketsphinx.")
    if kind == "pocketsphinx":
        if model is not None:
            raise SetupError("PocketSphinx brings its own model: leave --model out, or choose vosk.")
        if base(language or PACKAGED) != PACKAGED:
            raise SetupError(
                f"PocketSphinx understands English only: leave --recognizer out, or hold the session typed"
                f" with voice-coach text --language {language}.",
                notice="no_model",
            )
        return _pocketsphinx("as chosen", second_ear, noise_suppression)
    named = model or (Path(os.environ[MODEL_VARIABLE]) if os.environ.get(MODEL_VARIABLE) else None)
    if named is not None:
        check_model(named)
        check_language(named, language)
        return _vosk(named)
    found = [folder for folder in folders(models_folder()) if not fault_of(folder)]
    fitting = [folder for folder in found if _may_speak(folder, language)]
    if fitting:
        return _vosk(fitting[0])
    if base(language or PACKAGED) != PACKAGED:
        raise SetupError(
            f"No recogniser here understands {language}: fetch a model with voice-coach model get --language"
            f" {language}, or hold the session typed with voice-coach text --language {language}.",
            notice="no_model",
        )
    lack = f"no Vosk model for {language} is installed" if found else "no Vosk model is installed"
    if kind == "vosk":
        what = f"Vosk model for {language}" if found else "Vosk model"
        raise SetupError(
            f"No {what} was found in {models_folder()}: fetch one with voice-coach model get, or name its"
            " folder with --model."
        )
    return _pocketsphinx(f"as {lack}", second_ear, noise_suppression)


def load_recognizer(choice: RecognizerChoice) -> Recognizer:
    """Load what was chosen, in this process. Raises SetupError."""
    if choice.waking:
        from voice_coach.hearing.waking_recognizer import WakingRecognizer

        return WakingRecognizer(_load_first(choice), choice.second)
    first = _load_first(choice)
    if choice.second is None:
        return first
    from voice_coach.hearing.pocketsphinx_recognizer import PocketSphinxRecognizer
    from voice_coach.hearing.two_ears import TwoEars

    assert isinstance(first, PocketSphinxRecognizer)
    return TwoEars(first, choice.second)


def _load_first(choice: RecognizerChoice) -> Recognizer:
    if choice.kind == "vosk":
        assert choice.model is not None
        if choice.seal and fingerprint(choice.model) != choice.seal:
            raise SetupError(
                f"The model {choice.model} was changed or removed while it was in use: start again."
            )
        from voice_coach.hearing.vosk_recognizer import VoskRecognizer

        return VoskRecognizer(choice.model)
    from voice_coach.hearing.pocketsphinx_recognizer import PocketSphinxRecognizer

    return PocketSphinxRecognizer(find_piece_suppression() if choice.suppress else None)


def _pocketsphinx(why: str, second_ear: str, noise_suppression: str) -> RecognizerChoice:
    second = model_folder() if second_ear == "on" else None
    ears = "PocketSphinx and Moonshine, and their own models" if second else "PocketSphinx and its own model"
    notice = f"Listening with {ears}, {why}."
    return RecognizerChoice("pocketsphinx", None, notice, second, noise_suppression == "auto")


def _vosk(folder: Path) -> RecognizerChoice:
    notice = f"Listening with Vosk and the model {folder.name}."
    return RecognizerChoice("vosk", folder, notice, seal=fingerprint(folder))


def _may_speak(folder: Path, language: str) -> bool:
    its = model_language(folder)
    return not its or not language or its == base(language)
