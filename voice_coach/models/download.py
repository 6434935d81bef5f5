"""Fetches one file: the only part of the program that goes to the network, and only when asked to.

In: an address and where the file is to go. Out: that file, whole, with its sums. A line that is cut is taken
up again where it broke, within a run and in the next one. It sends nothing but the request for the file.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from voice_coach.errors import RunError, SetupError

Progress = Callable[[int, int], None]
"""(bytes there, bytes in all or 0): called now and then."""

TIMEOUT_SECONDS = 30.0
"""Without a byte for so long, the line counts as cut."""
PAUSES = (1.0, 3.0, 10.0, 30.0)
"""Seconds before each new try without progress; one that brought something starts anew."""
MOST_TRIES = 50
BLOCK = 1 << 18
LARGEST = 4 << 30
"""Bytes; no model of a recogniser that runs here is larger."""
AGENT = "voice-coach"


@dataclass(frozen=True)
class Sums:
    """What was fetched."""

    bytes: int
    md5: str
    sha256: str


class _Cut(Exception):
    """The line broke; what came is kept."""


class _Overlong(Exception):
    """More came than there should be."""


def fetch(
    url: str,
    part: Path,
    *,
    expected: int = 0,
    progress: Progress = lambda done, whole: None,
    pauses: tuple[float, ...] = PAUSES,
) -> Sums:
    """Bring what an address names into the file `part`, going on with what is there of it.

    `expected`: bytes, 0 when not known. Raises SetupError (a wrong address) or RunError (no line, cut too
    often); what came is kept then, beside its name in `part`.json, for another run.
    """
    scheme = urllib.parse.urlsplit(url).scheme
    if scheme == "file" or not scheme or len(scheme) == 1:
        return _copied(_local(url), part, expected, progress)
    if scheme not in ("http", "https"):
        raise SetupError(f"{url} cannot be fetched: give an address with https, http or file, or a path.")
    tries = 0
    for _ in range(MOST_TRIES):
        before = _size(part)
        try:
            _pull(url, part, expected, progress)
            return sums_of(part)
        except _Overlong:
            drop(part)
            raise RunError(
                f"More came from {url} than the {expected:,} bytes there should be: it is not that model."
            ) from None
        except _Cut as cut:
            tries = 0 if _size(part) > before else tries
            if tries >= len(pauses):
                raise RunError(_no_line(url, str(cut), _size(part))) from cut
        time.sleep(pauses[tries])
        tries += 1
    raise RunError(_no_line(url, "the line breaks again and again", _size(part)))


def sums_of(file: Path) -> Sums:
    """Size and sums of a file."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            sha256.update(block)
            md5.update(block)
    return Sums(file.stat().st_size, md5.hexdigest(), sha256.hexdigest())


def drop(part: Path) -> None:
    """Throw away what has come so far."""
    part.unlink(missing_ok=True)
    _about(part).unlink(missing_ok=True)


# -- one try ----------------------------------------------------------------------------------------------


def _pull(url: str, part: Path, expected: int, progress: Progress) -> None:
    """Ask for what is missing and write it down. Raises _Cut, _Overlong, RunError."""
    have, known = _size(part), _remembered(part)
    if have and known.get("url") != url:
        drop(part)
        have, known = 0, {}
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if known.get("tag"):
            headers["If-Range"] = known["tag"]
    try:
        answer = _opener().open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as refused:
        _refused(refused, url, part, have)
        return
    except (urllib.error.URLError, OSError, http.client.HTTPException) as problem:
        raise _Cut(_why(problem)) from problem
    with answer:
        start = _start(answer, have)
        length = int(answer.headers.get("Content-Length") or 0)
        whole = start + length if length else 0
        _check_size(url, part, whole, expected)
        tag = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        _about(part).write_text(json.dumps({"url": url, "tag": "" if tag.startswith("W/") else tag}))
        with part.open("r+b" if start else "wb") as file:
            file.truncate(start)
            file.seek(start)
            _pour(answer, file, start, expected or whole, expected or LARGEST, progress)
            file.flush()
            os.fsync(file.fileno())
    if _size(part) < (expected or whole):
        raise _Cut("the line was cut")


