"""Debian's Chromium, headless, driven through ChromeDriver; neither asks anything of any network."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

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


def has_chromium() -> bool:
    """Whether both are installed."""
    return shutil.which(CHROMIUM) is not None and shutil.which(DRIVER) is not None


def start_chromium(folder: Path) -> Any:
    """A browser with a new profile in this folder; quit() ends it."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which(CHROMIUM))
    for switch in (*SWITCHES, f"user-data-dir={folder}"):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(shutil.which(DRIVER))))
    driver.set_script_timeout(20)
    return driver
