"""What is played: how loud, how far a cut prompt was heard, and that it is said whole again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from voice_coach.audio.ports import SPEAKING_RATE, PlaybackEnded, Put, Samples
from voice_coach.conversation.cues import Say
from voice_coach.events import Event, EventLog
from voice_coach.mouth import LOUDEST, MOST_NOISE_GAIN_DB, QUIET_ROOM_DBFS, QUIETEST, Mouth
from voice_coach.speaking.loudness import PEAK_DBFS, loudness, true_peak
from voice_coach.speaking.speech import Rendered
from voice_coach.speaking.voice import Voice

SAY = Say("PLACE", "PLACE.prompts.0", "listen", ("Before we start, who can hear you?",))


class RecordingSpeaker:
    """Stands in for a speaker: holds what it was given to play."""

    live = True
    passes = True

    def __init__(self) -> None:
        self.played: list[tuple[int, Samples]] = []
        self.stopped = 0

    def open(self, put: Put) -> None:
        pass

    def play(self, clip: int, samples: Samples) -> None:
        self.played.append((clip, samples))

    def stop(self) -> None:
        self.stopped += 1

    def tick(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def voice() -> Iterator[Voice]:
    voice = Voice(lambda event: None)
    yield voice
    voice.close()


@pytest.fixture
def words() -> Samples:
    at = np.arange(2 * SPEAKING_RATE) / SPEAKING_RATE
    return (0.1 * np.sin(2 * np.pi * 500 * at) * (np.sin(2 * np.pi * 3 * at) > 0)).astype(np.float32)


class Speaking:
    """A mouth, and the events of what it said."""

    def __init__(self, voice: Voice, words: Samples) -> None:
        self.events: list[Event] = []
        log = EventLog()
        log.follow(self.events.append)
        self.speaker, self.words = RecordingSpeaker(), words
        self.mouth = Mouth(self.speaker, voice, log)

    def says(self) -> tuple[int, Samples]:
        self.mouth.say(SAY, 0)
        assert self.mouth._wanted is not None
        self.mouth.rendered(Rendered(self.mouth._wanted[1], self.words), 0)
        self.mouth.advance(0)
        return self.speaker.played[-1]

    def heard(self, clip: int, samples: int, *, cut: bool) -> Any:
        return self.mouth.playback_ended(PlaybackEnded(clip, samples, cut), 0)


@pytest.fixture
def speaking(voice: Voice, words: Samples) -> Speaking:
    return Speaking(voice, words)


def louder_by(speaking: Speaking, words: Samples) -> float:
    clip, samples = speaking.says()
    speaking.heard(clip, samples.size, cut=False)
    return loudness(samples) - loudness(words)


def test_it_gets_louder_and_softer_in_steps_of_3_db_to_an_end(speaking: Speaking, words: Samples) -> None:
    assert louder_by(speaking, words) == pytest.approx(0.0, abs=0.1)
    for _ in range(10):
        speaking.mouth.adjust("volume", -1)
    assert louder_by(speaking, words) == pytest.approx(3.0 * QUIETEST, abs=0.1)
    speaking.mouth.adjust("volume", 1)
    assert louder_by(speaking, words) == pytest.approx(3.0 * (QUIETEST + 1), abs=0.1)
    for _ in range(10):
        speaking.mouth.adjust("volume", 1)
    assert louder_by(speaking, words) == pytest.approx(3.0 * LOUDEST, abs=0.1)


@pytest.mark.parametrize(
    ("room", "gain"), [(QUIET_ROOM_DBFS - 20, 0.0), (QUIET_ROOM_DBFS + 6, 3.0), (-10.0, MOST_NOISE_GAIN_DB)]
)
def test_it_speaks_up_in_a_loud_room_by_6_db_at_most(
    speaking: Speaking, words: Samples, room: float, gain: float
) -> None:
    speaking.mouth.speak_up(room)
    assert louder_by(speaking, words) == pytest.approx(gain, abs=0.1)


def test_nothing_passes_the_ceiling_however_loud_it_is_asked_to_be(voice: Voice, words: Samples) -> None:
    speaking = Speaking(voice, words * np.float32(6.9))
    speaking.mouth.begin_at(volume=LOUDEST, pace=0)
    speaking.mouth.speak_up(-10.0)
    _, samples = speaking.says()
    assert true_peak(samples) <= 10 ** (PEAK_DBFS / 20) * 1.001


def test_a_cut_prompt_tells_how_far_it_was_heard_and_is_said_whole_again(speaking: Speaking) -> None:
    clip, samples = speaking.says()
    speaking.mouth.cut(0)
    assert speaking.speaker.stopped == 1
    speaking.heard(clip, round(0.75 * SPEAKING_RATE), cut=True)
    [told] = [event for event in speaking.events if event["event"] == "prompt_end"]
    assert (told["how"], told["after"], told["of"]) == ("cut", 0.75, 2.0)
    _, again = speaking.says()
    assert np.array_equal(again, samples)


def test_the_closing_note_is_no_part_of_what_was_heard(speaking: Speaking) -> None:
    speaking.mouth.close_note(0)
    clip, samples = speaking.says()
    lead = samples.size - speaking.words.size
    assert lead > 0
    speaking.heard(clip, lead + round(0.5 * SPEAKING_RATE), cut=True)
    assert speaking.events[-1]["after"] == 0.5


def test_while_its_speaker_is_not_ready_it_holds_what_it_has_to_say(
    speaking: Speaking, words: Samples
) -> None:
    mouth, speaker = speaking.mouth, speaking.speaker
    mouth.use(speaker, 0, ready=False)
    mouth.say(SAY, 0)
    assert mouth._wanted is not None
    mouth.rendered(Rendered(mouth._wanted[1], words), 0)
    mouth.advance(0)
    assert speaker.played == []
    assert not mouth.idle
    mouth.use(speaker, 0)
    mouth.advance(0)
    assert [samples.size for _, samples in speaker.played] == [words.size]
