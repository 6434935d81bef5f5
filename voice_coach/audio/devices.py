"""Which sound devices there are, and the microphone or speaker a setting asks for.

In: a setting (nothing, a number, part of a name, wav:PATH, none). Out: a Microphone or Speaker, not started.
sounddevice is imported only here and only when a device is wanted; its noise on standard error stays away
from the person.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from voice_coach.audio.ports import Microphone, Overhear, Speaker, nobody_overhears
from voice_coach.audio.shared_memory import look_for_room
from voice_coach.errors import SetupError

Way = Literal["microphone", "speaker"]

_HUSHED = threading.Event()
"""Set while standard error leads nowhere for a whole session."""


@dataclass(frozen=True)
class Device:
    """One sound device as PortAudio lists it."""

    number: int
    name: str
    inputs: int
    """Channels it can record."""
    outputs: int
    """Channels it can play."""
    default_input: bool
    default_output: bool


def open_microphone(spec: str | None = None, *, relaxed: bool = False) -> Microphone:
    """The microphone a setting names, not started: None (default), a number, part of a name, wav:PATH.

    `relaxed`: a live one may bring its frames a few at a time, for less work.
    """
    if spec is not None and spec.startswith("wav:"):
        from voice_coach.audio.wavefile import WavMicrophone

        return WavMicrophone(os.path.expanduser(spec.removeprefix("wav:")))
    from voice_coach.audio.microphone import DeviceMicrophone

    return DeviceMicrophone(_number_or_name(spec), relaxed=relaxed)


def open_speaker(
    spec: str | None = None, *, paced: bool = False, overhear: Overhear = nobody_overhears
) -> Speaker:
    """The speaker a setting names, not started: as open_microphone, and "none" for silence.

    `paced`: its tick() lets the device set the pace (a pulled microphone with a live speaker).
    `overhear` is given what is really played.
    """
    if spec == "none" or (spec is not None and spec.startswith("wav:")):
        from voice_coach.audio.wavefile import WavSpeaker

        path = None if spec == "none" else os.path.expanduser(spec.removeprefix("wav:"))
        return WavSpeaker(path, overhear)
    from voice_coach.audio.speaker import DeviceSpeaker

    return DeviceSpeaker(_number_or_name(spec), paced=paced, overhear=overhear)


def list_devices() -> list[Device]:
    """Every device there is, in PortAudio's order. Raises SetupError when PortAudio is missing."""
    sounddevice = load_sounddevice()
    default_in, default_out = sounddevice.default.device
    return [
        Device(
            number=number,
            name=info["name"],
            inputs=info["max_input_channels"],
            outputs=info["max_output_channels"],
            default_input=number == default_in,
            default_output=number == default_out,
        )
        for number, info in enumerate(sounddevice.query_devices())
    ]


def find_device(which: Way, wanted: str | int | None) -> Device:
    """The one device meant by `wanted` (None: the default one). Raises SetupError in one sentence."""
    able = [device for device in list_devices() if _able(device, which)]
    if not able:
        raise SetupError(
            f"No {which} was found; connect one, or choose a sound file with wav:PATH.",
            notice=f"no_{which}",
        )
    if wanted is None:
        for device in able:
            if device.default_input if which == "microphone" else device.default_output:
                return device
        return able[0]
    if isinstance(wanted, int):
        found = [device for device in able if device.number == wanted]
    else:
        found = _named(able, wanted)
    if not found:
        raise SetupError(f'No {which} is called "{wanted}"; there are: {_names(able)}.')
    if len({device.name for device in found}) > 1:
        raise SetupError(
            f'"{wanted}" could be more than one {which}: {_names(found)}; give its number.', notice="several"
        )
    return found[0]


def speaker_fault(spec: str | None) -> SetupError | None:
    """Why the speaker that a setting names could not be opened now; None where one is found or none named."""
    wanted = None if spec == "none" or (spec or "").startswith("wav:") else _number_or_name(spec)
    if wanted is None:
        return None
    try:
        find_device("speaker", wanted)
    except SetupError as fault:
        return fault
    return None


def rescan() -> None:
    """Look for devices again (after one was lost). Close every stream first."""
    sounddevice = load_sounddevice()
    with quiet_stderr():
        sounddevice._terminate()
        # Not its _initialize(), which turns standard error away and back by itself: where it hangs, back is
        # when somebody else has it.
        sounddevice._check(sounddevice._lib.Pa_Initialize(), "Error initializing PortAudio")
        sounddevice._initialized += 1


def leave_open() -> None:
    """At the program's end, leave open what is: where closing hangs, the program would never end."""
    with contextlib.suppress(KeyError, AttributeError):
        atexit.unregister(sys.modules["sounddevice"]._exit_handler)


def load_sounddevice(which: Way = "speaker") -> Any:
    """The sounddevice module. Raises SetupError without its library, RunError where it has no room."""
    if "sounddevice" not in sys.modules:
        look_for_room(notice=f"no_{which}")
    try:
        with quiet_stderr():
            import sounddevice
    except OSError as problem:
        cure = (
            "install libportaudio2 (on Debian or Ubuntu: sudo apt install libportaudio2)"
            if sys.platform.startswith("linux")
            else "reinstall the Python package sounddevice"
        )
        raise SetupError(
            f"The PortAudio library is missing, so no sound device can be used; {cure}."
        ) from problem
    return sounddevice


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send what C libraries print on standard error nowhere, for the length of the block.

    Within libraries_hushed() there is nothing to do, nor to undo: a block that hangs may end after it.
    """
    if _HUSHED.is_set():
        yield
        return
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextlib.contextmanager
def libraries_hushed() -> Iterator[None]:
    """For a whole session: what sound libraries print when a device goes is not for the person.

    They write to the file behind standard error from threads of their own. It leads nowhere meanwhile, and
    Python's own standard error leads where it led before.
    """
    shown = sys.stderr
    try:
        if shown.fileno() != 2:
            raise OSError
        kept = os.dup(2)
    except (OSError, AttributeError, ValueError):
        with quiet_stderr(), _no_more_to_hush():
            yield
        return
    with os.fdopen(kept, "w", buffering=1, encoding=shown.encoding, errors="backslashreplace") as own:
        sys.stderr = own
        try:
            with quiet_stderr(), _no_more_to_hush():
                yield
        finally:
            sys.stderr = shown


@contextlib.contextmanager
def _no_more_to_hush() -> Iterator[None]:
    _HUSHED.set()
    try:
        yield
    finally:
        _HUSHED.clear()


def _number_or_name(spec: str | None) -> str | int | None:
    if spec is None or not spec.strip():
        return None
    return int(spec) if spec.strip().isdecimal() else spec.strip()


def _able(device: Device, which: Way) -> bool:
    return (device.inputs if which == "microphone" else device.outputs) > 0


def _named(devices: list[Device], wanted: str) -> list[Device]:
    lowered = wanted.casefold()
    whole = [device for device in devices if device.name.casefold() == lowered]
    return whole or [device for device in devices if lowered in device.name.casefold()]


def _names(devices: list[Device]) -> str:
    return ", ".join(f"{device.number} {device.name}" for device in devices)
