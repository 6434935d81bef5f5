"""The printed card: what stands on it, and that any reader can draw it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from voice_coach.card.card import make_card, numbers
from voice_coach.card.pdf import A6, Page, width
from voice_coach.card.shapes import operators
from voice_coach.errors import SetupError
from voice_coach.packs.load import load_pack
from voice_coach.screen.pictograms import drawings


@dataclass
class Word:
    text: str
    left: float
    size: float


def words_on(card: bytes) -> list[Word]:
    found = re.findall(rb"BT /F (\S+) Tf (\S+) (\S+) Td \((.*?)\) Tj", card)
    return [Word(text.decode("cp1252"), float(left), float(size)) for size, left, _, text in found]


def test_the_five_words_the_gate_words_and_the_numbers_stand_on_it() -> None:
    pack = load_pack("en")
    texts = [word.text for word in words_on(make_card(pack))]
    for word in ("stop", "pause", "skip", "again", "help", "done", "ask me", "just listen"):
        assert word in texts
    for contact in numbers(pack):
        assert contact.dial in texts
    assert numbers(pack)[0].name == "Emergency"


def test_nothing_runs_off_the_card_and_all_of_it_is_large_enough_to_read() -> None:
    card = make_card(load_pack("en"))
    for word in words_on(card):
        assert word.left >= 15, word
        assert word.left + width(word.text, word.size) <= A6[0] - 15, word
        assert word.size >= 10, word


def test_the_same_card_is_the_same_file() -> None:
    pack = load_pack("en")
    assert make_card(pack) == make_card(pack)
    assert b"Date" not in make_card(pack)


def test_every_object_is_where_the_table_says() -> None:
    card = make_card(load_pack("en"))
    table = int(re.findall(rb"startxref\n(\d+)", card)[0])
    rows = re.findall(rb"(\d{10}) 00000 n ", card[table:])
    assert [card[int(row) :].split(b" ", 1)[0] for row in rows] == [
        b"%d" % n for n in range(1, len(rows) + 1)
    ]
    length = int(re.findall(rb"/Length (\d+)", card)[0])
    assert card[card.index(b"stream\n") + 7 :][length:].startswith(b"\nendstream")


@pytest.mark.parametrize("name", sorted(drawings()))
def test_every_pictogram_can_be_drawn_and_stays_in_its_square(name: str) -> None:
    drawn = operators(drawings()[name])
    assert drawn.count("q") == drawn.count("Q")
    if " cm" not in drawn:
        points = re.findall(r"(-?\d+\.\d\d) (-?\d+\.\d\d)(?= [mlc]\n)", drawn)
        assert points
        assert all(-2 <= float(value) <= 50 for point in points for value in point)


def test_a_circle_is_round() -> None:
    drawn = operators('<circle cx="24" cy="24" r="10"/>')
    ends = re.findall(r"(\S+) (\S+) c", drawn)
    assert len(ends) == 4
    assert all(abs(np.hypot(float(x) - 24, float(y) - 24) - 10) < 0.02 for x, y in ends)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm")
@pytest.mark.parametrize("name", ["ear", "key", "stop", "lock", "storm"])
def test_a_reader_draws_the_picture_as_the_browser_does(tmp_path: Path, name: str) -> None:
    page = Page("x", "en")
    page.picture(drawings()[name], 50, 50, 192)
    file = tmp_path / "x.pdf"
    file.write_bytes(page.bytes())
    subprocess.run(["pdftoppm", "-r", "72", "-gray", str(file), str(tmp_path / "x")], check=True)
    data = next(tmp_path.glob("x*.pgm")).read_bytes()
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
    assert header is not None
    across, down = int(header[1]), int(header[2])
    grey = np.frombuffer(data[header.end() :], np.uint8).reshape(down, across)
    ink = np.argwhere(grey < 128)
    assert len(ink) > 500
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    assert 50 <= top < bottom <= 242
    assert 50 <= left < right <= 242
    assert max(bottom - top, right - left) > 100


def test_letters_that_cannot_be_printed_are_one_sentence() -> None:
    with pytest.raises(SetupError, match="Latin letters"):
        Page("x", "en").words("помощь", 0, 0, 12)


def test_brackets_and_backslashes_are_words_too() -> None:
    page = Page("x", "en")
    page.words(r"a (b) \c", 0, 0, 12)
    assert rb"(a \(b\) \\c) Tj" in page.bytes()


def test_the_command_writes_it_and_says_which_numbers_to_ring(tmp_path: Path) -> None:
    file = tmp_path / "card.pdf"
    command = [sys.executable, "-m", "voice_coach", "card", "--output"]
    run = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert file.read_bytes().startswith(b"%PDF-1.4")
    assert "Ring these first" in run.stderr
    nowhere = subprocess.run([*command, "/nowhere/card.pdf"], capture_output=True, text=True, check=False)
    assert nowhere.returncode == 1
    assert "cannot be written" in nowhere.stderr
    assert "Traceback" not in nowhere.stderr
