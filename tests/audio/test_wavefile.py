"""WAV microphones and speakers: every format in, exact audio time out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voice_coach.audio.ports import PlaybackEnded
from voice_coach.audio.wavefile import WavMicrophone, WavSpeaker, read_pcm, to_pcm, write_wav
from voice_coach.errors import SetupError


def tone(rate: int, seconds: float = 0.5, size: float = 0.5, frequency: float = 440.0) -> np.ndarray:
    return (size * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


FORMATS = [
    ("WAV", "PCM_U8"),
    ("WAV", "PCM_16"),
    ("WAV", "PCM_24"),
    ("WAV", "PCM_32"),
    ("WAV", "FLOAT"),
    ("WAV", "DOUBLE"),
    ("FLAC", "PCM_16"),
    ("FLAC", "PCM_24"),
]


@pytest.mark.parametrize(("container", "subtype"), FORMATS)
@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_is_heard_at_16_khz(
    tmp_path: Path, container: str, subtype: str, rate: int, channels: int
) -> None:
    path = tmp_path / "recording"
    soundfile.write(path, np.stack([tone(rate)] * channels, axis=1), rate, subtype, format=container)
    pcm, seconds = read_pcm(path)
    assert pcm.dtype == np.int16
    assert seconds == pytest.approx(0.5, abs=0.001)
    assert rms(pcm[800:-800]) == pytest.approx(0.5 * 32768 / np.sqrt(2), rel=0.02)


def test_16_bit_sound_at_16_khz_comes_through_unchanged(tmp_path: Path) -> None:
    pcm = np.array([0, 1, -1, 32767, -32768, 12345] * 100, np.int16)
    soundfile.write(tmp_path / "a.wav", pcm, 16000, "PCM_16")
    assert np.array_equal(read_pcm(tmp_path / "a.wav")[0], pcm)


def test_stereo_is_the_mean_of_both_sides(tmp_path: Path) -> None:
    sides = np.stack([np.full(1600, 0.5), np.full(1600, -0.25)], axis=1)
    soundfile.write(tmp_path / "a.wav", sides, 16000, "FLOAT")
    assert np.all(read_pcm(tmp_path / "a.wav")[0] == 4096)


def test_what_is_too_loud_is_clipped_and_never_wrapped(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([3.0, -3.0, np.nan, 0.5]), 16000, "FLOAT")
    assert read_pcm(tmp_path / "a.wav")[0].tolist() == [32767, -32768, 0, 16384]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_samples_without_a_size_are_read_without_a_word(tmp_path: Path, rate: int) -> None:
    samples = tone(rate)
    samples[100:103] = np.inf, -np.inf, np.nan
    soundfile.write(tmp_path / "a.wav", samples, rate, "FLOAT")
    pcm, seconds = read_pcm(tmp_path / "a.wav")
    assert seconds == pytest.approx(0.5, abs=0.01)
    assert np.abs(pcm[400:].astype(int)).max() == pytest.approx(16_384, rel=0.05)


def test_full_scale_does_not_wrap_when_resampled(tmp_path: Path) -> None:
    square = np.sign(tone(44100, 0.2)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", square, 44100, "FLOAT")
    pcm, _ = read_pcm(tmp_path / "a.wav")
    middle = pcm[400:-400].astype(int)
    assert np.max(np.abs(np.diff(np.sign(middle[np.abs(middle) > 20000])))) <= 2
    assert np.mean(np.abs(middle) > 25000) > 0.9


def bad_files(folder: Path) -> dict[str, Path]:
    (folder / "text.wav").write_text("this is not sound")
    (folder / "nothing.wav").write_bytes(b"")
    (folder / "folder.wav").mkdir()
    soundfile.write(folder / "silent.wav", np.zeros(0), 16000, "PCM_16")
    soundfile.write(folder / "many.wav", np.zeros((100, 3)), 16000, "PCM_16")
    (folder / "cut.wav").write_bytes((folder / "many.wav").read_bytes()[:20])
    names = ("text", "nothing", "folder", "silent", "many", "cut", "absent")
    return {name: folder / f"{name}.wav" for name in names}


@pytest.mark.parametrize("name", ["text", "nothing", "folder", "silent", "many", "cut", "absent"])
def test_a_bad_file_is_one_sentence_that_names_it(tmp_path: Path, name: str) -> None:
    path = bad_files(tmp_path)[name]
    with pytest.raises(SetupError) as caught:
        WavMicrophone(path).open(lambda event: None)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_the_microphone_gives_whole_frames_and_then_silence_for_ever(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(500, 0.25), 16000, "PCM_16")
    microphone = WavMicrophone(tmp_path / "a.wav")
    microphone.open(lambda event: None)
    first, ended_early = microphone.read(), microphone.ended
    second, ended = microphone.read(), microphone.ended
    later = [microphone.read() for _ in range(50)]
    assert not microphone.live
    assert not ended_early
    assert ended
    assert np.all(first == 8192)
    assert np.all(second[:180] == 8192)
    assert not np.any(second[180:])
    assert all(frame.size == 320 and not np.any(frame) for frame in later)


def played(speaker: WavSpeaker, plan: dict[int, Any], ticks: int) -> list[tuple[int, PlaybackEnded]]:
    """Run a speaker through ticks with actions before some of them; returns (tick, event)."""
    now = 0
    heard: list[tuple[int, PlaybackEnded]] = []
    speaker.open(lambda event: heard.append((now, event)))  # type: ignore[arg-type]
    for now in range(ticks):
        if now in plan:
            plan[now]()
        speaker.tick()
    speaker.close()
    return heard


def test_a_clip_ends_in_the_very_frame_of_its_last_sample(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path / "out.wav")
    sizes = {2: 441, 10: 442, 20: 882, 30: 1}
    plan = {
        at: (lambda at=at, size=size: speaker.play(at, np.full(size, 0.5, np.float32)))
        for at, size in sizes.items()
    }
    heard = played(speaker, plan, 40)
    assert [(tick, event.clip, event.samples_played, event.cut) for tick, event in heard] == [
        (2, 2, 441, False),
        (11, 10, 442, False),
        (21, 20, 882, False),
        (30, 30, 1, False),
    ]


def test_the_file_holds_clips_and_silences_in_audio_time(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path / "out.wav")
    played(speaker, {3: lambda: speaker.play(1, np.full(600, 0.5, np.float32))}, 10)
    info = soundfile.info(tmp_path / "out.wav")
    assert (info.samplerate, info.channels, info.subtype) == (22050, 1, "PCM_16")
    sound, _ = soundfile.read(tmp_path / "out.wav")
    assert sound.size == 10 * 441
    assert np.flatnonzero(sound).tolist() == list(range(3 * 441, 3 * 441 + 600))


def test_a_stopped_clip_fades_out_within_one_frame(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path / "out.wav")
    plan = {0: lambda: speaker.play(1, np.full(22050, 0.5, np.float32)), 5: speaker.stop, 6: speaker.stop}
    heard = played(speaker, plan, 10)
    sound, _ = soundfile.read(tmp_path / "out.wav")
    assert heard == [(5, PlaybackEnded(1, 5 * 441 + 220, cut=True))]
    assert not np.any(sound[5 * 441 + 220 :])
    assert np.max(np.abs(np.diff(sound[5 * 441 - 10 :]))) < 0.005


def test_stop_without_a_clip_says_nothing() -> None:
    speaker = WavSpeaker(None)
    assert played(speaker, {1: speaker.stop}, 3) == []


def test_nothing_is_played_louder_than_minus_3_dbfs(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path / "out.wav")
    played(speaker, {0: lambda: speaker.play(1, np.array([2.0, -2.0] * 200, np.float32))}, 2)
    sound, _ = soundfile.read(tmp_path / "out.wav")
    assert np.max(np.abs(sound)) == pytest.approx(10 ** (-3 / 20), abs=1e-4)


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "out.wav", tmp_path):
        with pytest.raises(SetupError, match="cannot be written"):
            WavSpeaker(path).open(lambda event: None)


def test_write_wav_is_what_read_pcm_reads(tmp_path: Path) -> None:
    write_wav(tmp_path / "out.wav", tone(22050))
    pcm, seconds = read_pcm(tmp_path / "out.wav")
    assert seconds == pytest.approx(0.5, abs=0.001)
    assert rms(pcm[800:-800]) == pytest.approx(rms(to_pcm(tone(16000))[800:-800]), rel=0.01)
