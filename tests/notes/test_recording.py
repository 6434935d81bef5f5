"""A take: from the first word to the last, without "done", at most half a minute, in memory only."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.ports import HEARING_RATE, SPEAKING_RATE, Pcm
from voice_coach.hearing.hear import FRAME
from voice_coach.notes.recording import Recording, from_sound, to_flac, to_samples
from voice_coach.speaking.stand_in import render_person

THOUGHT = "i want to ask before i help"


@pytest.fixture(scope="module")
def thought() -> Pcm:
    return render_person(THOUGHT)


@pytest.fixture(scope="module")
def done() -> Pcm:
    return render_person("done")


def quiet(seconds: float) -> Pcm:
    return np.zeros(round(seconds * HEARING_RATE), np.int16)


def heard(recording: Recording, *sounds: Pcm) -> list[Pcm]:
    """Feed it all; returns the pieces that ended."""
    sound = np.concatenate(sounds)
    pieces = []
    for at in range(0, sound.size - FRAME + 1, FRAME):
        piece = recording.frame(sound[at : at + FRAME])
        pieces += [] if piece is None else [piece]
    return pieces


def loudest(sound: Pcm) -> int:
    return int(np.abs(sound.astype(np.int32)).max())


def test_the_word_done_is_cut_off_and_the_thought_is_whole(thought: Pcm, done: Pcm) -> None:
    recording = Recording()
    recording.begin()
    heard(recording, quiet(2), thought, quiet(1.2), done, quiet(2.2))
    take = recording.finish(said_done=True)
    assert take is not None
    # Speech is found again, in full, where it was put in.
    start = int(np.flatnonzero(np.abs(take.astype(np.int32)) > 0.1 * loudest(thought))[0])
    whole = int(np.flatnonzero(np.abs(thought.astype(np.int32)) > 0.1 * loudest(thought))[0])
    spoken = take[start - whole :][: thought.size]
    assert np.array_equal(spoken[whole : whole + 8_000], thought[whole : whole + 8_000])
    assert thought.size * 0.9 < take.size < thought.size + HEARING_RATE


def test_a_key_ends_it_and_cuts_nothing_off(thought: Pcm, done: Pcm) -> None:
    recording = Recording()
    recording.begin()
    heard(recording, thought, quiet(1.2), done, quiet(1))
    take = recording.finish(said_done=False)
    assert take is not None
    assert take.size > thought.size + round(1.2 * HEARING_RATE)


def test_done_alone_is_no_note(done: Pcm) -> None:
    recording = Recording()
    recording.begin()
    heard(recording, quiet(1), done, quiet(2.5))
    assert recording.finish(said_done=True) is None


def test_silence_is_no_note() -> None:
    recording = Recording()
    recording.begin()
    heard(recording, quiet(5))
    assert recording.finish(said_done=False) is None


def test_half_a_minute_from_the_first_word_is_the_most(thought: Pcm) -> None:
    recording = Recording()
    recording.begin()
    heard(recording, quiet(20))
    assert not recording.is_full
    while not recording.is_full:
        heard(recording, thought, quiet(0.3))
    heard(recording, thought)
    take = recording.finish(said_done=False)
    assert take is not None
    assert 29 * HEARING_RATE < take.size <= 30 * HEARING_RATE


def test_pieces_are_handed_on_as_they_end(thought: Pcm, done: Pcm) -> None:
    recording = Recording()
    recording.begin()
    pieces = heard(recording, quiet(0.5), thought, quiet(1.2), done, quiet(1.5))
    assert len(pieces) == 2
    assert pieces[0].size > pieces[1].size


def test_nothing_is_left_after_it_is_finished_or_dropped(thought: Pcm) -> None:
    recording = Recording()
    for end in (lambda: recording.finish(said_done=False), recording.drop):
        recording.begin()
        heard(recording, thought, quiet(1))
        end()
        assert not recording.is_open
        assert recording.finish(said_done=False) is None


def test_a_take_comes_back_from_its_file_sample_for_sample(thought: Pcm) -> None:
    assert np.array_equal(from_sound(to_flac(thought)), thought)


def test_it_is_played_at_the_speakers_rate_and_the_coachs_loudness(thought: Pcm) -> None:
    from voice_coach.speaking.loudness import PROMPT_LUFS, loudness

    samples = to_samples((thought // 8).astype(np.int16))
    assert abs(samples.size / SPEAKING_RATE - thought.size / HEARING_RATE) < 0.01
    assert loudness(samples) == pytest.approx(PROMPT_LUFS, abs=1.0)


@pytest.mark.parametrize("spoilt", [b"", b"fLaC", b"RIFF....WAVE", b"\x00" * 1000])
def test_sound_that_is_none_is_named(spoilt: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        from_sound(spoilt)


def test_sound_from_somewhere_else_is_named() -> None:
    import io

    import soundfile

    file = io.BytesIO()
    soundfile.write(file, np.zeros(44_100, np.int16), 44_100, format="FLAC", subtype="PCM_16")
    with pytest.raises(ValueError, match="not sound as this program keeps it"):
        from_sound(file.getvalue())


def test_a_cut_off_file_is_named(thought: Pcm) -> None:
    data = to_flac(thought)
    with pytest.raises(ValueError):
        from_sound(data[: len(data) // 2][:60])
