"""How the page is opened: in a kiosk that ends with the session, and not where there is no desktop."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from voice_coach.screen.browser import KIOSKS, opened_in_browser

ADDRESS = "http://127.0.0.1:9/token/"


@pytest.fixture
def stub_chromium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stub that stands for Chromium: it writes down what it was asked for, and stays."""
    told = tmp_path / "told"
    os.mkfifo(told)
    program = tmp_path / "chromium"
    program.write_text(f'#!/bin/sh\necho $$ "$@" > {told}\nexec sleep 60\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("DISPLAY", ":0")
    return told


def test_a_kiosk_fills_the_screen_remembers_nothing_and_ends_with_the_session(stub_chromium: Path) -> None:
    with opened_in_browser(ADDRESS, kiosk=True) as opened:
        assert opened
        pid, *arguments = stub_chromium.read_text().split()
        assert arguments == [*KIOSKS["chromium"], ADDRESS]
        assert {"--kiosk", "--incognito"} <= set(arguments)
    ended = threading.Event()
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        except OSError:
            break
        if state == "Z":
            break
        ended.wait(0.05)
    else:
        pytest.fail("the kiosk outlives its session")


def test_where_there_is_no_desktop_none_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    with opened_in_browser(ADDRESS, kiosk=True) as opened:
        assert not opened
