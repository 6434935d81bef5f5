"""A file is fetched whole from lines that break and servers that lie, or it is said why not."""

from __future__ import annotations

import hashlib
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from bad_server import BadServer

from voice_coach.errors import RunError, SetupError
from voice_coach.models import download
from voice_coach.models.download import fetch

AT_ONCE = (0.0, 0.0, 0.0)


def test_a_whole_file_comes_with_its_sums(server: BadServer, archive: bytes, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    part = tmp_path / "part"
    sums = fetch(server.url, part, progress=lambda done, whole: steps.append((done, whole)))
    assert part.read_bytes() == archive
    assert sums.sha256 == hashlib.sha256(archive).hexdigest()
    assert sums.md5 == hashlib.md5(archive).hexdigest()
    assert steps[0] == (0, len(archive))
    assert steps[-1] == (len(archive), len(archive))
    assert steps == sorted(steps)


def test_nothing_is_sent_but_the_request(server: BadServer, tmp_path: Path) -> None:
    fetch(server.url, tmp_path / "part")
    [headers] = server.asked
    assert set(headers) == {"Accept-Encoding", "Host", "User-Agent", "Connection"}
    assert headers["User-Agent"] == "voice-coach"


def test_a_line_that_is_cut_is_taken_up_where_it_broke(
    server: BadServer, archive: bytes, tmp_path: Path
) -> None:
    server.cuts = [100_000, 1, 200_000]
    part = tmp_path / "part"
    fetch(server.url, part, pauses=AT_ONCE)
    assert part.read_bytes() == archive
    assert [asked.get("Range") for asked in server.asked] == [
        None,
        "bytes=100000-",
        "bytes=100001-",
        "bytes=300001-",
    ]
    assert {asked.get("If-Range") for asked in server.asked[1:]} == {'"one"'}


def test_another_run_goes_on_where_the_last_one_ended(
    server: BadServer, archive: bytes, tmp_path: Path
) -> None:
    part = tmp_path / "part"
    server.cuts = [100_000, 0, 0, 0, 0]
    with pytest.raises(RunError, match="100,000 bytes are kept, and the same command goes on from there"):
        fetch(server.url, part, pauses=AT_ONCE)
    assert part.stat().st_size == 100_000
    server.cuts = []
    fetch(server.url, part, pauses=AT_ONCE)
    assert part.read_bytes() == archive
    assert server.asked[-1]["Range"] == "bytes=100000-"


def test_a_file_that_changed_meanwhile_is_fetched_anew(server: BadServer, tmp_path: Path) -> None:
    part = tmp_path / "part"
    server.cuts = [100_000, 0, 0, 0, 0]
    with pytest.raises(RunError):
        fetch(server.url, part, pauses=AT_ONCE)
    server.cuts, server.data, server.tag = [], b"another" * 50_000, '"two"'
    fetch(server.url, part, pauses=AT_ONCE)
    assert part.read_bytes() == server.data


def test_what_came_from_another_address_is_not_gone_on_with(
    server: BadServer, archive: bytes, tmp_path: Path
) -> None:
    part = tmp_path / "part"
    server.cuts = [100_000, 0, 0, 0, 0]
    with pytest.raises(RunError):
        fetch(server.url, part, pauses=AT_ONCE)
    server.cuts = []
    fetch(server.url + "?mirror", part, pauses=AT_ONCE)
    assert "Range" not in server.asked[-1]
    assert part.read_bytes() == archive


def test_a_server_without_ranges_starts_over(server: BadServer, archive: bytes, tmp_path: Path) -> None:
    server.knows_ranges, server.cuts = False, [100_000]
    part = tmp_path / "part"
    fetch(server.url, part, pauses=AT_ONCE)
    assert part.read_bytes() == archive


def test_a_part_that_begins_elsewhere_is_not_taken(server: BadServer, tmp_path: Path) -> None:
    server.cuts, server.part_from = [100_000], 7
    with pytest.raises(RunError, match="another part came than was asked for"):
        fetch(server.url, tmp_path / "part", pauses=AT_ONCE)


def test_more_than_the_file_there_already_is_thrown_away(
    server: BadServer, archive: bytes, tmp_path: Path
) -> None:
    part = tmp_path / "part"
    server.cuts = [100_000, 0, 0, 0, 0]
    with pytest.raises(RunError):
        fetch(server.url, part, pauses=AT_ONCE)
    part.write_bytes(archive + b"more")
    fetch(server.url, part, pauses=AT_ONCE)
    assert part.read_bytes() == archive


def test_a_file_of_another_size_is_refused_before_it_comes(server: BadServer, tmp_path: Path) -> None:
    server.extra = b"x"
    with pytest.raises(RunError, match=r"where there should be [\d,]+: it is not that model\.$"):
        fetch(server.url, tmp_path / "part", expected=len(server.data), pauses=AT_ONCE)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_never_ends_is_cut_off(server: BadServer, tmp_path: Path) -> None:
    server.extra, server.announces_length = b"x" * 1_000_000, False
    with pytest.raises(RunError, match="it is not that model"):
        fetch(server.url, tmp_path / "part", expected=len(server.data), pauses=AT_ONCE)
    assert list(tmp_path.iterdir()) == []


def test_a_busy_server_is_asked_again_and_a_missing_file_is_not(server: BadServer, tmp_path: Path) -> None:
    server.refusals = [503, 429]
    fetch(server.url, tmp_path / "part", pauses=AT_ONCE)
    assert len(server.asked) == 3
    server.refusals = [404]
    with pytest.raises(RunError, match=r"the server answered 404.*--url\.$"):
        fetch(server.url, tmp_path / "other", pauses=AT_ONCE)
    assert len(server.asked) == 4


def test_a_redirection_is_followed_but_never_to_a_file(
    server: BadServer, archive: bytes, tmp_path: Path
) -> None:
    server.leads_to = server.url.replace("model.zip", "elsewhere.zip")
    fetch(server.url, tmp_path / "part", pauses=AT_ONCE)
    assert (tmp_path / "part").read_bytes() == archive
    for target in ("file:///etc/passwd", "ftp://127.0.0.1/model.zip"):
        server.leads_to = target
        with pytest.raises(RunError, match=r"not safe to follow|answered 302"):
            fetch(server.url, tmp_path / "other", pauses=AT_ONCE)
    assert not (tmp_path / "other").exists()


def test_a_guarded_line_is_never_left_for_an_open_one() -> None:
    import urllib.request

    asked = urllib.request.Request("https://example.invalid/model.zip")
    with pytest.raises(RunError, match="not safe to follow"):
        download._Careful().redirect_request(asked, None, 302, "", {}, "http://example.invalid/model.zip")


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (socket.gaierror(-3, "x"), "is this machine offline"),
        (TimeoutError(), "nothing came for 30 s"),
        (ConnectionRefusedError(), "nobody answers there"),
        (ssl.SSLCertVerificationError(), "certificate is not trusted"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
    ],
)
def test_offline_it_says_why_and_what_to_do(
    problem: Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import urllib.error
    import urllib.request

    def fail(*_: Any, **__: Any) -> None:
        raise urllib.error.URLError(problem)

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", fail)
    with pytest.raises(RunError, match=rf"{said}.*fetch the archive on a machine with a line.*--url\.$"):
        fetch("https://example.invalid/model.zip", tmp_path / "part", pauses=())


def test_a_file_on_this_machine_needs_no_line(archive: bytes, tmp_path: Path) -> None:
    source = tmp_path / "a model's archive.zip"
    source.write_bytes(archive)
    for address in (str(source), source.as_uri(), f"file:{source}"):
        part = tmp_path / "part"
        assert fetch(address, part).sha256 == hashlib.sha256(archive).hexdigest()
        assert part.read_bytes() == archive


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/nowhere/model.zip", "look at the path"),
        ("file:///nowhere/model.zip", "look at the path"),
        ("ftp://127.0.0.1/model.zip", "https, http or file"),
        ("javascript:1", "https, http or file"),
    ],
)
def test_an_address_that_is_none_is_told(address: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=said):
        fetch(address, tmp_path / "part")
    assert list(tmp_path.iterdir()) == []
