"""voice-coach say: one text in the coach's voice, to a speaker or a file."""

from __future__ import annotations

import argparse
import queue
from typing import Any

from voice_coach.audio.ports import DeviceLost, PlaybackEnded, Samples, Speaker


def run(given: argparse.Namespace) -> int:
    """Speak it."""
    from voice_coach.audio.devices import open_speaker
    from voice_coach.audio.wavefile import write_wav
    from voice_coach.packs.load import load_pack
    from voice_coach.speaking.speech import Speech
    from voice_coach.speaking.voice import render_speech

    style = load_pack("en").style
    samples = render_speech(
        Speech((given.text,)), voice=given.voice, say_as=style.say_as, choice_words=style.choice_words
    )
    if given.output is not None:
        write_wav(given.output, samples)
    else:
        _play(open_speaker(given.speaker, paced=True), samples)
    return 0


def _play(speaker: Speaker, samples: Samples) -> None:
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    speaker.open(events.put)
    try:
        speaker.play(1, samples)
        while events.empty() or not isinstance(events.get(), PlaybackEnded | DeviceLost):
            speaker.tick()
    finally:
        speaker.close()
