from __future__ import annotations

from pathlib import Path

import pytest
from toy_model import TOY_MODEL

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def words() -> Path:
    """The folder of recorded single words of real people."""
    folder = SHARED / "recordings" / "words"
    if not folder.is_dir():
        pytest.skip("the recordings of real people are not beside this checkout (../shared/recordings)")
    return folder


@pytest.fixture(scope="session")
def toy_model() -> Path:
    """A very small Vosk model made of synthetic speech."""
    return TOY_MODEL
