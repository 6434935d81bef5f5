"""Opens the page in the person's browser, or full screen.

In: an address. Out: a browser that shows it, or nothing. It waits for nothing and never fails: the address is
printed too.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Iterator

KIOSKS = {
    "chromium": ["--kiosk", "--incognito", "--no-first-run"],
    "chromium-browser": ["--kiosk", "--incognito", "--no-first-run"],
    "google-chrome": ["--kiosk", "--incognito", "--no-first-run"],
    "microsoft-edge": ["--kiosk", "--inprivate", "--no-first-run"],
    "firefox": ["--kiosk", "--private-window"],
}
"""Browsers that can fill the screen, and how; none of them remembers the address."""


@contextlib.contextmanager
def opened_in_browser(address: str, *, kiosk: bool) -> Iterator[bool]:
    """Show it while the block runs; gives whether a browser was asked to."""
    if not _has_desktop():
        yield False
        return
    program = next((name for name in KIOSKS if shutil.which(name)), None) if kiosk else None
    if program is None:
        threading.Thread(target=webbrowser.open, args=(address,), name="browser", daemon=True).start()
        yield True
        return
    browser = subprocess.Popen(
        [program, *KIOSKS[program], address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield True
    finally:
        browser.terminate()


def _has_desktop() -> bool:
    """Whether a window can be opened: a browser for the terminal would take the keyboard away."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
