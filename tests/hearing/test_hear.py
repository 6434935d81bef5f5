"""Hearing whole files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sound_pieces import in_a_room, read

from voice_coach.__main__ import main
from voice_coach.errors import SetupError
from voice_coach.hearing.choice import choose_recognizer
from voice_coach.hearing.hear import hear_files, speech_pieces
from voice_coach.hearing.recognizer import Grammar

GRAMMAR = Grammar("small", ("yes", "no"))


def test_each_piece_of_speech_in_a_file_is_heard(tmp_path: Path, words: Path) -> None:
    import soundfile

    yes, no = (in_a_room(read(sorted((words / word).iterdir())[0])) for word in ("yes", "no"))
    soundfile.write(tmp_path / "both.wav", np.concatenate([yes, no]), 16_000)
    soundfile.write(tmp_path / "silent.wav", np.zeros(16_000, np.int16), 16_000)
    paths = [tmp_path / "both.wav", tmp_path / "silent.wav"]
    heard = list(hear_files(paths, GRAMMAR, choose_recognizer("pocketsphinx")))
    assert [(h.path.name, h.hypothesis.text) for h in heard] == [
        ("both.wav", "yes"),
        ("both.wav", "no"),
        ("silent.wav", ""),
    ]
    assert 0 < heard[0].start < heard[0].end < heard[1].start < heard[1].end


def test_a_file_that_ends_in_the_middle_of_a_word_still_gives_its_piece(words: Path) -> None:
    sound = in_a_room(read(sorted((words / "yes").iterdir())[0]), after=0.0)
    assert len(speech_pieces(sound)) == 1


def test_a_missing_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"nowhere\.wav"):
        list(hear_files([tmp_path / "nowhere.wav"], GRAMMAR, choose_recognizer("pocketsphinx")))


def as_8_khz(sound: np.ndarray) -> tuple[np.ndarray, int, str]:
    import soxr

    return soxr.resample(sound, 16_000, 8_000), 8_000, "PCM_16"


def as_48_khz_stereo(sound: np.ndarray) -> tuple[np.ndarray, int, str]:
    import soxr

    wide = soxr.resample(sound, 16_000, 48_000)
    return np.stack([wide, wide], axis=1), 48_000, "PCM_16"


@pytest.mark.parametrize(
    "kind",
    [
        as_8_khz,
        as_48_khz_stereo,
        lambda sound: (sound, 16_000, "PCM_24"),
        lambda sound: (sound, 16_000, "FLOAT"),
        lambda sound: (np.clip(4 * sound, -0.99, 0.99), 16_000, "PCM_16"),
        lambda sound: (0.05 * sound, 16_000, "PCM_16"),
        lambda sound: (0.5 * sound + 0.2, 16_000, "PCM_16"),
    ],
    ids=["8 kHz", "48 kHz stereo", "24 bit", "float", "clipped", "26 dB quieter", "with direct current"],
)
def test_a_word_is_heard_in_every_kind_of_file(words: Path, tmp_path: Path, kind: Any) -> None:
    spoken = in_a_room(read(sorted((words / "yes").iterdir())[0])).astype(np.float64) / 32_768
    import soundfile

    samples, rate, subtype = kind(spoken)
    path = tmp_path / "yes.wav"
    soundfile.write(path, samples, rate, subtype)
    heard = list(
        hear_files([path], Grammar("small", ("yes", "no", "stop")), choose_recognizer("pocketsphinx"))
    )
    assert [file.hypothesis.text for file in heard] == ["yes"]


def test_the_words_of_a_piece_are_shown_as_they_grow_then_what_came_of_it(
    tmp_path: Path, toy_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import soundfile
    from test_vosk_recognizer import spoken

    path = tmp_path / "said.wav"
    soundfile.write(path, spoken("say that again", quiet_seconds=1.0), 16_000)
    options = (*("hear", str(path), "--state", "CONSENT", "--partials"), "--model", str(toy_model))
    assert main([*options, "--json"]) == 0
    *growing, heard = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert heard["intent"] == "REPEAT"
    assert growing[-1]["partial"] == heard["hypothesis"] == "say that again"
    assert len(growing) >= 2
    assert all(1.0 < line["at_seconds"] < 2.5 and "intent" not in line for line in growing)
    assert main(list(options)) == 0
    assert f"{path}: {growing[-1]['at_seconds']}s 'say that again' ..." in capsys.readouterr().out


def test_only_vosk_tells_the_words_as_they_grow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", str(tmp_path), "--partials", "--recognizer", "pocketsphinx"]) == 2
    assert "Only Vosk tells the words as they grow: name its model with --model." in capsys.readouterr().err


@pytest.mark.parametrize("ears", ["pocketsphinx", "vosk"])
def test_a_grammar_of_another_language_is_told_and_one_unknown_word_too(
    ears: str, tmp_path: Path, toy_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import soundfile

    soundfile.write(tmp_path / "quiet.wav", np.zeros(8_000, np.int16), 16_000)
    german, mixed = tmp_path / "german.toml", tmp_path / "mixed.toml"
    german.write_text('[JA]\nsay = ["jawohl", "genau so"]\n')
    mixed.write_text('[YES]\nsay = ["yes", "yes xyzzyq"]\n')
    model = ("--model", str(toy_model)) if ears == "vosk" else ("--second-ear", "off")
    options = ("hear", str(tmp_path / "quiet.wav"), "--recognizer", ears, *model, "--grammar")
    assert main([*options, str(german)]) == 2
    told = capsys.readouterr().err
    assert f"{ears} knows no phrase of german (it lacks genau" in told
    assert "jawohl" in told
    assert main([*options, str(mixed)]) == 0
    assert (
        "Left out, as the recogniser does not know all words of them: yes xyzzyq." in capsys.readouterr().err
    )
