"""A live microphone through PortAudio.

In: a device. Out: FrameArrived for every 20 ms of sound (int16, 16 kHz, mono), DeviceLost when it goes away.
The callback puts and does nothing else; no sound is kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice_coach.audio.devices import load_sounddevice, quiet_stderr
from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, FrameArrived, Pcm, Put
from voice_coach.audio.stream import LossWatch, cannot_open, find_format, find_real
from voice_coach.audio.wavefile import HEARING_FRAME, to_pcm


class DeviceMicrophone:
    """The default device, or one chosen by number or part of its name."""

    live = True

    def __init__(self, device: str | int | None = None, *, relaxed: bool = False) -> None:
        """Name the device; it is looked up anew by every open(), so that a replugged one is found.

        `relaxed`: five frames at a time, for waiting at little cost.
        """
        self._wanted = device
        self._frames_a_block = 5 if relaxed else 1
        self._stream: Any = None
        self._watch: LossWatch | None = None
        self.overflows = 0
        """How often sound was lost because nobody took it in time."""

    @property
    def passes(self) -> bool:
        """Whether sound has come: a device that another program holds back opens, and brings none."""
        return self._watch is not None and self._watch.beats > 0

    def open(self, put: Put) -> None:
        """Start; FrameArrived is put from now on. Raises SetupError in one sentence."""
        sounddevice = load_sounddevice("microphone")
        device = find_real("microphone", self._wanted)
        chosen = find_format(sounddevice, "microphone", device, HEARING_RATE)
        watch = LossWatch("microphone", put, device)
        frames = _Frames(chosen.rate)

        def callback(sound: NDArray[np.float32], _count: int, _time: Any, status: Any) -> None:
            watch.beat()
            if status:
                self.overflows += 1
            for frame in frames.cut(sound):
                put(FrameArrived(frame))

        try:
            with quiet_stderr():
                # An input stream of its own: one duplex stream died or spun on ALSA over PulseAudio.
                # 20 ms blocks at low latency: 10 ms from sound to callback, no overflow (the audio study).
                self._stream = sounddevice.InputStream(
                    device=device.number,
                    samplerate=chosen.rate,
                    channels=chosen.channels,
                    dtype="float32",
                    blocksize=round(chosen.rate * FRAME_SECONDS) * self._frames_a_block,
                    latency="low" if self._frames_a_block == 1 else "high",
                    callback=callback,
                    finished_callback=watch.finished,
                )
                self._stream.start()
        except sounddevice.PortAudioError as problem:
            watch.over()
            self.close()
            raise cannot_open("microphone", device, problem) from problem
        self._watch = watch
        watch.start()

    def read(self) -> Pcm:
        """Not for a live microphone: its frames are put."""
        raise NotImplementedError("a live microphone puts its frames")

    def close(self) -> None:
        """Stop and let go of the device; open() may follow."""
        if self._watch is not None:
            self._watch.over()
            self._watch = None
        if self._stream is not None:
            with quiet_stderr():
                self._stream.abort(ignore_errors=True)
                self._stream.close(ignore_errors=True)
            self._stream = None


class _Frames:
    """Blocks at the device's rate and channels -> frames of 320 samples at 16 kHz."""

    def __init__(self, rate: int) -> None:
        self._resampler: Any = None
        self._left: Pcm = np.zeros(0, np.int16)
        if rate != HEARING_RATE:
            import soxr

            self._resampler = soxr.ResampleStream(rate, HEARING_RATE, 1, dtype="float32")

    def cut(self, block: NDArray[np.float32]) -> list[Pcm]:
        mono = block.mean(axis=1, dtype=np.float32) if block.shape[1] > 1 else block[:, 0]
        if self._resampler is not None:
            mono = self._resampler.resample_chunk(mono)
        pcm = to_pcm(mono)
        if self._left.size:
            pcm = np.concatenate([self._left, pcm])
        whole = pcm.size // HEARING_FRAME * HEARING_FRAME
        self._left = pcm[whole:]
        return [pcm[at : at + HEARING_FRAME] for at in range(0, whole, HEARING_FRAME)]
