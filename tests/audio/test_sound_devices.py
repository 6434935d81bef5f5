"""Choosing devices: names, numbers, and what a machine lacks, each one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from virtual_sound_card import SoundCard

from voice_coach.audio.devices import list_devices, open_microphone, open_speaker
from voice_coach.audio.microphone import DeviceMicrophone
from voice_coach.audio.speaker import DeviceSpeaker
from voice_coach.audio.wavefile import WavMicrophone, WavSpeaker
from voice_coach.errors import SetupError


def test_a_setting_names_a_file_a_device_or_silence(tmp_path: Path) -> None:
    assert isinstance(open_microphone(f"wav:{tmp_path}/a.wav"), WavMicrophone)
    assert isinstance(open_speaker(f"wav:{tmp_path}/a.wav"), WavSpeaker)
    assert isinstance(open_speaker("none"), WavSpeaker)
    assert isinstance(open_microphone(), DeviceMicrophone)
    assert isinstance(open_speaker("headset"), DeviceSpeaker)


def test_the_card_is_listed_with_its_defaults(sound_card: SoundCard) -> None:
    devices = list_devices()
    assert {"pulse", "default"} <= {device.name for device in devices}
    assert [device.name for device in devices if device.default_input] == ["default"]
    assert [device.number for device in devices] == list(range(len(devices)))


def test_a_device_is_found_by_number_and_by_part_of_its_name(sound_card: SoundCard) -> None:
    for spec in (None, "PULSE", "efaul", str(list_devices()[0].number)):
        microphone = open_microphone(spec)
        microphone.open(lambda event: None)
        microphone.close()


def test_a_name_of_two_devices_lists_both(sound_card: SoundCard) -> None:
    with pytest.raises(SetupError) as caught:
        open_speaker("ul").open(lambda event: None)
    assert "pulse" in str(caught.value)
    assert "default" in str(caught.value)


@pytest.mark.parametrize("way", ["--microphone", "--speaker"])
def test_waiting_does_not_begin_with_a_name_of_two_devices(sound_card: SoundCard, way: str) -> None:
    waiting = subprocess.run(
        [sys.executable, "-m", "voice_coach", "wait", way, "ul"],
        env=sound_card.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert waiting.returncode == 2
    assert "more than one" in waiting.stderr


@pytest.mark.parametrize("spec", ["headset", "99"])
def test_a_name_of_no_device_lists_those_there_are(sound_card: SoundCard, spec: str) -> None:
    with pytest.raises(SetupError, match=r"there are: .*pulse"):
        open_microphone(spec).open(lambda event: None)


WITHOUT_DEVICES = """
from voice_coach.audio.devices import open_microphone, open_speaker
from voice_coach.errors import SetupError
for part in (open_microphone(), open_speaker()):
    try:
        part.open(print)
    except SetupError as error:
        print(error)
"""
WITHOUT_PORTAUDIO = "import ctypes.util; ctypes.util.find_library = lambda name: None\n" + WITHOUT_DEVICES


def run(script: str) -> subprocess.CompletedProcess[str]:
    # A machine without a sound server: ALSA finds no card in this environment.
    bare = {"PATH": "/usr/bin:/bin", "PULSE_SERVER": "unix:/nonexistent", "HOME": "/nonexistent"}
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False, env=bare
    )


def test_without_portaudio_the_package_is_named() -> None:
    result = run(WITHOUT_PORTAUDIO)
    assert result.stdout.count("libportaudio2") == 4
    assert result.stderr == ""


@pytest.mark.skipif(Path("/proc/asound/cards").exists(), reason="this machine has a sound card")
def test_without_a_device_it_says_so_and_the_libraries_say_nothing() -> None:
    result = run(WITHOUT_DEVICES)
    assert "No microphone was found" in result.stdout
    assert "No speaker was found" in result.stdout
    assert result.stderr == ""
