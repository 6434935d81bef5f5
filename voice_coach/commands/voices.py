"""voice-coach voices: the voices there are, the pack's language first."""

from __future__ import annotations

import argparse


def run(given: argparse.Namespace) -> int:
    """List them, one a line, with what --voice takes."""
    from voice_coach.commands.options import session_options
    from voice_coach.speaking.choice import default_voice
    from voice_coach.speaking.voice import list_voices

    options = session_options(given)
    found = list_voices()
    usual = options.voice or default_voice(options.language, found)
    ours = [voice for voice in found if voice.language.startswith(options.language)]
    for voice in [*ours, *(voice for voice in found if voice not in ours)]:
        mark = "  (used when none is named)" if usual in {voice.id, voice.language, voice.name} else ""
        print(f"{voice.language or voice.id:16} {voice.name}{mark}")
    return 0
