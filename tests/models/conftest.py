"""The toy model as an archive, and a server on this machine that serves it well or badly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_server import BadServer
from toy_archive import zipped


@pytest.fixture(scope="session")
def archive() -> bytes:
    return zipped()


@pytest.fixture
def server(archive: bytes) -> Iterator[BadServer]:
    with BadServer(archive) as server:
        yield server


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where models go; it is not there yet."""
    return tmp_path / "data" / "models"
