"""The microphone and the speaker of a session while they come and go.

In: news of a loss, and every frame. Out: which device is used now, and what happened to it. In place of a
lost microphone there is silence at a microphone's pace, in place of a lost speaker one that only counts
time: so audio time goes on, keys work and prompts are seen. A device is back once sound passes: one that
another program holds back opens all the same. It decides nothing about the session and speaks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from voice_coach.audio.absent import AbsentMicrophone
from voice_coach.audio.devices import rescan
from voice_coach.audio.ports import FRAME_SECONDS, DeviceLost, Microphone, Pcm, Put, Speaker
from voice_coach.audio.wavefile import WavSpeaker
from voice_coach.errors import SetupError

Change = Literal["microphone back", "speaker back", "microphone muted", "microphone sounding"]

RETRY_FRAMES = round(0.5 / FRAME_SECONDS)
"""Between two tries to open a lost device."""
RESCAN_FRAMES = round(1.0 / FRAME_SECONDS)
"""Before the first look for new devices; twice as long before each next one, up to LONGEST_RESCAN_FRAMES."""
LONGEST_RESCAN_FRAMES = round(30.0 / FRAME_SECONDS)
ROOM_FRAMES = round(10.0 / FRAME_SECONDS)
"""A microphone that has brought sound in every frame for so long has a room's noise: zeros are no quiet."""
ZERO_FRAMES = round(0.9 / FRAME_SECONDS)
"""Only zeros for so long, where there was a room: it is muted, or gives nothing any more."""
SOUND_FRAMES = 5
"""Frames in a row that hold something: it is back."""
REOPEN_MUTED_FRAMES = round(5.0 / FRAME_SECONDS)
"""Some systems give zeros for a device that went away: a muted one is opened anew now and then."""


class Devices:
    """Holds the two devices, and opens them again."""

    def __init__(self, microphone: Microphone, speaker: Speaker, put: Put) -> None:
        """Both are open already and put on the session's queue."""
        self._own_microphone, self._own_speaker = microphone, speaker
        self.microphone: Microphone = microphone
        self.speaker: Speaker = speaker
        self._put = put
        self._waited = 0
        self._rescan_after = RESCAN_FRAMES
        self._on_trial: set[str] = set()
        """Those away that are open again, until sound passes."""
        self._untold: set[str] = set()
        """Those that a look at what devices there are has closed for good: the session is to be told."""
        self._sounding = 0
        self._zeros = 0
        self._had_room = False
        self._muted = False
        self._heard_anything = False

    @property
    def lost(self) -> list[str]:
        """microphone, speaker: those that are away."""
        away = [("microphone", self.microphone is not self._own_microphone)]
        away.append(("speaker", self.speaker is not self._own_speaker))
        return [which for which, gone in away if gone]

    @property
    def replaceable(self) -> bool:
        """Whether a session can wait for a lost device: time does not stand still without it."""
        return self._own_microphone.live

    @property
    def brings_nothing(self) -> bool:
        """Whether the microphone has given nothing but zeros since it was opened; told once."""
        there = not isinstance(self._own_microphone, AbsentMicrophone) and not self.lost
        nothing = there and self._own_microphone.live and not self._heard_anything
        self._heard_anything = self._heard_anything or nothing
        return nothing

    def lose(self, which: str) -> bool:
        """Put a stand-in in its place; False when it was away already, as the session knows."""
        if which in self.lost:
            if which in self._on_trial:
                self._on_trial.discard(which)
                self._own(which).close()
            news = which in self._untold
            self._untold.discard(which)
            return news
        if which == "microphone":
            self._own_microphone.close()
            self.microphone = AbsentMicrophone()
            self.microphone.open(self._put)
            self._forget_sound()
        else:
            self._own_speaker.close()
            self.speaker = WavSpeaker(None)
            self.speaker.open(self._put)
        self._waited, self._rescan_after = 0, RESCAN_FRAMES
        return True

    def frame(self, samples: Pcm, *, quiet: bool) -> list[Change]:
        """Take note of a frame; returns what has changed. `quiet`: nothing is being played."""
        changes: list[Change] = []
        if self.lost:
            changes = self._try_again(quiet=quiet)
        elif self.microphone.live:
            changes = self._watch_for_zeros(samples)
        return changes

    def close(self) -> None:
        """Let go of everything."""
        for device in (self.microphone, self.speaker, self._own_microphone, self._own_speaker):
            device.close()

    # -- coming back ------------------------------------------------------------------------------------

    def _try_again(self, *, quiet: bool) -> list[Change]:
        self._waited += 1
        found = self._back()
        if found or self._on_trial or self._waited % RETRY_FRAMES:
            return found
        self._open_lost()
        nothing = not self._on_trial and self._waited >= self._rescan_after
        if nothing and (quiet or "speaker" in self.lost):
            self._waited, self._rescan_after = 0, min(2 * self._rescan_after, LONGEST_RESCAN_FRAMES)
            self._look_for_new_devices()
            self._open_lost()
        return []

    def _open_lost(self) -> None:
        if "speaker" in self.lost and self._opens(self._own_speaker.open):
            self._on_trial.add("speaker")
        if "microphone" in self.lost and self._opens(self._own_microphone.open):
            self._on_trial.add("microphone")

    def _back(self) -> list[Change]:
        """Those on trial through which sound passes are used from now on."""
        changes: list[Change] = []
        if "speaker" in self._on_trial and self._own_speaker.passes:
            self._use_own("speaker")
            changes.append("speaker back")
        if "microphone" in self._on_trial and self._own_microphone.passes:
            self._use_own("microphone")
            changes.append("microphone back")
        return changes

    def _use_own(self, which: str) -> None:
        self._on_trial.discard(which)
        if which == "speaker":
            self.speaker.close()
            self.speaker = self._own_speaker
        else:
            self.microphone.close()
            self.microphone = self._own_microphone

    def _own(self, which: str) -> Microphone | Speaker:
        return self._own_microphone if which == "microphone" else self._own_speaker

    def _opens(self, start: Callable[[Put], None]) -> bool:
        try:
            start(self._put)
        except SetupError:
            return False
        return True

    def _look_for_new_devices(self) -> None:
        """PortAudio's list is made once: closing all and starting it anew makes a new one (45 to 70 ms)."""
        well = [which for which in ("microphone", "speaker") if which not in self.lost]
        for which in well:
            self.lose(which)
        rescan()
        for which in well:
            if self._opens(self._own(which).open):
                self._use_own(which)
            else:
                self._untold.add(which)
                self._put(DeviceLost(which, "it does not open again"))

    # -- a microphone that brings nothing ---------------------------------------------------------------

    def _watch_for_zeros(self, samples: Pcm) -> list[Change]:
        if samples.any():
            self._heard_anything = True
            self._sounding += 1
            self._zeros = 0
            if self._muted and self._sounding >= SOUND_FRAMES:
                self._muted = False
                return ["microphone sounding"]
            return []
        if self._zeros == 0:
            self._had_room = self._sounding >= ROOM_FRAMES
        self._sounding = 0
        self._zeros += 1
        if self._muted and self._zeros % REOPEN_MUTED_FRAMES == 0:
            self._reopen_microphone()
        if self._had_room and self._zeros == ZERO_FRAMES and not self._muted:
            self._muted = True
            return ["microphone muted"]
        return []

    def _reopen_microphone(self) -> None:
        self._own_microphone.close()
        if not self._opens(self._own_microphone.open):
            self.lose("microphone")

    def _forget_sound(self) -> None:
        self._sounding = self._zeros = 0
        self._muted = False
