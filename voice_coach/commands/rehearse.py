"""voice-coach rehearse: a plan through the real recogniser; what was expected and did not happen."""

from __future__ import annotations

import argparse
import contextlib
import sys

from voice_coach.events import EventLog


def run(given: argparse.Namespace) -> int:
    """Hold the rehearsal; 1 when an expectation was not met."""
    from voice_coach.rehearsal.plan import read_plan
    from voice_coach.rehearsal.rehearse import rehearse

    plan = read_plan(given.plan)
    names = ("speaker", "events", "recognizer", "model", "noise_suppression", "second_ear")
    overrides = {name: value for name in names if (value := getattr(given, name)) is not None}
    with contextlib.closing(EventLog(overrides.get("events", plan.options.events), words=True)) as log:
        faults = rehearse(plan, log, **overrides)
    for fault in faults:
        print(f"{given.plan}: {fault}", file=sys.stderr)
    if not faults:
        print(f"{given.plan}: it went as expected.", file=sys.stderr)
    return 1 if faults else 0
