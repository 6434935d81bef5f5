"""A sound card made of software: a private PulseAudio whose microphone and speaker are null sinks.

    def test_something(sound_card):          # fixture; skips where PulseAudio is absent
        sound_card.mouth().say(pcm)          # sound into the microphone
        ear = sound_card.ear()               # records what is played
        subprocess.run(..., env=sound_card.environment)   # the same card for another process

It needs pulseaudio, pulseaudio-utils, libasound2-plugins and libportaudio2, works as root in a container,
and touches nothing but a folder of its own. Figures in comments were measured in the audio study.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

MICROPHONE = "virtual_microphone"
SPEAKER = "virtual_speaker"
_RATE = {MICROPHONE: 16_000, SPEAKER: 48_000}
_BLOCK_SECONDS = 0.01
_PLAYBACK, _RECORD = 1, 2
_INT16_LITTLE_ENDIAN = 3


def missing_parts() -> str:
    """What this machine lacks for a virtual sound card, in words; empty when nothing."""
    programs = [name for name in ("pulseaudio", "pactl") if shutil.which(name) is None]
    libraries = [name for name in ("pulse-simple", "portaudio") if ctypes.util.find_library(name) is None]
    return ", ".join(programs + [f"lib{name}" for name in libraries])


@pytest.fixture(scope="session")
def _card_for_all() -> Iterator[SoundCard]:
    if missing := missing_parts():
        pytest.skip(f"no virtual sound card here: {missing} not installed")
    with SoundCard() as card, card.in_this_process():
        yield card


@pytest.fixture
def sound_card(_card_for_all: SoundCard) -> Iterator[SoundCard]:
    """The virtual sound card, whole and quiet at the start of every test."""
    _card_for_all.mend()
    yield _card_for_all
    _card_for_all.hush()


class SoundCard:
    """One private PulseAudio daemon."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sound-card-"))
        self.environment = os.environ | self._variables()
        self._daemon: subprocess.Popen[bytes] | None = None
        self._parts: list[_Stream] = []

    def __enter__(self) -> SoundCard:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hush()
        self.kill_daemon()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the daemon and wait until it answers (0.05 to 0.2 s)."""
        server = {name: value for name, value in self.environment.items() if name != "PULSE_SERVER"}
        load = [f"module-native-protocol-unix socket={self.folder}/native auth-anonymous=1"]
        load += [" ".join(["module-null-sink", *_null_sink(name)]) for name in (MICROPHONE, SPEAKER)]
        self._daemon = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                "--realtime=no",
            ]
            + ["--high-priority=no", "--disable-shm=yes", f"--log-target=file:{self.folder}/log"]
            + [argument for module in load for argument in ("-L", module)],
            env=server,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 10
        while self._pactl("info").returncode != 0:
            if time.monotonic() > end or self._daemon.poll() is not None:
                raise RuntimeError("PulseAudio did not start: " + (self.folder / "log").read_text()[-500:])
            time.sleep(0.02)
        self._choose_defaults()

    @contextlib.contextmanager
    def in_this_process(self) -> Iterator[None]:
        """Point PortAudio of this process at the card."""
        before = dict(os.environ)
        os.environ.update(self._variables())
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def mouth(self, microphone: str = MICROPHONE) -> Mouth:
        """Something that speaks into the microphone."""
        return self._kept(Mouth(microphone))

    def ear(self, speaker: str = SPEAKER) -> Ear:
        """Something that records what the speaker plays, from now on."""
        return self._kept(Ear(speaker))

    def unplug(self, name: str) -> None:
        """Take the microphone or the speaker away."""
        for line in self._pactl("list", "short", "modules").stdout.splitlines():
            number, module, arguments = [*line.split("\t"), "", ""][:3]
            if module == "module-null-sink" and f"sink_name={name} " in arguments + " ":
                self._pactl("unload-module", number)

    def plug(self, name: str, *, rate: int | None = None) -> None:
        """Bring it back; `rate`: with a sample rate of its own. MICROPHONE and SPEAKER are the defaults."""
        self._pactl("load-module", "module-null-sink", *_null_sink(name, rate))
        self._choose_defaults()

    def plug_headset(self, microphone: str, speaker: str) -> None:
        """Another pair of devices comes; the system's defaults stay what they are."""
        for name in (microphone, speaker):
            self._pactl("load-module", "module-null-sink", *_null_sink(name, None))

    def choose(self, microphone: str, speaker: str) -> None:
        """Make these the system's default devices."""
        self._pactl("set-default-sink", speaker)
        self._pactl("set-default-source", f"{microphone}.monitor")

    def hold_back(self, name: str, *, held: bool) -> None:
        """Another program has the device: it is there, it opens, and no sound passes."""
        # The source that is a monitor cannot be suspended itself: it goes with its sink.
        self._pactl("suspend-sink", name, "1" if held else "0")

    def kill_daemon(self) -> None:
        """All devices go at once, as when the sound server crashes."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None

    def freeze(self) -> None:
        """The sound server stands still: streams stay open and nothing passes."""
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGCONT)

    def mend(self) -> None:
        """Whatever was taken away is there again."""
        if self._daemon is None or self._daemon.poll() is not None:
            with contextlib.suppress(OSError):
                (self.folder / "native").unlink()
            self.start()
        rows = [row.split("\t") for row in self._pactl("list", "short", "sinks").stdout.splitlines()]
        rates = {row[1]: int(row[3].split()[2].removesuffix("Hz")) for row in rows}
        for name, rate in rates.items():
            if _RATE.get(name) != rate:
                self.unplug(name)
        for name, rate in _RATE.items():
            if rates.get(name) != rate:
                self.plug(name)
            self.hold_back(name, held=False)
        self._choose_defaults()

    def hush(self) -> None:
        """End every mouth and ear."""
        for part in self._parts:
            part.close()
        self._parts.clear()

    def _kept(self, part: _AnyStream) -> _AnyStream:
        self._parts.append(part)
        return part

    def _variables(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "PULSE_RUNTIME_PATH": folder,
            "PULSE_STATE_PATH": folder,
            "PULSE_COOKIE": f"{folder}/cookie",
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_CLIENTCONFIG": "/dev/null",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
        }

    def _pactl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *arguments], capture_output=True, text=True, check=False, env=self.environment
        )

    def _choose_defaults(self) -> None:
        self.choose(MICROPHONE, SPEAKER)


def _null_sink(name: str, rate: int | None = None) -> list[str]:
    # Without norewinds=1 the null sink takes blocks of 2 s and the first callback comes after 1.5 s.
    like = MICROPHONE if "microphone" in name else SPEAKER
    channels = 1 if like == MICROPHONE else 2
    rate = rate or _RATE[like]
    return [f"sink_name={name}", f"rate={rate}", f"channels={channels}", "format=s16le", "norewinds=1"]


class _SampleSpec(ctypes.Structure):
    _fields_ = (("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8))


class _BufferAttributes(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize")
    )


class _Stream:
    """A blocking PulseAudio stream on a thread of its own (libpulse-simple: pacat's pipe would add 0.5 s)."""

    def __init__(self, direction: int, device: str, rate: int) -> None:
        self.rate = rate
        self.block = round(rate * _BLOCK_SECONDS)
        self._library = ctypes.CDLL("libpulse-simple.so.0")
        self._library.pa_simple_new.restype = ctypes.c_void_p
        self._library.pa_simple_get_latency.restype = ctypes.c_uint64
        self._error = ctypes.c_int()
        size = self.block * 2
        unset = 0xFFFFFFFF
        self._handle = ctypes.c_void_p(
            self._library.pa_simple_new(
                None,
                b"sound-card",
                direction,
                device.encode(),
                b"test",
                ctypes.byref(_SampleSpec(_INT16_LITTLE_ENDIAN, rate, 1)),
                None,
                ctypes.byref(_BufferAttributes(unset, size * 2, 0, size // 2, size)),
                ctypes.byref(self._error),
            )
        )
        if not self._handle:
            raise RuntimeError(f"no stream for {device}: PulseAudio error {self._error.value}")
        self._on = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the stream; what was recorded stays."""
        self._on = False
        self._thread.join(2)
        if not self._thread.is_alive() and self._handle:
            self._library.pa_simple_free(self._handle)
            self._handle = ctypes.c_void_p()

    def _run(self) -> None:
        while self._on and self._pass_block():
            pass

    def _pass_block(self) -> bool:
        raise NotImplementedError


class Mouth(_Stream):
    """Feeds the virtual microphone: silence always, sound when say() is called."""

    def __init__(self, microphone: str) -> None:
        self._waiting: queue.SimpleQueue[tuple[NDArray[np.int16], threading.Event]] = queue.SimpleQueue()
        self._now = np.zeros(0, np.int16)
        self._done: threading.Event | None = None
        super().__init__(_PLAYBACK, microphone, _RATE[MICROPHONE])

    def say(self, pcm: NDArray[np.int16]) -> threading.Event:
        """Send int16 sound at 16 kHz; the event is set when the last of it has been handed over."""
        done = threading.Event()
        self._waiting.put((pcm, done))
        return done

    def _pass_block(self) -> bool:
        if self._now.size == 0:
            if self._done is not None:
                self._done.set()
                self._done = None
            with contextlib.suppress(queue.Empty):
                self._now, self._done = self._waiting.get_nowait()
        block = np.zeros(self.block, np.int16)
        piece, self._now = self._now[: self.block], self._now[self.block :]
        block[: piece.size] = piece
        data = block.tobytes()
        return self._library.pa_simple_write(self._handle, data, len(data), ctypes.byref(self._error)) >= 0


@dataclass(frozen=True)
class _Chunk:
    ended: float
    """time.perf_counter() when its last sample passed the speaker."""
    samples: NDArray[np.int16]


class Ear(_Stream):
    """Records what the virtual speaker plays, with the time of every chunk."""

    def __init__(self, speaker: str) -> None:
        self._chunks: list[_Chunk] = []
        self._grew = threading.Condition()
        super().__init__(_RECORD, f"{speaker}.monitor", _RATE[SPEAKER])

    def heard(self) -> NDArray[np.float32]:
        """Everything recorded so far: float32, 48 kHz, mono."""
        chunks = list(self._chunks)
        if not chunks:
            return np.zeros(0, np.float32)
        return np.concatenate([chunk.samples for chunk in chunks]).astype(np.float32) / 32768

    def began(self) -> float:
        """time.perf_counter() of the first sample heard (median over the chunks: arrival times jitter)."""
        passed, estimates = 0, []
        for chunk in list(self._chunks):
            passed += chunk.samples.size
            estimates.append(chunk.ended - passed / self.rate)
        return float(np.median(estimates))

    def listen(self, seconds: float) -> NDArray[np.float32]:
        """Wait until it has recorded so much more, then everything so far."""
        wanted = self._recorded() + round(seconds * self.rate)
        with self._grew:
            self._grew.wait_for(lambda: self._recorded() >= wanted, timeout=seconds + 10)
        return self.heard()

    def _recorded(self) -> int:
        return sum(chunk.samples.size for chunk in list(self._chunks))

    def _pass_block(self) -> bool:
        buffer = ctypes.create_string_buffer(self.block * 2)
        if self._library.pa_simple_read(self._handle, buffer, len(buffer), ctypes.byref(self._error)) < 0:
            return False
        late = self._library.pa_simple_get_latency(self._handle, ctypes.byref(self._error)) / 1e6
        with self._grew:
            self._chunks.append(_Chunk(time.perf_counter() - late, np.frombuffer(buffer.raw, "<i2")))
            self._grew.notify_all()
        return True


_AnyStream = Mouth | Ear
