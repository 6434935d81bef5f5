"""Whether a frame holds a voice, with WebRTC's own detector."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sound_pieces import in_a_room, read

from voice_coach.audio.ports import Pcm
from voice_coach.hearing.voice_activity import WebRtcActivity


def voiced_frames(sound: Pcm) -> int:
    activity = WebRtcActivity()
    return sum(activity(sound[at : at + 320]) for at in range(0, sound.size // 320 * 320, 320))


def noise(level: float, *, seconds: float = 10.0) -> Pcm:
    return np.random.default_rng(3).normal(0.0, level, round(16_000 * seconds)).astype(np.int16)


@pytest.mark.parametrize("level", [0.0, 3.0, 30.0, 1000.0])
def test_steady_noise_of_any_level_is_no_voice(level: float) -> None:
    assert voiced_frames(noise(level)) == 0


def test_a_very_quiet_microphone_still_hears_a_voice(words: Path) -> None:
    sound = in_a_room(read(sorted((words / "yes").iterdir())[0]))
    quiet = (sound / 60).astype(np.int16)
    assert voiced_frames(quiet) > 0.7 * voiced_frames(sound)


def test_direct_current_hides_no_voice(words: Path) -> None:
    sound = in_a_room((read(sorted((words / "no").iterdir())[0]) / 2).astype(np.int16))
    shifted = (sound + 9000).astype(np.int16)
    assert abs(voiced_frames(shifted) - voiced_frames(sound)) <= 5
