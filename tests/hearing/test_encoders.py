"""Three encoders' frames, side by side at the same times."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.ports import HEARING_RATE, Pcm
from voice_coach.errors import SetupError
from voice_coach.hearing.encoders import LONGEST, WIDTH, WIDTHS, Encoders, Floats, of_base
from voice_coach.hearing.moonshine import FILES, Moonshine, model_folder
from voice_coach.hearing.network import open_network

PARTS = np.cumsum((0, *WIDTHS))


@pytest.fixture(scope="module")
def ears() -> tuple[Moonshine, Encoders]:
    folder = model_folder()
    if folder is None:
        pytest.skip("Moonshine is not installed here")
    return Moonshine(folder), Encoders()


def rows(ears: tuple[Moonshine, Encoders], piece: Pcm) -> Floats:
    moonshine, encoders = ears
    hidden = moonshine.hear(piece).hidden
    found = encoders(piece, hidden)
    assert found.shape == (hidden.shape[1], WIDTH)
    return found


def hiss(seconds: float, loud: tuple[float, float] = (0.0, 0.0)) -> Pcm:
    """A quiet room, loud between two times."""
    sound = np.random.default_rng(7).normal(0.0, 4_000.0, int(seconds * HEARING_RATE))
    times = np.arange(sound.size) / HEARING_RATE
    return np.where((times >= loud[0]) & (times < loud[1]), sound, sound / 400).astype(np.int16)


@pytest.mark.parametrize("samples", [800, 8_000, 23_457, LONGEST])
def test_a_row_is_all_that_the_three_leave_of_a_moment(
    ears: tuple[Moonshine, Encoders], samples: int
) -> None:
    piece = hiss(samples / HEARING_RATE, (0.0, 9.0))
    found = rows(ears, piece)
    assert np.isfinite(found).all()
    assert np.array_equal(found[:, : WIDTHS[0]], ears[0].hear(piece).hidden[0])
    assert of_base(found).shape[1] == WIDTHS[1]


def test_the_three_hear_the_same_moment_in_the_same_row(ears: tuple[Moonshine, Encoders]) -> None:
    early, late = hiss(2.0, (0.5, 0.8)), hiss(2.0, (1.2, 1.5))
    for first, last in itertools.pairwise(PARTS):
        middles = []
        for piece in (early, late):
            part = rows(ears, piece)[:, first:last]
            away = np.linalg.norm(part - np.median(part, axis=0), axis=1)
            loudest = np.sort(np.argsort(-away)[:10])
            middles.append(float(np.median(loudest)) * 0.024)
        assert 0.4 <= middles[1] - middles[0] <= 1.0, (first, middles)


@pytest.mark.parametrize("held", [None, b"", b"\x08\x07 no network"])
def test_a_missing_or_broken_network_is_told_in_one_sentence(tmp_path: Path, held: bytes | None) -> None:
    file = tmp_path / "whisper.onnx"
    if held is not None:
        file.write_bytes(held)
    with pytest.raises(SetupError) as told:
        open_network(file)
    assert str(file) in str(told.value)
    assert "--second-ear off" in str(told.value)


def test_a_broken_file_of_the_package_with_moonshine_is_told_too(tmp_path: Path) -> None:
    folder = model_folder()
    if folder is None:
        pytest.skip("Moonshine is not installed here")
    for name in FILES:
        (tmp_path / name).symlink_to(folder / name)
    (tmp_path / FILES[0]).unlink()
    (tmp_path / FILES[0]).write_bytes((folder / FILES[0]).read_bytes()[:10_000])
    with pytest.raises(SetupError, match=FILES[0]):
        Moonshine(tmp_path)


def test_silence_has_rows_too(ears: tuple[Moonshine, Encoders]) -> None:
    assert np.isfinite(rows(ears, np.zeros(HEARING_RATE, np.int16))).all()


def test_the_networks_open_no_connection_and_write_no_file() -> None:
    program = (
        "import sys; seen = []\n"
        "def look(event, given):\n"
        "    if event.startswith('socket.') or (event == 'open' and str(given[1] or '').strip('rb')):\n"
        "        seen.append((event, str(given)))\n"
        "from voice_coach.hearing.encoders import Encoders; import numpy as np, onnxruntime\n"
        "sys.addaudithook(look)\n"
        "Encoders()(np.ones(16000, np.int16), np.zeros((1, 40, 288), np.float32))\n"
        "print(seen)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
