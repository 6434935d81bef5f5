"""Devices lost over and over: the place is kept each time, and nothing is left behind."""

from __future__ import annotations

import os
import threading
import time

from live_session import live_session
from virtual_sound_card import MICROPHONE, SPEAKER, SoundCard


def held() -> tuple[int, int]:
    """Open files and threads of this process."""
    return len(os.listdir("/proc/self/fd")), threading.active_count()


def test_six_losses_in_a_row_are_six_recoveries_at_the_same_place(sound_card: SoundCard) -> None:
    with live_session() as live:
        live.wait("prompt", state="WELCOME")
        before = held()
        for which, device in [("microphone", MICROPHONE), ("speaker", SPEAKER)] * 3:
            sound_card.unplug(device)
            live.wait("device", which=which, what="lost")
            live.wait("state", name="PAUSED")
            sound_card.plug(device)
            live.wait("device", which=which, what="back")
            live.wait("state", name="WELCOME")
        end = time.monotonic() + 20
        # The watch of a device that went lets go of its pipe on a thread of its own.
        while held() > before and time.monotonic() < end:
            time.sleep(0.05)
        after = held()
    assert after[0] <= before[0]
    assert after[1] <= before[1]
