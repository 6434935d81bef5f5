"""Fixtures for what is seen and pressed: the English board, a page being served, and real Chromium."""

from __future__ import annotations

import queue
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Pack
from voice_coach.screen.board import Board
from voice_coach.screen.process import Page
from voice_coach.screen.view import Screen, View

CHROMIUM, DRIVER = "chromium", "chromedriver"
SWITCHES = (
    "headless=new",
    "no-sandbox",
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "disable-dev-shm-usage",
)
SIZES = ((320, 568), (390, 844), (1280, 720))
"""Width and height in CSS pixels: a small phone, a phone, a kiosk."""
SAID = {"s": "One", "l": "Two", "name": "Lifeline", "what": "someone to talk to", "digits": "one three"}


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("en")


@pytest.fixture(scope="session")
def board(pack: Pack) -> Board:
    return Board(pack)


@dataclass
class Shown:
    """A page being served, its screen fed with events by hand, and what was pressed on it."""

    page: Page
    screen: Screen
    pressed: queue.Queue[str] = field(default_factory=queue.Queue)

    def enter(self, state: str, phase: str = "listening") -> str:
        """Go through the events of one state up to a phase; returns what it said."""
        pack = self.screen._board.pack
        found = pack.states[state]
        text = " ".join(found.prompts[0].spoken)
        for slot, word in SAID.items():
            text = text.replace("{" + slot + "}", word)
        self.screen.notice({"event": "state", "name": state})
        self.screen.notice({"event": "prompt", "state": state, "text": text})
        if phase != "speaking":
            self.screen.notice({"event": "prompt_end"})
            self.screen.notice({"event": "listen", "state": state, "turn": found.listen})
        return text


@pytest.fixture
def shown(board: Board) -> Iterator[Shown]:
    pressed: queue.Queue[str] = queue.Queue()
    page = Page(board, pressed.put)
    yield Shown(page, Screen(board, page.show), pressed)
    page.close()


@pytest.fixture(scope="session")
def _chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not shutil.which(CHROMIUM) or not shutil.which(DRIVER):
        pytest.skip("needs Chromium and ChromeDriver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which(CHROMIUM))
    for switch in (*SWITCHES, f"user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(shutil.which(DRIVER))))
    driver.set_script_timeout(20)
    yield driver
    driver.quit()


@pytest.fixture
def chromium(_chromium: Any) -> Iterator[Any]:
    """The browser, on an empty page, which must not have complained of anything by the end."""
    _chromium.get_log("browser")
    yield _chromium
    complaints = [entry for entry in _chromium.get_log("browser") if "favicon" not in entry["message"]]
    for command in ("Emulation.clearDeviceMetricsOverride",):
        _chromium.execute_cdp_cmd(command, {})
    _chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    _chromium.get("about:blank")
    assert not complaints


def resize(driver: Any, width: int, height: int) -> None:
    """Give the page this many CSS pixels."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )


def until(driver: Any, script: str, *arguments: Any) -> Any:
    """Wait for a script to give something true; returns it."""
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, 10, poll_frequency=0.02).until(
        lambda found: found.execute_script(script, *arguments)
    )


def caption(driver: Any, text: str) -> None:
    """Wait until this is the caption."""
    until(driver, "return document.getElementById('caption').textContent === arguments[0]", text)


def tap(driver: Any, intent: str) -> None:
    """Click the key of an intent."""
    until(
        driver,
        "const k = document.querySelector(`[data-intent=${arguments[0]}]`); k && k.click(); return !!k",
        intent,
    )


def views() -> tuple[list[View], Callable[[View], None]]:
    """A list that fills, and what fills it."""
    found: list[View] = []
    return found, found.append


PRESS = """
const key = document.querySelector(`[data-intent=${arguments[0]}]`);
if (key) key.click();
return !!key;
"""
AXE = Path(__file__).with_name("axe-core") / "axe.min.js"
