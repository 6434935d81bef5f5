"""Hostile archives: each is refused with one sentence, and nothing of it reaches the disk."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from voice_coach.errors import SetupError
from voice_coach.models.archive import MOST_FILES, unpack

GOOD = ("model/am/final.mdl", b"weights")


def made(*members: tuple[str, bytes], mode: int = 0, method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip file of these members, the last one with this mode; no name is looked at."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as archive:
        for number, (name, data) in enumerate(members):
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            info.compress_type = method
            if number == len(members) - 1:
                info.external_attr = mode << 16
            archive.writestr(info, data)
    return into.getvalue()


def refused(data: bytes, tmp_path: Path) -> str:
    """What is said of it; nothing may have been written."""
    file, into = tmp_path / "archive.zip", tmp_path / "into"
    file.write_bytes(data)
    into.mkdir()
    with pytest.raises(SetupError) as told:
        unpack(file, into)
    left = [path for path in tmp_path.rglob("*") if path not in {file, into}]
    assert left == []
    return str(told.value)


def test_a_good_archive_is_unpacked_for_this_account_alone(tmp_path: Path) -> None:
    file, into = tmp_path / "archive.zip", tmp_path / "into"
    into.mkdir()
    file.write_bytes(
        made(("model/", b""), GOOD, ("model/graph/phones/a.int", b"1"), mode=stat.S_IFREG | 0o4777)
    )
    assert unpack(file, into) == into / "model"
    assert (into / "model/am/final.mdl").read_bytes() == b"weights"
    assert stat.S_IMODE((into / "model/graph/phones/a.int").stat().st_mode) == 0o600
    assert stat.S_IMODE((into / "model/am").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "model/../../outside",
        "model/..",
        "/etc/outside",
        "//server/share",
        "model//double",
        "model/./here",
        "C:/outside",
        "C:outside",
        "..\\outside",
        "model\\inside",
        "model/a\\b",
        "model/a:stream",
        "model/a\x00b",
        "model/a\nb",
        "model/\u202egpj.exe",
        "model/con",
        "model/LPT1.txt",
        "model/end.",
        "model/end ",
        "model/" + "x" * 250,
        "",
    ],
)
def test_a_name_that_leads_away_or_hides_is_refused(name: str, tmp_path: Path) -> None:
    assert "refused" in refused(made(GOOD, (name, b"x")), tmp_path)


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK], ids=hex
)
def test_links_devices_and_pipes_are_refused(kind: int, tmp_path: Path) -> None:
    said = refused(made(GOOD, ("model/graph", b"/etc"), mode=kind | 0o777), tmp_path)
    assert "is a link or a device" in said


def test_a_bomb_is_refused_by_what_it_announces(tmp_path: Path) -> None:
    data = made(GOOD, ("model/big", bytes(50 << 20)), method=zipfile.ZIP_DEFLATED)
    assert len(data) < 100_000
    assert "beyond all measure" in refused(data, tmp_path)


def test_a_bomb_that_lies_about_its_size_stops_at_it(tmp_path: Path) -> None:
    data = bytearray(made(("model/big", bytes(3 << 20)), method=zipfile.ZIP_DEFLATED))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.rindex(signature) + offset, 1_000)
    file, into = tmp_path / "archive.zip", tmp_path / "into"
    file.write_bytes(data)
    into.mkdir()
    with pytest.raises(SetupError):
        unpack(file, into)
    assert sum(path.stat().st_size for path in into.rglob("*") if path.is_file()) <= 1_000


def test_more_files_than_any_model_has_are_refused(tmp_path: Path) -> None:
    members = [(f"model/{number}", b"") for number in range(MOST_FILES + 1)]
    assert "which no model does" in refused(made(*members), tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("model/am", "model/am"),
        ("model/am", "model/AM"),
        ("model/é", "model/é"),
        ("model/am", "model/am/final.mdl"),
        ("model/am/final.mdl", "model/am"),
        ("model/graph/", "model/graph"),
    ],
)
def test_a_name_given_twice_is_refused(first: str, second: str, tmp_path: Path) -> None:
    assert "refused" in refused(made(("model/x", b""), (first, b"1"), (second, b"2")), tmp_path)


@pytest.mark.parametrize(
    "members", [(), (("one/a", b""), ("two/b", b"")), (("file", b""),), (("model/", b""),)]
)
def test_an_archive_that_is_not_one_folder_is_refused(
    members: tuple[tuple[str, bytes], ...], tmp_path: Path
) -> None:
    assert refused(made(*members), tmp_path)


def test_an_unusual_compression_is_refused(tmp_path: Path) -> None:
    assert "unusual way" in refused(made(GOOD, method=zipfile.ZIP_BZIP2), tmp_path)


def test_a_locked_member_is_refused(tmp_path: Path) -> None:
    data = bytearray(made(GOOD))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert "pass phrase" in refused(bytes(data), tmp_path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"not an archive",
        lambda data: data[:-10],
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"PK\x01\x02", b"PK\x01\x09"),
    ],
    ids=["empty", "foreign", "short", "half", "overwritten"],
)
def test_a_spoilt_archive_is_told_plainly(spoil: Callable[[bytes], bytes], tmp_path: Path) -> None:
    assert "damaged or no zip file" in refused(spoil(made(GOOD)), tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_no_spoilt_archive_ends_in_a_traceback_or_writes_elsewhere(seed: int, tmp_path: Path) -> None:
    import random

    chance = random.Random(seed)
    good = made(("model/", b""), GOOD, ("model/conf/model.conf", b"x" * 300), method=zipfile.ZIP_DEFLATED)
    for number in range(300):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file, into = tmp_path / f"{number}.zip", tmp_path / f"into{number}"
        file.write_bytes(data)
        into.mkdir()
        with contextlib.suppress(SetupError):
            unpack(file, into)
        file.unlink()
    outside = [path for path in tmp_path.iterdir() if not path.name.startswith("into")]
    assert outside == []
