"""Fixtures for what is seen and pressed: the English board, a page being served, and real Chromium."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

import pytest
from chromium import has_chromium, start_chromium
from shown_page import Shown

from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack
from voice_coach.screen.board import Board
from voice_coach.screen.process import Page
from voice_coach.screen.view import Screen
from voice_coach.setup_guide.words import with_setup


@pytest.fixture(scope="session")
def pack() -> Pack:
    return with_setup(load_pack("en"))


@pytest.fixture(scope="session")
def board(pack: Pack) -> Board:
    return Board(pack)


@pytest.fixture
def shown(board: Board) -> Iterator[Shown]:
    pressed: queue.Queue[str] = queue.Queue()
    page = Page(board, pressed.put)
    screen = Screen(board, page.show)
    yield Shown(page, screen, pressed)
    screen.notice({"event": "end", "why": "finished"})  # A page that saw no end would look for its session.
    page.close()


@pytest.fixture(scope="session")
def _chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not has_chromium():
        pytest.skip("needs Chromium and ChromeDriver")
    driver = start_chromium(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture
def chromium(_chromium: Any) -> Iterator[Any]:
    """The browser, on an empty page, which must not have complained of anything by the end."""
    _chromium.get_log("browser")
    yield _chromium
    complaints = [
        entry
        for entry in _chromium.get_log("browser")
        if "favicon" not in entry["message"] and not entry["message"].startswith("chrome://")
    ]
    _chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    _chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    _chromium.get("about:blank")
    assert not complaints
