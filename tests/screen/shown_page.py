"""A page being served and fed by hand, and what a test does with it in the browser."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voice_coach.screen.process import Page
from voice_coach.screen.view import Screen, View

SIZES = ((320, 568), (390, 844), (1280, 720))
"""Width and height in CSS pixels: a small phone, a phone, a kiosk."""
SAID = {
    **{"s": "One", "l": "Two", "name": "Lifeline", "what": "someone to talk to", "digits": "one three"},
    **{"line": "Lifeline", "line_digits": "one three", "emergency_digits": "triple zero"},
}


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
