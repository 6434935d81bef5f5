"""voice-coach voices: the voices there are, the pack's language first; or its prompts rendered ahead."""

from __future__ import annotations

import argparse
import queue
from collections.abc import Iterator
from typing import TYPE_CHECKING

from voice_coach.settings import Options

if TYPE_CHECKING:
    from voice_coach.audio.ports import Samples
    from voice_coach.packs.models import Pack
    from voice_coach.speaking.pacing import Sentence


def run(given: argparse.Namespace) -> int:
    """List them, one a line, with what --voice takes; or prepare the prompts of one, or forget them."""
    from voice_coach.commands.options import session_options

    options = session_options(given)
    if given.prepare:
        return _prepare(options)
    if given.forget:
        return _forget()
    from voice_coach.speaking.choice import default_voice
    from voice_coach.speaking.voice import list_voices

    found = list_voices()
    usual = options.voice or default_voice(options.language, found)
    ours = [voice for voice in found if voice.language.startswith(options.language)]
    for voice in [*ours, *(voice for voice in found if voice not in ours)]:
        mark = "  (used when none is named)" if usual in {voice.id, voice.language, voice.name} else ""
        print(f"{voice.language or voice.id:16} {voice.name}{mark}")
    return 0


def _prepare(options: Options) -> int:
    """Render every fixed prompt and keep it."""
    from voice_coach.packs.check import load_checked
    from voice_coach.places import prompts_folder
    from voice_coach.speaking.prepared import name_for, prepared_folder, write_prepared

    pack = load_checked(options.language)
    folder = prepared_folder(prompts_folder())
    name = name_for(pack, options.voice)
    count = write_prepared(folder, name, _rendered(pack, options))
    size = (folder.path / name).stat().st_size / 1e6
    print(f"{count} sentences of the coach are kept in {folder.path} ({size:.0f} MB).")
    print("They hold nothing that anybody says. To remove them: voice-coach voices --forget")
    return 0


def _forget() -> int:
    from voice_coach.places import prompts_folder
    from voice_coach.speaking.prepared import FILE, prepared_folder

    folder = prepared_folder(prompts_folder())
    folder.sweep()
    gone = folder.remove(*(name for name, _ in folder.entries(FILE)))
    print("What was prepared is gone." if gone else "Nothing was prepared.")
    return 0


def _rendered(pack: Pack, options: Options) -> Iterator[tuple[Sentence, Samples]]:
    """Each fixed sentence with its samples, in the pack's order; what cannot be rendered is left out."""
    from voice_coach.speaking.prepared import fixed_sentences
    from voice_coach.speaking.speech import Rendered, Speech, VoiceEvent
    from voice_coach.speaking.voice import Voice, VoiceUnavailable

    events: queue.SimpleQueue[VoiceEvent] = queue.SimpleQueue()
    voice = Voice(events.put, voice=options.voice, language=options.language)
    voice.start()
    try:
        voice.wait_ready()
        for sentence in fixed_sentences(pack):
            voice.need(Speech((sentence.text,), words_per_minute=sentence.words_per_minute))
            event = events.get()
            if not isinstance(event, Rendered):
                raise VoiceUnavailable(event.reason)
            if event.samples is not None:
                yield sentence, event.samples
    finally:
        voice.close()
