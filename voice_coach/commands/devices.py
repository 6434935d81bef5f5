"""voice-coach devices: the microphones and speakers there are."""

from __future__ import annotations

import argparse


def run(given: argparse.Namespace) -> int:
    """List them, one a line."""
    from voice_coach.audio.devices import list_devices

    found = list_devices()
    if not found:
        print("No sound devices were found; a session can still be held with: voice-coach text")
    for device in found:
        marks = [
            *(["microphone"] if device.inputs else []),
            *(["speaker"] if device.outputs else []),
            *(["default microphone"] if device.default_input else []),
            *(["default speaker"] if device.default_output else []),
        ]
        print(f"{device.number:3}  {device.name}  ({', '.join(marks)})")
    return 0
