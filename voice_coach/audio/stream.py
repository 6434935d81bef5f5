"""What the device microphone and the device speaker share: a format the device takes, and news of its loss.

In: a PortAudio stream's callbacks. Out: DeviceLost, once, when the stream has ended by itself or stands
still.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from voice_coach.audio.devices import Device, Way, find_device, quiet_stderr
from voice_coach.audio.ports import DeviceLost, Put
from voice_coach.audio.sound_server import ROUTED, ServerWatch, has_real
from voice_coach.errors import SetupError

STALLED_SECONDS = 0.8
"""A stream that is alive but has not called back for so long is lost (seen once in the audio study): told
within a second."""
USUAL_RATES = (48_000, 44_100)
"""Tried where a device takes neither ours nor the one it says is its own."""
LOOKS = 8
"""How often the watch looks within that time. Looks are counted, not seconds: after sleep and wake, or when
the whole machine stood still, a stream gets them all anew."""


@dataclass(frozen=True)
class Format:
    """A rate and a number of channels that a device accepts."""

    rate: int
    channels: int


def find_real(which: Way, wanted: str | int | None) -> Device:
    """The device meant, where there is one: a sound server without any offers itself all the same."""
    device = find_device(which, wanted)
    if device.name in ROUTED and not has_real(which):
        raise SetupError(
            f"No {which} was found; connect one, or choose a sound file with wav:PATH.",
            notice=f"no_{which}",
        )
    return device


def find_format(sounddevice: Any, which: Way, device: Device, rate: int) -> Format:
    """`rate` and mono if the device takes them, else what it takes. Raises SetupError when none is known."""
    check = sounddevice.check_input_settings if which == "microphone" else sounddevice.check_output_settings
    own = round(sounddevice.query_devices(device.number)["default_samplerate"])
    most = device.inputs if which == "microphone" else device.outputs
    problem: Exception | None = None
    rates = dict.fromkeys((rate, own, *USUAL_RATES))
    for candidate in (Format(each, channels) for channels in (1, 2) for each in rates):
        if candidate.channels > most:
            continue
        try:
            with quiet_stderr():
                check(device=device.number, channels=candidate.channels, samplerate=candidate.rate)
        except (ValueError, sounddevice.PortAudioError) as refused:
            problem = refused
        else:
            return candidate
    raise cannot_open(which, device, problem)


def cannot_open(which: Way, device: Device, problem: Exception | None) -> SetupError:
    """The sentence for a device that is listed and will not open."""
    return SetupError(
        f'The {which} "{device.name}" cannot be opened ({problem}); '
        "close other programs that use it, or choose another."
    )


class LossWatch:
    """Tells of a lost device once, within a second.

    Its stream finished unasked, no callback comes any more, or the sound server says that it has gone.
    """

    def __init__(self, which: Way, put: Put, device: Device) -> None:
        """Watch from start() on."""
        self._which = which
        self._put = put
        self._server = ServerWatch(which, self._tell) if device.name in ROUTED else None
        self._told = threading.Event()
        self._beats = 0
        self._thread = threading.Thread(target=self._watch, daemon=True, name=f"{which}-watch")

    def start(self) -> None:
        """Begin to expect callbacks."""
        self._thread.start()
        if self._server is not None:
            self._server.start()

    def beat(self) -> None:
        """A callback came."""
        self._beats += 1

    def finished(self) -> None:
        """The stream ended (PortAudio's finished_callback); a loss unless over() was called before."""
        self._tell("the device went away")

    def over(self) -> None:
        """We are closing the stream ourselves: say nothing more."""
        self._told.set()
        if self._server is not None:
            self._server.close()

    @property
    def beats(self) -> int:
        """Callbacks so far."""
        return self._beats

    @property
    def lost(self) -> bool:
        """Whether no more callbacks are to be expected."""
        return self._told.is_set()

    def _watch(self) -> None:
        seen, looks = -1, 0
        while not self._told.wait(STALLED_SECONDS / LOOKS):
            looks = looks + 1 if self._beats == seen else 0
            seen = self._beats
            if looks >= LOOKS:
                self._tell("no sound passes any more")

    def _tell(self, reason: str) -> None:
        if not self._told.is_set():
            self._told.set()
            self._put(DeviceLost(self._which, reason))
