"""What the coach is saying now: asks the voice for samples, plays them, knows when they were heard.

In: Say cues and chimes from the session's loop. Out: prompt and chime events, and what was said to its end.
One thing sounds at a time; a cut takes effect within one block. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voice_coach.audio.earcons import Earcon, earcon
from voice_coach.audio.ports import SPEAKING_RATE, PlaybackEnded, Samples, Speaker
from voice_coach.conversation.cues import Say
from voice_coach.events import EventLog
from voice_coach.speaking.pacing import NORMAL_PACE, Pace
from voice_coach.speaking.speech import Rendered, Speech
from voice_coach.speaking.voice import Voice

VOLUME_STEP_DB = 3.0
QUIETEST, LOUDEST = -4, 2
"""Steps of volume; the speaker's own guard keeps the peaks under its ceiling."""
READING_WORDS_A_SECOND = 2.0
"""A prompt that cannot be spoken stays for so long as it takes to be read slowly, before it goes on."""
NOTE_GAP_SECONDS = 0.12
"""Between the closing note and the first word."""
AHEAD = 12
"""How many possible next prompts are rendered while the person talks."""


@dataclass(frozen=True)
class Said:
    """Something has been heard to its end, or was cut."""

    say: Say | None
    """None for a chime."""
    cut: bool


class Mouth:
    """The speaking side of a session."""

    def __init__(
        self, speaker: Speaker, voice: Voice, log: EventLog, shown: Callable[[Say], None] | None = None
    ) -> None:
        """`shown` is called for a prompt that cannot be spoken, so that it is at least seen."""
        self._speaker, self._voice, self._log = speaker, voice, log
        self._shown = shown
        self._pace: Pace = NORMAL_PACE
        self._volume = 0
        self._clips = 0
        self._wanted: tuple[Say, Speech] | None = None
        self._ready: tuple[Say | None, Samples] | None = None
        self._saying: Say | None = None
        self._sounding = 0
        self._prefix: Samples | None = None

    @property
    def awaits_render(self) -> bool:
        """Whether a prompt is wanted that the voice has not rendered yet."""
        return self._wanted is not None

    @property
    def speaking(self) -> bool:
        """Whether words are sounding, or about to."""
        return self._saying is not None or self._wanted is not None or self._has_ready_words

    @property
    def has_spoken(self) -> bool:
        """Whether anything has sounded in this session."""
        return self._clips > 0

    @property
    def idle(self) -> bool:
        """Whether nothing sounds and nothing waits to."""
        return not self._sounding and self._wanted is None and self._ready is None

    @property
    def _has_ready_words(self) -> bool:
        return self._ready is not None and self._ready[0] is not None

    def say(self, say: Say, frame: int) -> None:
        """Speak a prompt as soon as it is rendered."""
        speech = Speech(say.parts, self._pace)
        self._wanted = (say, speech)
        self._voice.need(speech)

    def rendered(self, event: Rendered, frame: int) -> None:
        """Take the samples of the wanted prompt; others came too late and are let go."""
        if self._wanted is None or self._wanted[1] != event.speech:
            return
        say, _ = self._wanted
        self._wanted = None
        if event.samples is None:
            if self._shown is not None:
                self._shown(say)
            samples: Samples = np.concatenate([earcon("tick"), _time_to_read(say.text)])
        else:
            samples = event.samples
        self._ready = (say, samples)

    def chime(self, name: Earcon, frame: int) -> None:
        """Play an earcon."""
        self._log.emit(frame, "chime", name=name)
        self._ready = (None, earcon(name))
        self.advance(frame)

    def close_note(self, frame: int) -> None:
        """The microphone has closed: its note leads into the next words."""
        self._log.emit(frame, "chime", name="closed")
        gap = np.zeros(round(NOTE_GAP_SECONDS * SPEAKING_RATE), np.float32)
        self._prefix = np.concatenate([earcon("closed"), gap])

    def advance(self, frame: int) -> None:
        """Begin what is ready, unless something still sounds."""
        if self._ready is None or self._sounding:
            return
        say, samples = self._ready
        self._ready = None
        if self._prefix is not None:
            samples = np.concatenate([self._prefix, samples])
            self._prefix = None
        self._clips += 1
        self._sounding = self._clips
        self._saying = say
        if say is not None:
            self._log.emit(
                frame,
                "prompt",
                state=say.state,
                id=say.id,
                stance=say.stance,
                text=say.text,
                length=round(samples.size / SPEAKING_RATE, 2),
            )
        self._speaker.play(self._clips, samples * np.float32(10.0 ** (self._volume * VOLUME_STEP_DB / 20.0)))

    def playback_ended(self, event: PlaybackEnded, frame: int) -> Said | None:
        """Take the end of a clip; None when it was not what sounds now."""
        if event.clip != self._sounding:
            return None
        say, self._saying, self._sounding = self._saying, None, 0
        if say is not None:
            self._log.emit(
                frame,
                "prompt_end",
                state=say.state,
                id=say.id,
                how="cut" if event.cut else "finished",
                after=round(event.samples_played / SPEAKING_RATE, 2),
            )
        return Said(say, event.cut)

    def cut(self, frame: int) -> None:
        """Fall silent within one block; what was to be said is let go."""
        self._wanted = self._ready = self._prefix = None
        if self._sounding:
            self._speaker.stop()

    def adjust(self, what: str, step: int) -> None:
        """A step slower or faster, softer or louder, from the next prompt on."""
        if what == "pace":
            self._pace = self._pace.faster() if step > 0 else self._pace.slower()
        else:
            self._volume = max(QUIETEST, min(LOUDEST, self._volume + step))

    def prepare(self, says: list[Say]) -> None:
        """Have the likeliest next prompts rendered ahead."""
        for say in says[:AHEAD]:
            self._voice.prepare(Speech(say.parts, self._pace))


def _time_to_read(text: str) -> Samples:
    return np.zeros(round(len(text.split()) / READING_WORDS_A_SECOND * SPEAKING_RATE), np.float32)
