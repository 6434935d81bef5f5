"""CPU time and memory of this process and the program's children, the sound card left out."""

from __future__ import annotations

import os
from pathlib import Path


def _tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _tree(int(child))
    return found


def ours() -> list[int]:
    """Our process and the program's children, without the sound card."""
    programs = {pid: Path(f"/proc/{pid}/comm").read_text().strip() for pid in _tree(os.getpid())}
    return [pid for pid, program in programs.items() if program != "pulseaudio"]


def cpu() -> float:
    rows = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in ours()]
    return sum(int(row[11]) + int(row[12]) for row in rows) / os.sysconf("SC_CLK_TCK")


def resident() -> float:
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in ours()]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
