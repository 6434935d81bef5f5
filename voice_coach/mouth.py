"""What the coach is saying now: asks the voice for samples, plays them, knows when they were heard.

In: Say cues and chimes from the session's loop. Out: prompt and chime events, and what was said to its end.
One thing sounds at a time; a cut takes effect within one block. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from voice_coach.audio.earcons import Earcon, earcon
from voice_coach.audio.ports import SPEAKING_RATE, PlaybackEnded, Samples, Speaker
from voice_coach.conversation.cues import Say
from voice_coach.events import EventLog
from voice_coach.notes.telling import TellNote
from voice_coach.speaking.loudness import with_gain
from voice_coach.speaking.pacing import NORMAL_PACE, Pace
from voice_coach.speaking.speech import Rendered, Speech
from voice_coach.speaking.voice import Voice

VOLUME_STEP_DB = 3.0
QUIETEST, LOUDEST = -4, 2
"""Steps of volume; no peak ever passes the ceiling of -3 dBFS."""
QUIET_ROOM_DBFS = -50.0
NOISE_GAIN = 0.5
MOST_NOISE_GAIN_DB = 6.0
"""In wind or traffic it speaks up by half of what the room has over a quiet one, at most 6 dB."""
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


@dataclass(frozen=True, eq=False)
class _Clip:
    """Words (or a chime) ready to be played, or a part of them."""

    say: Say | None
    samples: Samples
    starts: tuple[int, ...] = (0,)
    """First sample of each sentence."""
    begins: int = 0
    """Where it begins: 0, or the sentence at which an interrupted prompt goes on."""
    lead: int = 0
    """Samples of the closing note before the words."""


class Mouth:
    """The speaking side of a session."""

    def __init__(
        self, speaker: Speaker, voice: Voice, log: EventLog, shown: Callable[[Say], None] | None = None
    ) -> None:
        """`shown` is called for a prompt that cannot be spoken, so that it is at least seen."""
        self._speaker, self._voice, self._log = speaker, voice, log
        self._held = False
        self._shown = shown
        self._pace: Pace = NORMAL_PACE
        self._volume = 0
        self._noise_gain_db = 0.0
        self._clips = 0
        self._wanted: tuple[Say, Speech] | None = None
        self._ready: _Clip | None = None
        self._playing: _Clip | None = None
        self._interrupting = False
        self._broken: _Clip | None = None
        self._prefix: Samples | None = None

    @property
    def awaits_render(self) -> bool:
        """Whether a prompt is wanted that the voice has not rendered yet."""
        return self._wanted is not None

    @property
    def speaking(self) -> bool:
        """Whether words are sounding, or about to."""
        return self.sounding_words or self.about_to_speak

    @property
    def sounding_words(self) -> bool:
        """Whether words are sounding."""
        return self._playing is not None and self._playing.say is not None and not self._interrupting

    @property
    def about_to_speak(self) -> bool:
        """Whether words are decided on that do not sound yet."""
        return self._wanted is not None or (self._ready is not None and self._ready.say is not None)

    @property
    def interrupted(self) -> bool:
        """Whether a prompt was broken off that may go on."""
        return self._broken is not None

    @property
    def broken_off(self) -> Say | None:
        """The prompt that somebody talks over, from the moment it falls silent for them."""
        clip = self._playing if self._interrupting else self._broken
        return clip.say if clip is not None else None

    @property
    def has_spoken(self) -> bool:
        """Whether anything has sounded in this session."""
        return self._clips > 0

    @property
    def idle(self) -> bool:
        """Whether nothing sounds and nothing waits to."""
        return not (self._playing or self._wanted or self._ready or self._broken)

    def say(self, what: Say | TellNote, frame: int) -> Say:
        """Speak a prompt as soon as it is rendered, or tell a note; returns what the log knows of it."""
        note = what if isinstance(what, TellNote) else None
        say = what.say if isinstance(what, TellNote) else what
        if note is not None and note.samples is not None:
            self._ready = _Clip(say, note.samples)
            return say
        speech = Speech((note.words,) if note is not None else say.parts, self._pace)
        self._wanted = (say, speech)
        self._voice.need(speech)
        return say

    def rendered(self, event: Rendered, frame: int) -> None:
        """Take the samples of the wanted prompt; others came too late and are let go."""
        if self._wanted is None or self._wanted[1] != event.speech:
            return
        say, _ = self._wanted
        self._wanted = None
        if event.samples is not None:
            self._ready = _Clip(say, event.samples, event.starts)
            return
        if self._shown is not None:
            self._shown(say)
        self._ready = _Clip(say, np.concatenate([earcon("tick"), _time_to_read(say.text)]))

    def chime(self, name: Earcon, frame: int) -> None:
        """Play an earcon."""
        self._log.emit(frame, "chime", name=name)
        self._ready = _Clip(None, earcon(name))
        self.advance(frame)

    def close_note(self, frame: int) -> None:
        """The microphone has closed: its note leads into the next words."""
        self._log.emit(frame, "chime", name="closed")
        gap = np.zeros(round(NOTE_GAP_SECONDS * SPEAKING_RATE), np.float32)
        self._prefix = np.concatenate([earcon("closed"), gap])

    def advance(self, frame: int) -> None:
        """Begin what is ready, unless something still sounds or the speaker is not ready."""
        if self._ready is None or self._playing is not None or self._held:
            return
        clip, self._ready = self._ready, None
        samples = clip.samples[clip.begins :]
        if self._prefix is not None:
            clip = replace(clip, lead=self._prefix.size)
            samples = np.concatenate([self._prefix, samples])
            self._prefix = None
        self._clips += 1
        self._playing = clip
        if clip.say is not None:
            self._tell_of(clip, samples.size, frame)
        # All that sounds had its peak limited when it was made: only louder can bring it over the top, and
        # looking between the samples of ten seconds takes 16 ms: it would be heard as a later reply.
        usual = self._gain_db == 0.0
        self._speaker.play(self._clips, samples if usual else with_gain(samples, self._gain_db))

    def playback_ended(self, event: PlaybackEnded, frame: int) -> Said | None:
        """Take the end of a clip; None when it was not what sounds now, or may go on later."""
        if event.clip != self._clips or self._playing is None:
            return None
        clip, self._playing = self._playing, None
        interrupted, self._interrupting = self._interrupting and event.cut, False
        heard = clip.begins + max(0, event.samples_played - clip.lead)
        how = "interrupted" if interrupted else "cut" if event.cut else "finished"
        self._tell_end(clip, heard, how, frame)
        if interrupted:
            place = max(start for start in clip.starts if start <= heard)
            self._broken = replace(clip, begins=place, lead=0)
            return None
        return Said(clip.say, event.cut)

    def cut(self, frame: int) -> None:
        """Fall silent within one block; what was to be said is let go."""
        self._wanted = self._ready = self._prefix = None
        self._interrupting = False
        if self._playing is not None:
            self._speaker.stop()

    def interrupt(self, frame: int) -> None:
        """Fall silent within one block for somebody who talks; it may go on with resume()."""
        self._interrupting = True
        self._speaker.stop()

    def resume(self, frame: int) -> Say:
        """Go on from the start of the sentence that was broken off."""
        assert self._broken is not None
        say = self._broken.say
        assert say is not None
        self._ready, self._broken = self._broken, None
        return say

    def let_go(self) -> None:
        """What was broken off is not gone on with."""
        self._broken = None
        self._interrupting = False

    def use(self, speaker: Speaker, frame: int, *, ready: bool = True) -> None:
        """Speak through this one from now on, once it is `ready`; what sounded on another one ends here."""
        self._held = not ready
        if speaker is self._speaker:
            return
        self._speaker = speaker
        if self._playing is not None:
            clip, self._playing = self._playing, None
            self._tell_end(clip, None, "lost", frame)

    def adjust(self, what: str, step: int) -> None:
        """A step slower or faster, softer or louder, from the next prompt on."""
        if what == "pace":
            self._pace = self._pace.faster() if step > 0 else self._pace.slower()
        else:
            self._volume = max(QUIETEST, min(LOUDEST, self._volume + step))

    def begin_at(self, *, volume: int, pace: int) -> None:
        """The volume and pace a person set once, in steps from the usual."""
        self._volume, self._pace = volume, Pace(pace)

    def speak_up(self, noise_floor: float) -> None:
        """Fit the next prompts to a room with this much noise (dBFS at the microphone)."""
        over = max(0.0, noise_floor - QUIET_ROOM_DBFS)
        self._noise_gain_db = min(MOST_NOISE_GAIN_DB, NOISE_GAIN * over)

    def prepare(self, says: list[Say]) -> None:
        """Have the likeliest next prompts rendered ahead."""
        for say in says[:AHEAD]:
            self._voice.prepare(Speech(say.parts, self._pace))

    @property
    def _gain_db(self) -> float:
        return self._volume * VOLUME_STEP_DB + self._noise_gain_db

    def _tell_of(self, clip: _Clip, size: int, frame: int) -> None:
        """`length`: seconds from now until its end, the closing note before it included."""
        assert clip.say is not None
        say, length = clip.say, round(size / SPEAKING_RATE, 2)
        if clip.begins:
            begins = round(clip.begins / SPEAKING_RATE, 2)
            self._log.emit(frame, "resume", state=say.state, id=say.id, at=begins, length=length)
            return
        where = {"state": say.state, "id": say.id, "stance": say.stance}
        self._log.emit(frame, "prompt", **where, text=say.text, length=length)

    def _tell_end(self, clip: _Clip, heard: int | None, how: str, frame: int) -> None:
        """`after`: seconds of its words that were heard, to the sample; `of`: of so many."""
        if clip.say is None:
            return
        fields: dict[str, str | float] = {"state": clip.say.state, "id": clip.say.id, "how": how}
        if heard is not None:
            fields |= {"after": round(heard / SPEAKING_RATE, 2)}
        self._log.emit(frame, "prompt_end", **fields, of=round(clip.samples.size / SPEAKING_RATE, 2))


def _time_to_read(text: str) -> Samples:
    return np.zeros(round(len(text.split()) / READING_WORDS_A_SECOND * SPEAKING_RATE), np.float32)
