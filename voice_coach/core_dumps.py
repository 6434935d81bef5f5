"""No picture of this process's memory is ever written: it may hold what somebody said.

In: nothing. Out: the operating system's promise not to dump this process when it crashes, and (on Linux) not
to show its memory to other programs of the same user. Called first thing by the program and by each of its
child processes: a new program starts without the second promise.
"""

from __future__ import annotations

import contextlib
import sys

_PR_SET_DUMPABLE = 4


def forbid_core_dumps() -> None:
    """Ask for it; where a system knows none of it, nothing happens."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # A limit of 0 does not hold where crashes are piped to a collector; this does.
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
