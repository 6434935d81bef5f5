"""Which voice speaks when none was asked for: the clearest one that is there.

In: a language and the voices of this device. Out: the voice's id or None for the engine's own. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from voice_coach.speaking.messages import VoiceName

CLEAREST = {"en": ("gmw/en-us", "gmw/en")}
"""By language, the clearest first, as far as a machine can tell (docs/voices.md)."""


def default_voice(language: str, voices: Sequence[VoiceName]) -> str | None:
    """The clearest known voice, else the first of the language; None where there is none of the language."""
    there = {voice.id for voice in voices}
    for name in CLEAREST.get(language, ()):
        if name in there:
            return name
    return next((voice.id for voice in voices if _speaks(voice, language)), None)


def _speaks(voice: VoiceName, language: str) -> bool:
    spoken = voice.language.lower().replace("_", "-")
    return spoken == language.lower() or spoken.startswith(language.lower() + "-")
