"""The catalogue: what it holds of each model is really known."""

from __future__ import annotations

import re

import pytest

from voice_coach.errors import SetupError
from voice_coach.models.catalogue import catalogue, check_name, find, first_for, language_of


def test_every_entry_can_be_fetched_and_compared() -> None:
    entries = catalogue()
    assert len({entry.name for entry in entries}) == len(entries) > 20
    for entry in entries:
        assert entry.url.startswith("https://")
        assert entry.url.endswith(f"/{check_name(entry.name)}.zip")
        assert 10_000_000 < entry.bytes < 400_000_000
        assert re.fullmatch(r"[0-9a-f]{32}|", entry.md5)
        assert re.fullmatch(r"[0-9a-f]{64}|", entry.sha256)
        assert entry.md5 or entry.sha256
        assert entry.licence in {"", "Apache-2.0"}


def test_a_model_is_found_with_and_without_its_prefix() -> None:
    assert find("small-en-us-0.15") == find("vosk-model-small-en-us-0.15") is not None
    assert find("en") is None


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "vosk-model-small-en-us-0.15"),
        ("en-GB", "vosk-model-small-en-gb-0.15"),
        ("en-ZA", "vosk-model-small-en-us-0.15"),
        ("zh", "vosk-model-small-cn-0.22"),
        ("fi", None),
    ],
)
def test_the_first_model_of_a_language_is_a_small_one(language: str, name: str | None) -> None:
    first = first_for(language)
    assert (first.name if first else None) == name


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("vosk-model-small-cn-0.22", "zh"),
        ("vosk-model-en-us-0.22", "en"),
        ("vosk-model-de-0.21", "de"),
        ("vosk-model-small-cs-0.4-rhasspy", "cs"),
        ("vosk-model-small-uk-v3-small", "uk"),
        ("vosk-model-spk-0.4", ""),
        ("toy-vosk-model-not-for-people", ""),
        ("model", ""),
        ("small", ""),
    ],
)
def test_a_models_name_tells_its_language_or_nothing(name: str, language: str) -> None:
    assert language_of(name) == language


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a\\b", "/etc", "x" * 101, "a\n", "ä"])
def test_a_name_that_could_lead_elsewhere_is_none(name: str) -> None:
    with pytest.raises(SetupError):
        check_name(name)
