"""Time in which this program could run, and news of a stretch in which it could not.

A laptop that sleeps, or a process that is stopped, is no program that hangs and no person who is silent. In:
looks at the clock. Out: seconds awake; how long a look took. The session's own time stays that of the sound.
"""

from __future__ import annotations

import time

_COUNTS_SLEEP = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""On Linux only CLOCK_BOOTTIME goes on while the machine sleeps, on macOS CLOCK_MONOTONIC does."""


def clock() -> float:
    """Seconds that go on while the machine sleeps, and that no setting of the time of day changes."""
    if _COUNTS_SLEEP is None:
        return time.monotonic()
    return time.clock_gettime(_COUNTS_SLEEP)


class AwakeClock:
    """A clock for patience with others: between two looks it counts no more than `longest` seconds."""

    def __init__(self, longest: float) -> None:
        """Whoever waits looks at least that often."""
        self._longest = longest
        self._seen = clock()
        self._awake = 0.0

    def now(self) -> float:
        """Seconds awake so far."""
        seen, self._seen = self._seen, clock()
        self._awake += min(self._seen - seen, self._longest)
        return self._awake


class Standstill:
    """Tells whether the program stood still since the last look."""

    def __init__(self, longest: float) -> None:
        """Longer than `longest` seconds between two looks is a standstill."""
        self._longest = longest
        self._seen = clock()

    def look(self) -> bool:
        """Whether it stood still until now."""
        seen, self._seen = self._seen, clock()
        return self._seen - seen > self._longest

    def begin_anew(self) -> None:
        """What was done since the last look took its time: that was no standstill."""
        self._seen = clock()
