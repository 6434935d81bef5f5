"""Voices for the simulated people of rehearsals: text in, 16 kHz sound out, never the coach's own prompts.

flite (the default: it sounds unlike the coach) is run as a program; its text goes in on standard input and
its sound lives for a moment in a private folder, in memory where there is one. "pyttsx3:NAME" uses the
coach's engine. The same text, voice and rate give the same sound.
"""

from __future__ import annotations

import queue
import shutil
import subprocess
import tempfile
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from voice_coach.audio.ports import HEARING_RATE, SPEAKING_RATE, Pcm
from voice_coach.audio.wavefile import read_pcm, to_pcm
from voice_coach.errors import SetupError
from voice_coach.speaking.edges import faded, trimmed
from voice_coach.speaking.engine import memory_folder
from voice_coach.speaking.loudness import PROMPT_LUFS, at_loudness
from voice_coach.speaking.speech import Rendered, Speech, VoiceEvent, VoiceLost
from voice_coach.speaking.voice import Voice, VoiceUnavailable

FLITE_WPM = 230
"""Words a minute of flite's voices as they are (215 to 248, measured in the audio study)."""
_FLITE_SECONDS = 30.0
_REMEMBERED = 512


@lru_cache(maxsize=_REMEMBERED)
def render_person(text: str, voice: str = "flite:slt", rate: int | None = None) -> Pcm:
    """What a person says: int16 at 16 kHz, not to be written to.

    `voice`: flite:NAME or pyttsx3:NAME (NAME may be empty); `rate`: words a minute, None for the voice's own.
    Without flite, pyttsx3 speaks instead (see note). Raises SetupError for a voice that is not there.
    """
    kind, _, name = voice.partition(":")
    if kind not in ("flite", "pyttsx3"):
        raise SetupError(f'"{voice}" is no voice for a person; write flite:NAME or pyttsx3:NAME.')
    if kind == "flite" and shutil.which("flite") is not None:
        pcm = _with_flite(text, name or "slt", rate)
    else:
        pcm = _with_pyttsx3(text, name if kind == "pyttsx3" else "", rate)
    pcm.flags.writeable = False
    return pcm


def note(voice: str) -> str:
    """What to tell someone who runs a rehearsal with this voice; empty when it is there."""
    if voice.partition(":")[0] == "flite" and shutil.which("flite") is None:
        return (
            "flite is not installed, so the simulated person speaks with the coach's engine "
            "(on Debian or Ubuntu: sudo apt install flite)."
        )
    return ""


def _with_flite(text: str, name: str, rate: int | None) -> Pcm:
    known = _flite_voices()
    if name not in known:
        raise SetupError(f'flite has no voice "{name}"; it has: {", ".join(known)}.')
    stretch = FLITE_WPM / rate if rate is not None else 1.0
    with tempfile.TemporaryDirectory(prefix="voice-coach-person-", dir=memory_folder()) as folder:
        path = Path(folder) / "person.wav"
        command = ["flite", "-voice", name, "--setf", f"duration_stretch={stretch:.3f}"]
        try:
            subprocess.run(
                [*command, "-f", "/dev/stdin", "-o", str(path)],
                input=f"{text}\n".encode(),
                capture_output=True,
                timeout=_FLITE_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as problem:
            raise SetupError("flite failed to speak; try another voice, such as pyttsx3:en-us.") from problem
        pcm, _ = read_pcm(path)
    samples = trimmed(pcm.astype(np.float32) / np.float32(32768), HEARING_RATE)
    return to_pcm(faded(at_loudness(samples, PROMPT_LUFS, HEARING_RATE), rate=HEARING_RATE))


@cache
def _flite_voices() -> tuple[str, ...]:
    listed = subprocess.run(["flite", "-lv"], capture_output=True, text=True, timeout=10, check=False).stdout
    return tuple(listed.partition(":")[2].split())


def _with_pyttsx3(text: str, name: str, rate: int | None) -> Pcm:
    import soxr

    voice, events = _pyttsx3_voice(name)
    voice.need(Speech((text,), words_per_minute=rate))
    event = events.get()
    if isinstance(event, VoiceLost):
        raise VoiceUnavailable(event.reason)
    assert isinstance(event, Rendered)
    if event.samples is None:
        raise VoiceUnavailable("The speech engine could not say this text; try other words.")
    return to_pcm(soxr.resample(event.samples, SPEAKING_RATE, HEARING_RATE))


@cache
def _pyttsx3_voice(name: str) -> tuple[Voice, queue.SimpleQueue[VoiceEvent]]:
    """One child for each voice, for as long as the program runs."""
    events: queue.SimpleQueue[VoiceEvent] = queue.SimpleQueue()
    voice = Voice(events.put, voice=name or None)
    voice.start()
    voice.wait_ready()
    return voice, events
