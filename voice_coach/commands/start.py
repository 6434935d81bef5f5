"""voice-coach start: a session by voice; typed where there is no microphone; or the shipped example."""

from __future__ import annotations

import argparse
import contextlib
import gc
import sys

from voice_coach.commands.options import session_options
from voice_coach.errors import RunError, SetupError
from voice_coach.events import Event, EventLog
from voice_coach.places import settings_path

EXAMPLE = {
    "no_microphone": "To hear an example session, use: voice-coach start --demo",
    "no_model": "",
    "no_speaker": "To make an example session, use: voice-coach start --demo --speaker wav:example.wav",
}
"""What can be done without each, where nobody can type either; typed it goes on without any of them."""


def run(given: argparse.Namespace) -> int:
    """Hold the session."""
    if given.demo:
        return _demo(given)
    if not _set_up_first(given):
        return 0
    gc.disable()  # Until all is made: looking for waste costs a fifth of the time to the first word.
    options = session_options(given)
    early = None
    if given.screen is None:
        from voice_coach.speaking.early import begin_voice

        early = begin_voice(options.voice, options.language)
    from voice_coach.screen.keys_only import open_seen_session
    from voice_coach.session import open_session

    with contextlib.closing(EventLog(options.events)) as log:
        log.follow(show_trouble)
        try:
            opened = (
                open_seen_session(options, log) if early is None else open_session(options, log, early=early)
            )
            with opened as session:
                from voice_coach.screen.display import displayed

                print(session.hearing_notice, file=sys.stderr)
                with displayed(given, session, headset=options.headset_keys):
                    session.coach.run()
        except (SetupError, RunError) as fault:
            if fault.notice not in EXAMPLE:
                raise
            if not sys.stdin.isatty():
                raise type(fault)(f"{fault} {EXAMPLE[fault.notice]}".strip()) from fault
            print(f"voice-coach: {fault} We go on typed.", file=sys.stderr)
            from voice_coach.commands.text import converse

            converse(options, log)
    return 0


def show_trouble(event: Event) -> None:
    """Print what no longer works, as it happens."""
    if event["event"] == "trouble":
        print(f"voice-coach: {event['text']}", file=sys.stderr)


def _set_up_first(given: argparse.Namespace) -> bool:
    """Before the very first session, the few questions of the set-up; returns whether the session follows."""
    asked = (given.mode, given.time, given.events, given.seed, given.microphone, given.speaker)
    if any(value is not None for value in asked) or settings_path().exists():
        return True
    from voice_coach.setup_guide.first_run import set_up_first

    try:
        return set_up_first(given)
    except (SetupError, RunError) as fault:
        if fault.notice not in EXAMPLE:
            raise
        return True  # Without sound the session itself says so, and knows a way.


def _demo(given: argparse.Namespace) -> int:
    """A plan that ships with the pack, aloud, with what both say on the terminal."""
    from voice_coach.packs.load import pack_folder
    from voice_coach.rehearsal.plan import read_plan
    from voice_coach.rehearsal.rehearse import rehearse

    plan = read_plan(pack_folder("content", given.language or "en") / "plans" / "demo.toml")
    said = {
        "speaker": given.speaker or "default",
        "events": given.events,
        "recognizer": given.recognizer or "auto",
    }
    with contextlib.closing(EventLog(given.events, words=True)) as log:
        if given.events != "-":
            log.follow(_transcribe)
        try:
            faults = rehearse(plan, log, **said)
        except (SetupError, RunError) as fault:
            if fault.notice != "no_speaker" or given.speaker is not None:
                raise
            print(f"voice-coach: {fault} The example goes on to be read.", file=sys.stderr)
            faults = rehearse(plan, log, **{**said, "speaker": "none"})
    if faults:
        raise RunError(" ".join(faults))
    return 0


def _transcribe(event: Event) -> None:
    if event["event"] == "prompt":
        print(f"  coach: {event['text']}", flush=True)
    elif event["event"] == "said":
        print(f"  person: {event['text']}", flush=True)
