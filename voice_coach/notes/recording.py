"""A person's own voice, from the tone to the last word before "done", held in memory only.

In: frames of 20 ms while the microphone is open for a note. Out: one take (int16, 16 kHz) without the
silence around it, at most 30 s long; its pieces as they end, for dictation. It writes nothing, and drop()
forgets all.
"""

from __future__ import annotations

import io

import numpy as np

from voice_coach.audio.ports import FRAME_SECONDS, HEARING_RATE, SPEAKING_RATE, Pcm, Samples
from voice_coach.hearing.segmenter import PRE_ROLL_FRAMES, Segmenter, SpeechBegan, SpeechEnded
from voice_coach.hearing.voice_activity import WebRtcActivity
from voice_coach.turns.rules import FREE

LONGEST_SECONDS = 30.0
"""One short thought (conversation design, 10.2), from its first word."""
_LONGEST_FRAMES = round(LONGEST_SECONDS / FRAME_SECONDS)


class Recording:
    """One take at a time."""

    def __init__(self) -> None:
        self.drop()

    def begin(self) -> None:
        """The microphone has opened: a new take."""
        self.drop()
        self._open = True

    def drop(self) -> None:
        """Forget everything heard."""
        self._open = False
        self._frames: list[Pcm] = []
        self._first: int | None = None
        self._pieces: list[tuple[int, int]] = []
        # The same gap as the turn's own, so that "done" is a piece of its own here too.
        self._segmenter = Segmenter(WebRtcActivity(), gap=FREE.gap)

    @property
    def is_open(self) -> bool:
        """Whether frames are taken."""
        return self._open

    @property
    def is_full(self) -> bool:
        """Whether 30 s have passed since the first word."""
        return self._first is not None and len(self._frames) - self._first >= _LONGEST_FRAMES

    def frame(self, samples: Pcm) -> Pcm | None:
        """Take 20 ms; returns a piece of speech that has just ended, if one has."""
        self._frames.append(samples.copy())
        ended: Pcm | None = None
        for event in self._segmenter.feed(samples):
            if isinstance(event, SpeechBegan) and self._first is None:
                self._first = max(0, event.frame - PRE_ROLL_FRAMES)
            elif isinstance(event, SpeechEnded):
                self._pieces.append((event.start, event.end))
                ended = event.piece
        return ended

    def finish(self, *, said_done: bool) -> Pcm | None:
        """The take, and forget it here; None when nothing but silence (or only "done") was heard.

        `said_done`: the last piece of speech was the word that ended the note, and is cut off.
        """
        if self._segmenter.speaking:
            self._pieces.append((self._first or 0, len(self._frames)))
        pieces = self._pieces[:-1] if said_done else self._pieces
        frames, first = self._frames, self._first
        self.drop()
        if not pieces or first is None:
            return None
        last = min(pieces[-1][1], first + _LONGEST_FRAMES)
        return np.concatenate(frames[first:last])


def to_samples(take: Pcm) -> Samples:
    """A take as the speaker plays it: 22.05 kHz, as loud as the coach's own voice."""
    import soxr

    from voice_coach.speaking.loudness import at_loudness

    heard = take.astype(np.float32) / np.float32(32_768)
    return at_loudness(np.asarray(soxr.resample(heard, HEARING_RATE, SPEAKING_RATE), dtype=np.float32))


def to_flac(take: Pcm) -> bytes:
    """A take as a FLAC file's bytes; nothing else is in it but the sound."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, take, HEARING_RATE, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def from_sound(data: bytes) -> Pcm:
    """The take in a FLAC or WAV file's bytes. Raises ValueError when it is none, or longer than a note."""
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.samplerate != HEARING_RATE or file.channels != 1:
                raise ValueError("it is not sound as this program keeps it")
            if file.frames > (LONGEST_SECONDS + 1) * HEARING_RATE:
                raise ValueError("it is longer than a note")
            take: Pcm = file.read(dtype="int16")
    except (RuntimeError, OSError) as problem:
        raise ValueError("it is damaged: its sound cannot be read") from problem
    if take.size == 0:
        raise ValueError("there is no sound in it")
    return take
