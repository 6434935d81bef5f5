"""A driver under pyttsx3's API that renders with eSpeak NG straight into memory.

In: pyttsx3's save_to_file and runAndWait. Out: samples, and no file: nothing spoken touches a disk, nothing
is played. pyttsx3's own driver synthesises on another thread and loses renders (0.1 % of them, and the first
one in two thirds of fresh processes); this one is synchronous and lost none in 3,000 (measured in the audio
study).

It leans on pyttsx3's internals (EspeakDriver, _espeak), so pyttsx3 is pinned to one version.
Importing it loads the eSpeak library: only the rendering child does so.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from pyttsx3.drivers import _espeak
from pyttsx3.drivers.espeak import EspeakDriver

DRIVER_NAME = "voice_coach_memory"
_BUFFER_MS = 1000


class MemoryDriver(EspeakDriver):  # type: ignore[misc]
    """eSpeak in synchronous mode: save_to_file returns when the samples are there."""

    def __init__(self, proxy: Any) -> None:
        """Start the library; raises RuntimeError when it has no data."""
        if not EspeakDriver._moduleInitialized:
            if _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MS) == -1:
                raise RuntimeError("eSpeak could not start")
            # No voice is current yet; the second name is that of the older eSpeak.
            known = _espeak.SetVoiceByName(b"gmw/en") == _espeak.EE_OK
            EspeakDriver._defaultVoice = "gmw/en" if known else "en"
            EspeakDriver._moduleInitialized = True
        self._chunks: list[bytes] = []
        super().__init__(proxy)

    def save_to_file(self, text: str, filename: str) -> None:
        """Synthesise now, into memory; the file name is pyttsx3's formality."""
        self._chunks.clear()
        if _espeak.Synth(text.encode(), flags=_espeak.CHARS_UTF8) != _espeak.EE_OK:
            raise RuntimeError("eSpeak refused the text")

    def take(self) -> bytes:
        """The int16 samples rendered last, at sample_rate(); they are forgotten here."""
        pcm = b"".join(self._chunks)
        self._chunks.clear()
        return pcm

    @staticmethod
    def variants() -> tuple[str, ...]:
        """The variants there are, by the names of their files: only these are found."""
        found = _espeak.ListVoices(_espeak.VOICE(languages=b"variant"))
        return tuple(voice.identifier.decode().rpartition("/")[2] for voice in found)

    @staticmethod
    def sample_rate() -> int:
        """Samples a second of the voice in use (22,050 for eSpeak's own voices)."""
        ask = getattr(_espeak.dll, "espeak_ng_GetSampleRate", None)
        return int(ask()) if ask is not None else 22_050

    def startLoop(self) -> None:
        """Carry out what is queued: every command is done when it returns."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:
        """There is no loop to end."""

    def stop(self) -> None:
        """There is nothing running to stop."""

    def _onSynth(self, wav: Any, count: int, events: Any) -> int:
        if count > 0:
            self._chunks.append(ctypes.string_at(wav, count * 2))
        return 0


def buildDriver(proxy: Any) -> MemoryDriver:
    """What pyttsx3 calls to make a driver."""
    return MemoryDriver(proxy)


def register() -> str:
    """Make pyttsx3.init(name) find this driver; returns the name."""
    sys.modules[f"pyttsx3.drivers.{DRIVER_NAME}"] = sys.modules[__name__]
    return DRIVER_NAME
