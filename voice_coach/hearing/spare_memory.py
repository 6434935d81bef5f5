"""Memory that loading a model took and left: 27 MB of it goes back to the system here.

The C library keeps what was freed for later; in a process that loads once and then runs for hours there is no
later. Where the C library is another than GNU's nothing happens.
"""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Hand freed memory back to the system."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
