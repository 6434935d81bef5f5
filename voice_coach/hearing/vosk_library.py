"""Loads libvosk's Python part without the downloader that comes with it.

In: nothing. Out: the module vosk. Its downloader wants requests, which opens a socket when imported (urllib3
looks whether there is IPv6), and takes a tenth of a second; here it is never used, so it is not let in.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

NOT_NEEDED = ("requests", "srt", "tqdm")
"""What vosk imports for downloads, subtitles and progress."""


def load_vosk() -> Any:
    """The module, with its log silenced."""
    stand_ins = [name for name in NOT_NEEDED if name not in sys.modules]
    for name in stand_ins:
        sys.modules[name] = ModuleType(name)
        setattr(sys.modules[name], name, None)  # from tqdm import tqdm
    try:
        import vosk
    finally:
        for name in stand_ins:
            del sys.modules[name]
    vosk.SetLogLevel(-1)
    return vosk
