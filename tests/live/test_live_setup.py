"""A first minute on a new device, by voice, through PortAudio on a virtual sound card."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from live_person import LivePerson
from virtual_sound_card import SoundCard

from voice_coach.settings_file import read_settings

ANSWERS = {
    "SETUP_HEAR": ["yes"],
    "SETUP_SPEAK": ["hello"],
    "SETUP_WHO": ["shared"],
    "SETUP_PACE": ["longer please"],
}
LONGEST_SECONDS = 120.0
"""Of sound: a set-up takes two minutes at most."""


@pytest.mark.timeout(240)
def test_a_person_sets_the_device_up_by_voice_alone(sound_card: SoundCard, tmp_path: Path) -> None:
    log = tmp_path / "events"
    guide = subprocess.Popen(
        [
            *(sys.executable, "-m", "voice_coach", "setup"),
            "--events",
            str(log),
            "--recognizer",
            "pocketsphinx",
        ],
        env=sound_card.environment | {"XDG_CONFIG_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    person = LivePerson(sound_card.mouth(), log, ANSWERS)
    events = person.converse(lambda: guide.poll() is None, at_most=180)
    if guide.poll() is None:
        guide.kill()
        pytest.fail("it does not come to an end:\n" + "\n".join(map(str, events)))
    assert guide.wait(10) == 0, guide.communicate()[1]

    heard = {event["state"]: event["intent"] for event in events if event["event"] == "heard"}
    assert heard["SETUP_SPEAK"] == "HELLO", "the microphone is proved by a hello that was understood"
    assert heard["SETUP_WHO"] == "SHARED"
    values = read_settings(tmp_path / "voice-coach" / "settings.toml")
    assert (values["personal"], values["notes"], values["patience"]) == (False, False, 2.0)
    assert events[-1]["seconds"] <= LONGEST_SECONDS