def _start(answer: Any, have: int) -> int:
    """Where the answer begins in the file: where ours ended, or at nothing."""
    if answer.status != 206:
        return 0
    told = answer.headers.get("Content-Range") or ""
    return (
        have if told.startswith(f"bytes {have}-") else 0 if told.startswith("bytes 0-") else _nonsense(told)
    )


def _nonsense(told: str) -> int:
    raise _Cut(f"another part came than was asked for ({told[:60] or 'none named'})")


def _check_size(url: str, part: Path, whole: int, expected: int) -> None:
    if (expected and whole and whole != expected) or whole > LARGEST:
        drop(part)
        raise RunError(
            f"{url} has {whole:,} bytes where there should be {expected or LARGEST:,}: it is not that model."
        )


def _refused(refused: urllib.error.HTTPError, url: str, part: Path, have: int) -> None:
    """An answer that says no: start anew, try again, or give up."""
    with refused:
        if refused.code == 416 and have:
            drop(part)
            raise _Cut("what was there did not fit") from refused
        if refused.code in (408, 425, 429) or refused.code >= 500:
            raise _Cut(f"the server answered {refused.code}") from refused
        raise RunError(
            f"{url} cannot be fetched (the server answered {refused.code}): look at the address, or name"
            " another with --url."
        ) from refused


def _pour(answer: IO[bytes], file: IO[bytes], done: int, whole: int, most: int, progress: Progress) -> None:
    progress(done, whole)
    while True:
        try:
            block = answer.read(BLOCK)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            rest = getattr(problem, "partial", b"")
            file.write(rest[: max(0, most - done)])
            file.flush()
            raise _Cut(_why(problem)) from problem
        if not block:
            return
        if done + len(block) > most:
            raise _Overlong
        file.write(block)
        done += len(block)
        progress(done, whole)


class _Careful(urllib.request.HTTPRedirectHandler):
    """Follows a redirection, but not from a guarded line to an open one, nor to a file."""

    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: str) -> Any:
        """As its parent; raises RunError where it leads somewhere it should not."""
        to = urllib.parse.urlsplit(newurl).scheme
        if to not in ("http", "https") or (req.type == "https" and to != "https"):
            raise RunError(f"{req.full_url} leads on to {newurl}, which is not safe to follow.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Careful)


# -- a file on this machine -------------------------------------------------------------------------------


def _local(url: str) -> Path:
    if urllib.parse.urlsplit(url).scheme != "file":
        return Path(url).expanduser()
    return Path(urllib.request.url2pathname(url.removeprefix("file:").removeprefix("//")))


def _copied(source: Path, part: Path, expected: int, progress: Progress) -> Sums:
    drop(part)
    try:
        whole = source.stat().st_size
        if source.is_dir():
            raise SetupError(
                f"{source} is a folder: give the archive, or use the folder as it is with --model."
            )
        if expected and whole != expected:
            raise RunError(
                f"{source} has {whole:,} bytes where there should be {expected:,}: it is not that model."
            )
        with source.open("rb") as opened, part.open("wb") as file:
            done = 0
            while block := opened.read(BLOCK):
                file.write(block)
                done += len(block)
                progress(done, whole)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        drop(part)
        raise SetupError(f"{source} cannot be read ({problem.strerror}); look at the path.") from problem
    return sums_of(part)


# -- what is remembered, and what is said -----------------------------------------------------------------


def _about(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _remembered(part: Path) -> dict[str, str]:
    try:
        told = json.loads(_about(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: str(value) for key, value in told.items()} if isinstance(told, dict) else {}


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _why(problem: Exception) -> str:
    """The shortest true reason."""
    reason = getattr(problem, "reason", problem)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "its certificate is not trusted here"
    if isinstance(reason, socket.gaierror):
        return "the address is not found; is this machine offline?"
    if isinstance(reason, TimeoutError):
        return f"nothing came for {TIMEOUT_SECONDS:.0f} s"
    if isinstance(reason, ConnectionRefusedError):
        return "nobody answers there"
    return str(getattr(reason, "strerror", None) or "the line was cut")


def _no_line(url: str, why: str, have: int) -> str:
    kept = (
        f"{have:,} bytes are kept, and the same command goes on from there; or" if have else "Try again, or"
    )
    return (
        f"{url} cannot be fetched ({why}). {kept} fetch the archive on a machine with a line, bring it here,"
        " and give its path with --url."
    )
