"""Whether a frame holds a voice where the room is loud: WebRTC and RNNoise must both hear one.

In: frames of 320 int16 samples in order. Out: True or False for each.
Dishes and running water are voices to WebRTC's detector: of pieces at 10 dB under dishes one in ten did not
end within a second after the words. RNNoise tells them apart. It listens only while the other hears
something, and never in a quiet room, where a whisper counts as well. It keeps 0.3 s of sound.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from voice_coach.audio.ports import Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.noise_suppression import VoiceNet, find_voice_net
from voice_coach.hearing.voice_activity import WebRtcActivity

LOUD_ROOM_DBFS = -62.0
"""A room that is quieter is left to WebRTC's detector alone."""
LEAST_VOICE = 0.5
"""RNNoise's probability of a voice in one of the last RECENT frames."""
RECENT = 8
BEFORE_FRAMES = 15
"""It hears 0.3 s of what came before, to know the room."""
SETTLED_FRAMES = 16
"""Until it has heard so many frames it closes nothing: it takes all sound for a voice at first."""
LONG_FRAMES = 10
"""It need not listen to a sound that is shorter."""
QUIET_FRAMES = 15


class NoisyRoomActivity:
    """A voice activity detector to be called with every frame, in order."""

    def __init__(self, usual: WebRtcActivity, make: Callable[[], VoiceNet]) -> None:
        """`make` gives a network that has heard nothing yet; called where a room is loud first.

        Where it raises SetupError, as the library is broken, WebRTC's detector goes on alone.
        """
        self._usual = usual
        self._make: Callable[[], VoiceNet] | None = make
        self._net: VoiceNet | None = None
        self._before = deque[Pcm](maxlen=BEFORE_FRAMES)
        self._recent = deque[float](maxlen=RECENT)
        self._heard = self._quiet = self._sound = 0

    def __call__(self, frame: Pcm) -> bool:
        """Whether this frame (320 int16 samples) holds a voice."""
        voiced = self._usual(frame)
        self._quiet = 0 if voiced else self._quiet + 1
        self._sound = self._sound + 1 if self._quiet < QUIET_FRAMES else 0
        if self._sound < LONG_FRAMES or self._usual.room < LOUD_ROOM_DBFS:
            self._heard = 0
            self._before.append(frame)
            return voiced
        if not self._heard:
            self._wake()
        if self._net is None:
            return voiced
        self._recent.append(self._net.voice(frame))
        self._heard += 1
        return voiced and (self._heard < SETTLED_FRAMES or max(self._recent) >= LEAST_VOICE)

    def _wake(self) -> None:
        self._recent.clear()
        if self._net is None and self._make is not None:
            try:
                self._net = self._make()
            except SetupError:
                self._make = None
        while self._before and self._net is not None:
            self._recent.append(self._net.voice(self._before.popleft()))
            self._heard += 1


def choose_activity(noise_suppression: str) -> Callable[[Pcm], bool]:
    """RNNoise beside WebRTC's detector where noise suppression is "auto" and it is installed.

    Where it is "on", the frames come cleaned already.
    """
    make = find_voice_net() if noise_suppression == "auto" else None
    return WebRtcActivity() if make is None else NoisyRoomActivity(WebRtcActivity(), make)
