"""The microphone and the speaker of a session while they come and go.

In: news of a loss, and every frame. Out: which device is used now, and what happened to it. In place of a
lost microphone there is silence at a microphone's pace, in place of a lost speaker one that only counts
time: so audio time goes on, keys work and prompts are seen. A device is back once sound passes: one that
another program holds back opens all the same. Live devices are opened and closed on PortAudio's own thread,
and what came of it is looked at in the next frame: a sound server that hangs holds up nothing else. It
decides nothing about the session and speaks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Literal

from voice_coach.audio.absent import AbsentMicrophone
from voice_coach.audio.devices import rescan
from voice_coach.audio.ports import FRAME_SECONDS, AudioEvent, DeviceLost, Microphone, Pcm, Put, Speaker
from voice_coach.audio.serial_executor import PORTAUDIO, close_all
from voice_coach.audio.wavefile import WavSpeaker
from voice_coach.errors import SetupError

Change = Literal["microphone back", "speaker back", "microphone muted", "microphone sounding"]
Act = Callable[[], None]

WAYS = ("speaker", "microphone")
RETRY_FRAMES = round(0.5 / FRAME_SECONDS)
"""Between two tries to open a lost device."""
RESCAN_FRAMES = round(1.0 / FRAME_SECONDS)
"""Before the first look for new devices; twice as long before each next one, up to LONGEST_RESCAN_FRAMES."""
LONGEST_RESCAN_FRAMES = round(30.0 / FRAME_SECONDS)
REOPEN_FRAMES = round(2.0 / FRAME_SECONDS)
"""A device that was well and was closed for a moment is lost, where it is not open again by then."""
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
        """Both put on the session's queue by `put`, once they are open."""
        self._own_microphone, self._own_speaker = microphone, speaker
        self.microphone: Microphone = microphone
        self.speaker: Speaker = speaker
        self._put = put
        self._openings = dict.fromkeys(WAYS, 0)
        self._waited = 0
        self._rescan_after = RESCAN_FRAMES
        self._opening: Future[set[str]] | None = None
        """What is being opened; its result are those that are open."""
        self._reopened: set[str] = set()
        """Those in use that are closed and opened within it, of which the session need not know."""
        self._opening_frames = 0
        self._given_up: set[str] = set()
        """Those that were lost since it began: what has opened in it is closed again."""
        self._on_trial: set[str] = set()
        """Those away that are open again, until sound passes."""
        self._sounding = 0
        self._zeros = 0
        self._had_room = False
        self._muted = False
        self._heard_anything = False

    def open(self) -> None:
        """Start both. Raises SetupError in one sentence."""
        for which in WAYS:
            start = self._start(which)
            if self._own(which).live:
                PORTAUDIO.submit(start).result()
            else:
                start()

    @property
    def lost(self) -> list[str]:
        """Those of the two that are away."""
        return [which for which in WAYS if self._is_away(which)]

    @property
    def replaceable(self) -> bool:
        """Whether a session can wait for a lost device: time does not stand still without it."""
        return self._own_microphone.live

    @property
    def reopens_speaker(self) -> bool:
        """Whether the speaker is in use and closed for a moment: what is to be played has to wait."""
        return "speaker" in self._reopened

    @property
    def brings_nothing(self) -> bool:
        """Whether the microphone has given nothing but zeros since it was opened; told once."""
        there = not isinstance(self._own_microphone, AbsentMicrophone) and not self.lost
        nothing = there and self._own_microphone.live and not self._heard_anything
        self._heard_anything = self._heard_anything or nothing
        return nothing

    def lose(self, which: str) -> bool:
        """Put a stand-in in its place; False when it was away already, as the session knows."""
        known = self._is_away(which)
        self._openings[which] += 1
        self._given_up.add(which)
        self._on_trial.discard(which)
        self._reopened.discard(which)
        PORTAUDIO.submit(self._own(which).close)
        if known:
            return False
        if which == "microphone":
            self.microphone = AbsentMicrophone()
            self.microphone.open(self._put)
            self._forget_sound()
        else:
            self.speaker = WavSpeaker(None)
            self.speaker.open(self._put)
        self._waited, self._rescan_after = 0, RESCAN_FRAMES
        return True

    def frame(self, samples: Pcm, *, quiet: bool) -> list[Change]:
        """Take note of a frame; returns what has changed. `quiet`: nothing is being played."""
        self._look_at_opening(quiet=quiet)
        if self.lost:
            return self._try_again()
        return self._watch_for_zeros(samples) if self.microphone.live else []

    def close(self) -> None:
        """Let go of everything, without waiting long for a sound server that hangs."""
        own: list[Microphone | Speaker] = [self._own_microphone, self._own_speaker]
        self._openings = dict.fromkeys(WAYS, -1)
        if self._opening is not None:
            self._opening.cancel()
        for device in (self.microphone, self.speaker):
            if device not in own or not device.live:
                device.close()
        close_all([device.close for device in own if device.live])

    # -- coming back ------------------------------------------------------------------------------------

    def _try_again(self) -> list[Change]:
        self._waited += 1
        found = self._back()
        if not (found or self._on_trial or self._opening or self._waited % RETRY_FRAMES):
            self._open()
        return found

    def _open(self, reopen: Iterable[str] = (), *, anew: bool = False) -> None:
        """Try to open what is lost. `reopen`: close and open these too. `anew`: from a new list of them."""
        if self._opening is not None:
            return
        self._reopened, self._opening_frames = set(reopen), 0
        self._given_up.clear()
        closes = [self._own(which).close for which in self._reopened]
        wanted = self._reopened.union(self.lost)
        starts = {which: self._start(which) for which in WAYS if which in wanted}
        self._opening = PORTAUDIO.submit(partial(_opened, closes, starts, anew=anew))

    def _look_at_opening(self, *, quiet: bool) -> None:
        if self._opening is None:
            return
        self._opening_frames += 1
        if not self._opening.done():
            if self._opening_frames == REOPEN_FRAMES:
                self._miss(self._reopened)
            return
        opened = self._opening.result() - self._given_up
        self._opening = None
        self._miss(self._reopened - opened)
        self._on_trial |= opened.intersection(self.lost)
        self._reopened = set()
        nothing = self.lost and not self._on_trial and self._waited >= self._rescan_after
        if nothing and (quiet or "speaker" in self.lost):
            self._look_for_new_devices()

    def _look_for_new_devices(self) -> None:
        """PortAudio's list is made once: closing all and starting it anew makes a new one (45 to 70 ms)."""
        self._waited, self._rescan_after = 0, min(2 * self._rescan_after, LONGEST_RESCAN_FRAMES)
        well = [which for which in WAYS if not self._is_away(which) and self._own(which).live]
        self._open(well, anew=True)

    def _miss(self, reopened: set[str]) -> None:
        for which in reopened:
            self._put(DeviceLost(which, "it does not open again"))

    def _back(self) -> list[Change]:
        """Those on trial through which sound passes are used from now on."""
        changes: list[Change] = []
        if "speaker" in self._on_trial and self._own_speaker.passes:
            self.speaker.close()
            self.speaker = self._own_speaker
            changes.append("speaker back")
        if "microphone" in self._on_trial and self._own_microphone.passes:
            self.microphone.close()
            self.microphone = self._own_microphone
            changes.append("microphone back")
        self._on_trial.intersection_update(self.lost)
        return changes

    def _own(self, which: str) -> Microphone | Speaker:
        return self._own_microphone if which == "microphone" else self._own_speaker

    def _is_away(self, which: str) -> bool:
        used = self.microphone if which == "microphone" else self.speaker
        return used is not self._own(which)

    def _start(self, which: str) -> Act:
        return partial(self._own(which).open, self._put_of(which))

    def _put_of(self, which: str) -> Put:
        """For one opening: closing may come late, and what a device brings counts only while it is in use."""
        self._openings[which] += 1
        opening = self._openings[which]

        def put(event: AudioEvent) -> None:
            if self._openings[which] != opening:
                return
            if isinstance(event, DeviceLost) or not self._is_away(which):
                self._put(event)

        return put

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
            self._open(reopen=["microphone"])
        if self._had_room and self._zeros == ZERO_FRAMES and not self._muted:
            self._muted = True
            return ["microphone muted"]
        return []

    def _forget_sound(self) -> None:
        self._sounding = self._zeros = 0
        self._muted = False


def _opened(closes: list[Act], starts: dict[str, Act], *, anew: bool) -> set[str]:
    """On PortAudio's thread: which of them have opened."""
    for close in closes:
        close()
    if anew:
        rescan()
    return {which for which, start in starts.items() if _opens(start)}


def _opens(start: Act) -> bool:
    try:
        start()
    except SetupError:
        return False
    return True
