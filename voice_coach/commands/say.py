"""voice-coach say: one text in the coach's voice, to a speaker or a file."""

from __future__ import annotations

import argparse
import queue
import sys
from typing import Any

from voice_coach.audio.ports import DeviceLost, PlaybackEnded, Samples, Speaker
from voice_coach.errors import RunError, SetupError
from voice_coach.settings import Options


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
        play_samples(open_speaker(given.speaker, paced=True), samples)
    return 0


def play_samples(speaker: Speaker, samples: Samples) -> None:
    """Play to the end, then let go of the speaker."""
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    speaker.open(events.put)
    try:
        speaker.play(1, samples)
        while events.empty() or not isinstance(events.get(), PlaybackEnded | DeviceLost):
            speaker.tick()
    finally:
        speaker.close()


def speak_line(options: Options, name: str) -> None:
    """Print a line of the pack and, where that is possible, say it."""
    from voice_coach.audio.devices import open_speaker
    from voice_coach.packs.load import load_pack
    from voice_coach.speaking.speech import Speech
    from voice_coach.speaking.voice import render_speech

    pack = load_pack(options.language)
    text = pack.lines[name][0]
    print(text, flush=True)
    try:
        samples = render_speech(Speech((text,)), voice=options.voice, say_as=pack.style.say_as)
        play_samples(open_speaker(options.speaker, paced=True), samples)
    except (SetupError, RunError) as problem:
        print(f"voice-coach: {problem}", file=sys.stderr)
