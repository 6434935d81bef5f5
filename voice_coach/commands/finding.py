"""What `doctor` finds of one part, and how grave it is.

In: what was seen. Out: plain data. It prints nothing and looks at nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

GOOD, REMARK, BAD = "good", "remark", "bad"


@dataclass(frozen=True)
class Finding:
    """What was found of one part."""

    part: str
    state: str
    what: str
    remedy: str = ""
    needed: bool = True
    """Whether a session by voice fails without it."""


def bad(part: str, fault: Exception) -> Finding:
    """A part that failed; what stands after the first "; " of the fault is the remedy."""
    what, _, remedy = str(fault).partition("; ")
    return Finding(part, BAD, what, remedy)
