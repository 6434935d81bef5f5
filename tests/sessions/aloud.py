"""A plan held through the real voice and the real recogniser, with what it needs to be there before.

In: a plan's path, and an empty folder. Out: what was unmet, and the states gone through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from toy_model import TOY_MODEL

from voice_coach.events import Event, EventLog
from voice_coach.notes.store import Store
from voice_coach.rehearsal.plan import read_plan
from voice_coach.rehearsal.rehearse import rehearse

KEPT = {"kept_notes": 2, "sealed_notes": 1}
"""Plans that begin where so many notes were kept before."""
SEALED = "sealed_notes"


@dataclass
class Held:
    """What came of a plan."""

    faults: list[str]
    events: list[Event] = field(default_factory=list)

    @property
    def states(self) -> list[Any]:
        """Gone through, in order."""
        return [event["name"] for event in self.events if event["event"] == "state"]

    @property
    def unheard(self) -> list[str]:
        """Where something was said and not understood."""
        return [
            event["state"] for event in self.events if event["event"] == "heard" and event["intent"] is None
        ]


def hold(path: Path, folder: Path) -> Held:
    """Hold it; `folder` takes the made-up notes."""
    plan = read_plan(path)
    given: dict[str, Any] = {"notes_folder": str(folder / "notes")} if plan.options.notes else {}
    if plan.options.recognizer == "vosk":
        given["model"] = str(TOY_MODEL)
    store = Store(folder / "notes")
    for number in range(KEPT.get(path.stem, 0)):
        store.add("md", f"thought {number}\n".encode(), date(2031, 5, 6))
    if path.stem == SEALED:
        store.start_sealing("four plain garden words")
        store.seal_all()
    held = Held([])
    log = EventLog(words=True)
    log.follow(held.events.append)
    held.faults = rehearse(plan, log, **given)
    return held
