"""A live speaker through PortAudio: one stream kept open, one clip at a time.

In: clips (float32, 22.05 kHz, mono). Out: sound; PlaybackEnded when the last sample has been heard;
DeviceLost. A stop takes effect within the next 10 ms block. It never plays louder than -3 dBFS.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice_coach.audio.clip import Clip
from voice_coach.audio.devices import load_sounddevice, quiet_stderr
from voice_coach.audio.ports import (
    FRAME_SECONDS,
    SPEAKING_RATE,
    Overhear,
    PlaybackEnded,
    Put,
    Samples,
    nobody_overhears,
)
from voice_coach.audio.stream import STALLED_SECONDS, LossWatch, cannot_open, find_format, find_real

BLOCK_SECONDS = 0.01
"""Half a frame: on the virtual sound card a clip is heard 30 ms after play() and silent 39 ms after stop(),
against 58 and 65 ms with blocks of 20 ms, for one percent of a core."""
_LONGEST_LATENCY = 1.0
"""Seconds; a device that claims more is not believed."""
_SURELY_PLAYED = 0.05
"""Seconds taken beyond twice the device's latency: more than its buffer holds, so they were played."""


class DeviceSpeaker:
    """The default device, or one chosen by number or part of its name."""

    live = True

    def __init__(
        self,
        device: str | int | None = None,
        *,
        paced: bool = False,
        overhear: Overhear = nobody_overhears,
    ) -> None:
        """Name the device. `paced`: tick() waits for the device (a pulled microphone with a live speaker)."""
        self._wanted = device
        self._paced = paced
        self._overhear = overhear
        self._stream: Any = None
        self._watch: LossWatch | None = None
        self._rate = SPEAKING_RATE
        self._clip: Clip | None = None
        self._taken = threading.Semaphore(0)
        self.underflows = 0
        """How often the device ran dry because the callback came too late."""

    @property
    def passes(self) -> bool:
        """Whether it plays: a device that another program holds back only fills its buffer (0.03 s)."""
        stream, watch = self._stream, self._watch
        if stream is None or watch is None:
            return False
        buffered = 2 * min(float(stream.latency), _LONGEST_LATENCY)
        return watch.beats * BLOCK_SECONDS > buffered + _SURELY_PLAYED

    def open(self, put: Put) -> None:
        """Start the stream; it plays silence until play(). Raises SetupError in one sentence."""
        sounddevice = load_sounddevice()
        device = find_real("speaker", self._wanted)
        chosen = find_format(sounddevice, "speaker", device, SPEAKING_RATE)
        self._rate = chosen.rate
        self._clip = None
        watch = LossWatch("speaker", put, device)
        out = _Output(self, put, watch)

        def finished() -> None:
            watch.finished()
            self._taken.release()

        try:
            with quiet_stderr():
                self._stream = sounddevice.OutputStream(
                    device=device.number,
                    samplerate=chosen.rate,
                    channels=chosen.channels,
                    dtype="float32",
                    blocksize=round(chosen.rate * BLOCK_SECONDS),
                    latency="low",
                    callback=out.callback,
                    finished_callback=finished,
                )
                self._stream.start()
        except sounddevice.PortAudioError as problem:
            watch.over()
            self.close()
            raise cannot_open("speaker", device, problem) from problem
        self._watch = watch
        watch.start()

    def play(self, clip: int, samples: Samples) -> None:
        """Begin a clip at SPEAKING_RATE (the one before must have ended)."""
        assert self._clip is None, "a clip is still playing"
        if self._rate != SPEAKING_RATE:
            import soxr

            samples = soxr.resample(samples, SPEAKING_RATE, self._rate)
        self._clip = Clip(clip, samples, self._rate)

    def stop(self) -> None:
        """Fade out within the next block; PlaybackEnded(cut=True) follows if a clip was playing."""
        clip = self._clip
        if clip is not None:
            clip.stop()

    def tick(self) -> None:
        """Paced: wait until the device has taken one more frame (at once when it is lost). Else: return."""
        if self._paced and self._watch is not None and not self._watch.lost:
            self._taken.acquire(timeout=STALLED_SECONDS)

    def close(self) -> None:
        """Let go of the device; open() may follow."""
        if self._watch is not None:
            self._watch.over()
            self._watch = None
        if self._stream is not None:
            with quiet_stderr():
                self._stream.abort(ignore_errors=True)
                self._stream.close(ignore_errors=True)
            self._stream = None
        self._clip = None


class _Output:
    """PortAudio's callback: fills blocks and counts down until a clip's end has been heard."""

    def __init__(self, speaker: DeviceSpeaker, put: Put, watch: LossWatch) -> None:
        self._speaker = speaker
        self._put = put
        self._watch = watch
        self._frame = round(speaker._rate * FRAME_SECONDS)
        self._taken = 0
        self._unheard = 0
        """Samples still to pass before the end of the clip reaches the ear."""

    def callback(self, block: NDArray[np.float32], count: int, time: Any, status: Any) -> None:
        speaker = self._speaker
        self._watch.beat()
        if status:
            speaker.underflows += 1
        clip = speaker._clip
        if clip is None:
            block.fill(0.0)
        elif not clip.ended:
            filled = clip.fill(block[:, 0])
            block[:, 1:] = block[:, :1]
            self._unheard = filled + self._latency(time)
        else:
            block.fill(0.0)
            self._unheard -= count
            if self._unheard <= 0:
                speaker._clip = None
                self._put(PlaybackEnded(clip.number, self._played(clip), clip.cut))
        speaker._overhear(block[:, 0], speaker._rate)
        if speaker._paced:
            self._taken += count
            while self._taken >= self._frame:
                self._taken -= self._frame
                speaker._taken.release()

    def _latency(self, time: Any) -> int:
        """Samples between this block's first sample and the ear, as the device tells."""
        seconds = time.outputBufferDacTime - time.currentTime
        if not 0.0 < seconds < _LONGEST_LATENCY:
            seconds = self._speaker._stream.latency
        return round(min(float(seconds), _LONGEST_LATENCY) * self._speaker._rate)

    def _played(self, clip: Clip) -> int:
        return round(clip.played * SPEAKING_RATE / self._speaker._rate)
