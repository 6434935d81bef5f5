"""Run a plan through the real recogniser and say what was expected and did not happen.

In: a plan. Out: the unmet expectations, in plain sentences; none when all went as planned.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from voice_coach.coach import KeyPressed
from voice_coach.events import Event, EventLog
from voice_coach.rehearsal.person import Person
from voice_coach.rehearsal.plan import Expectation, Plan
from voice_coach.session import open_session

LONGEST_SECONDS = 3 * 3600.0
"""Audio time after which a rehearsal that has not ended is given up."""


class Witness:
    """Remembers which states were entered, which stances were spoken, and the end."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.spoken: list[tuple[str, str]] = []
        self.why: str | None = None

    def notice(self, event: Event) -> None:
        """Follow the session."""
        match event["event"]:
            case "state":
                self.states.append(event["name"])
            case "prompt":
                self.spoken.append((event["state"], event["stance"]))
            case "end":
                self.why = event["why"]


def rehearse(plan: Plan, log: EventLog, **overrides: Any) -> list[str]:
    """Hold the session; returns unmet expectations. Raises SetupError and RunError as a session does."""
    options = replace(plan.options, **overrides)
    if options.speaker is None:
        options = replace(options, speaker="none")
    if options.seed is None:
        options = replace(options, seed=0)
    if options.notes and options.notes_folder is None:
        # Made-up notes have no place among a person's own.
        with tempfile.TemporaryDirectory(prefix="voice-coach-rehearsal-") as folder:
            return rehearse(plan, log, **{**overrides, "notes_folder": str(Path(folder) / "notes")})
    person, witness = Person(plan.turns, plan.path.parent), Witness()
    log.follow(person.notice)
    log.follow(witness.notice)
    with open_session(options, log, person) as session:
        person.press = lambda intent: session.events.put(KeyPressed(intent))
        person.said = session.coach.note_said
        session.coach.run(until=LONGEST_SECONDS)
    return unmet(plan.expect, witness)


def unmet(expect: Expectation, witness: Witness) -> list[str]:
    """Each expectation that did not hold, as a sentence."""
    faults = []
    entered = iter(witness.states)
    for name in expect.states:
        if name not in entered:
            faults.append(f"{name} was not reached in this order (states: {' '.join(witness.states)}).")
            break
    faults += [
        f"{name} was reached, but never should be." for name in expect.never_states if name in witness.states
    ]
    if expect.never_stance is not None:
        said = [state for state, stance in witness.spoken if stance == expect.never_stance]
        faults += [
            f"{state} was spoken from the stance {expect.never_stance}." for state in dict.fromkeys(said)
        ]
    ended = witness.why not in {None, "gave up"}
    if expect.ends is not None and ended != expect.ends:
        faults.append("The session did not end." if expect.ends else f"The session ended ({witness.why}).")
    return faults
