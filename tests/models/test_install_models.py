"""A model appears whole under its name, or not at all."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bad_server import BadServer
from toy_archive import NAME, zipped

from voice_coach.errors import RunError, SetupError
from voice_coach.hearing.vosk_model import fault_of
from voice_coach.models import shelf
from voice_coach.models.install import Wanted, install, loads
from voice_coach.models.shelf import changed, installed, remove, sweep

AT_ONCE = (0.0, 0.0)


def tried(_: Path) -> None:
    """Stands in for loading the model, which one test here does for real."""


def wanted(server: BadServer, sha256: str | None = None) -> Wanted:
    right = hashlib.sha256(server.data).hexdigest()
    return Wanted(NAME, server.url, len(server.data), right if sha256 is None else sha256)


def left(place: Path) -> set[str]:
    return {path.name for path in place.iterdir() if not path.name.endswith(".lock")}


def test_a_model_is_fetched_compared_unpacked_loaded_and_put_in_its_place(
    server: BadServer, place: Path
) -> None:
    path, sums = install(wanted(server), place, pauses=AT_ONCE)
    assert path == place / NAME
    assert left(place) == {NAME}
    assert fault_of(path) == ""
    [model] = installed(place)
    assert (model.name, model.language, model.fault) == (NAME, "en", "")
    record = shelf.read_record(path)
    assert (record["from"], record["sha256"]) == (server.url, sums.sha256)
    assert path.stat().st_mode & 0o777 == 0o700
    assert place.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("kind", ["sha256", "md5"])
def test_a_wrong_sum_throws_away_what_came(kind: str, server: BadServer, place: Path) -> None:
    lie = {"sha256": Wanted(NAME, server.url, 0, "0" * 64), "md5": Wanted(NAME, server.url, 0, "", "0" * 32)}
    with pytest.raises(RunError, match=r"is not that model: its (SHA-256|MD5) sum is [0-9a-f]+, and should"):
        install(lie[kind], place, pauses=AT_ONCE, try_out=tried)
    assert left(place) == set()


def test_a_server_that_swaps_a_byte_is_found_out(server: BadServer, place: Path) -> None:
    asked = wanted(server)
    server.data = server.data[:5_000] + bytes([server.data[5_000] ^ 1]) + server.data[5_001:]
    with pytest.raises(RunError, match="is not that model"):
        install(asked, place, pauses=AT_ONCE, try_out=tried)
    assert left(place) == set()


def test_a_cut_line_leaves_only_the_part_that_came_and_the_next_run_needs_the_rest(
    server: BadServer, place: Path
) -> None:
    server.cuts = [100_000, 0, 0, 0]
    with pytest.raises(RunError, match="are kept"):
        install(wanted(server), place, pauses=AT_ONCE, try_out=tried)
    assert left(place) == {f".fetching-{NAME}.part", f".fetching-{NAME}.part.json"}
    assert installed(place) == []
    server.cuts = []
    install(wanted(server), place, pauses=AT_ONCE, try_out=tried)
    assert server.asked[-1]["Range"] == "bytes=100000-"
    assert left(place) == {NAME}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped(leave_out="HCLr.fst"), r"lacks graph/HCLr\.fst"),
        (zipped(spoil="final.mdl"), "does not load"),
        (zipped(f"{NAME}/inner"), "the folder inner"),
        (b"not an archive", "damaged or no zip file"),
    ],
    ids=["a file lacks", "weights cut short", "one folder too many", "no archive"],
)
def test_an_archive_that_holds_no_good_model_leaves_no_model(
    data: bytes, said: str, server: BadServer, place: Path
) -> None:
    server.data = data
    with pytest.raises(SetupError, match=said):
        install(wanted(server), place, pauses=AT_ONCE)
    assert installed(place) == []
    assert not [name for name in left(place) if name.startswith(".unpacking")]


def test_a_model_that_ends_its_process_is_only_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SetupError, match="the model in it does not load"):
        loads(tmp_path)


def test_a_model_that_is_there_is_not_fetched_over(server: BadServer, place: Path) -> None:
    install(wanted(server), place, pauses=AT_ONCE, try_out=tried)
    with pytest.raises(SetupError, match="already"):
        install(wanted(server), place, pauses=AT_ONCE, try_out=tried)
    assert len(server.asked) == 1


def test_two_runs_do_not_fetch_the_same_model_at_once(server: BadServer, place: Path) -> None:
    def again(_: Path) -> None:
        with pytest.raises(SetupError, match="being fetched already"):
            install(wanted(server), place, pauses=AT_ONCE, try_out=tried)

    install(wanted(server), place, pauses=AT_ONCE, try_out=again)
    assert left(place) == {NAME}


def test_too_little_room_is_told_before_anything_is_fetched(server: BadServer, place: Path) -> None:
    with pytest.raises(RunError, match=r"There is too little room in .* MB free, .* MB needed\.$"):
        install(Wanted(NAME, server.url, 1 << 60), place, pauses=AT_ONCE, try_out=tried)
    assert server.asked == []


def test_a_place_that_is_a_file_or_a_link_is_told(server: BadServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(SetupError, match="is not a folder"):
            install(wanted(server), tmp_path / name, pauses=AT_ONCE, try_out=tried)
    assert server.asked == []


def test_what_an_interrupted_run_left_is_swept_and_was_never_a_model(place: Path) -> None:
    half = place / ".unpacking-x" / NAME
    half.mkdir(parents=True)
    (place / ".removing-x" / NAME / "am").mkdir(parents=True)
    (place / ".removing-x" / NAME / "am" / "final.mdl").write_bytes(b"x")
    assert installed(place) == []
    sweep(place)
    assert left(place) == set()


def test_a_file_that_changed_since_is_named(server: BadServer, place: Path) -> None:
    path, _ = install(wanted(server), place, pauses=AT_ONCE, try_out=tried)
    assert changed(path) == ""
    with (path / "graph" / "words.txt").open("a") as file:
        file.write("more 60\n")
    assert changed(path) == "graph/words.txt"
    assert "graph/words.txt has changed" in fault_of(path)


def test_removing_takes_the_model_and_what_was_fetched_of_it(server: BadServer, place: Path) -> None:
    install(wanted(server), place, pauses=AT_ONCE, try_out=tried)
    (place / f".fetching-{NAME}.part").write_bytes(b"half")
    (place / "other").mkdir()
    assert remove(place, NAME) > 600_000
    assert left(place) == {"other"}
    for name in (NAME, "..", "", ".", "other/..", "/etc"):
        with pytest.raises(SetupError, match="There is no model"):
            remove(place, name)
    assert left(place) == {"other"}


def test_a_link_among_the_models_is_removed_without_what_it_leads_to(tmp_path: Path, place: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").write_text("mine")
    place.mkdir(parents=True)
    (place / "linked").symlink_to(elsewhere)
    remove(place, "linked")
    assert (elsewhere / "mine").read_text() == "mine"
    assert left(place) == set()


KILLED = """
import os, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
from voice_coach.models import install
from voice_coach.models.install import Wanted
install._check = lambda *_: os._exit(9)
install.install(Wanted({name!r}, {source!r}), Path({place!r}))
"""


def test_a_run_that_dies_while_unpacking_leaves_no_model_and_the_next_one_cleans_up(
    archive: bytes, tmp_path: Path, place: Path
) -> None:
    source = tmp_path / "archive.zip"
    source.write_bytes(archive)
    root = Path(__file__).resolve().parents[2]
    code = KILLED.format(
        tests=str(root / "tests"), root=str(root), name=NAME, source=str(source), place=str(place)
    )
    died = subprocess.run([sys.executable, "-c", code], check=False, env=os.environ)
    assert died.returncode == 9
    assert [path for path in place.iterdir() if path.name.startswith(".unpacking-")]
    assert installed(place) == []
    install(Wanted(NAME, str(source)), place, try_out=tried)
    assert left(place) == {NAME}
