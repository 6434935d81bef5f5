"""voice-coach wait: listen on this device for a few words, and begin a session when they are said."""

from __future__ import annotations

import argparse
import contextlib
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_coach.commands.options import session_options
from voice_coach.errors import RunError, SetupError
from voice_coach.settings import Options

if TYPE_CHECKING:
    from voice_coach.screen.standing import StandingScreen
    from voice_coach.speaking.early import EarlyVoice

RETRY_SECONDS = 2.0
"""Between two looks for a microphone that is not there."""


def run(given: argparse.Namespace) -> int:
    """Wait and hold sessions, one after another, until interrupted."""
    import voice_coach.session  # noqa: F401 (loaded before it is called for: a call is answered at once)
    from voice_coach.packs.load import load_pack
    from voice_coach.screen.standing import standing_screen
    from voice_coach.waking.phrase import wake_grammar

    options = session_options(given)
    grammar = wake_grammar(options.language, given.phrase)
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    screen = standing_screen(
        given, load_pack(options.language), grammar.phrases[0], lambda: events.put("key")
    )
    if hasattr(signal, "SIGUSR1"):
        # What a headset's key can be bound to: see docs/always-there.md.
        signal.signal(signal.SIGUSR1, lambda *_: events.put("key"))
    _check_speaker(options.speaker)
    print(f'Waiting. Say "{grammar.phrases[0]}" to begin; Ctrl-C ends.', file=sys.stderr)
    with contextlib.nullcontext() if screen is None else screen.shown(given, headset=options.headset_keys):
        _wait_and_hold(options, grammar, events, screen, once=given.once)
    return 0


def _check_speaker(spec: str | None) -> None:
    """A name that is not there may be a headset that is off; one of two devices would never speak."""
    from voice_coach.audio.devices import speaker_fault

    fault = speaker_fault(spec)
    if fault is not None and fault.notice == "several":
        raise fault
    if fault is not None:
        print(f"voice-coach: {fault} It is looked for again at each call.", file=sys.stderr)


def _wait_and_hold(
    options: Options,
    grammar: Any,
    events: queue.SimpleQueue[Any],
    screen: StandingScreen | None,
    *,
    once: bool,
) -> None:
    from voice_coach.speaking.early import begin_voice

    told = False
    while True:
        early = begin_voice(options.voice, options.language)
        if screen is not None:
            screen.wait()
        called = _wait(options, grammar, events)
        while called == "lost":
            if not told:
                print("voice-coach: there is no microphone now; it waits for one.", file=sys.stderr)
                told = True
            called = "key" if _other(events, RETRY_SECONDS) else _wait(options, grammar, events)
        if called == "over":
            early.voice.close()
            return
        _session(options, early, screen)
        while not events.empty():
            events.get()  # A key pressed, or a call said, before the session was over begins no other.
        told = False
        if once:
            return


def _wait(options: Options, grammar: Any, events: queue.SimpleQueue[Any]) -> str:
    from dataclasses import replace

    from voice_coach.audio.devices import libraries_hushed, open_microphone, rescan
    from voice_coach.audio.serial_executor import PORTAUDIO, close_all
    from voice_coach.hearing.choice import choose_recognizer
    from voice_coach.hearing.process import HearingProcess
    from voice_coach.waking.waker import wait_for_call

    choice = choose_recognizer(
        options.recognizer,
        Path(options.model) if options.model else None,
        options.language,
        second_ear=options.second_ear,
        noise_suppression="off",
    )
    with contextlib.ExitStack() as stack:
        stack.enter_context(libraries_hushed())
        microphone = open_microphone(options.microphone, relaxed=True)
        try:
            PORTAUDIO.submit(lambda: microphone.open(events.put)).result()
        except (SetupError, RunError) as fault:
            if not microphone.live or fault.notice == "several":
                raise
            if fault.notice == "no_microphone":
                PORTAUDIO.submit(rescan).result()
            return "lost"
        stack.callback(close_all, [microphone.close])
        hearing = HearingProcess(replace(choice, waking=True), events.put)
        # Its process takes a third of a second to end, and the session that was called for must not wait.
        stack.callback(threading.Thread(target=hearing.close, name="hearing-close").start)
        hearing.start()
        hearing.use(grammar)
        return wait_for_call(microphone, hearing, grammar, events)


def _session(options: Options, early: EarlyVoice, screen: StandingScreen | None) -> None:
    """A session in this process; what goes wrong in it is told, and the waiting goes on."""
    from voice_coach.commands.start import show_trouble
    from voice_coach.events import EventLog
    from voice_coach.screen.keys_only import open_seen_session
    from voice_coach.session import open_session

    try:
        with contextlib.closing(EventLog(options.events)) as log:
            log.follow(show_trouble)
            opened = (
                open_session(options, log, early=early)
                if screen is None
                else open_seen_session(options, log, early=early)
            )
            with opened as session:
                if screen is not None:
                    screen.follow(session)
                session.coach.confirm_wake()
                session.coach.run()
    except (SetupError, RunError) as fault:
        print(f"voice-coach: {fault}", file=sys.stderr)


def _other(events: queue.SimpleQueue[Any], seconds: float) -> bool:
    """Whether a key asked for a session meanwhile."""
    try:
        return bool(events.get(timeout=seconds) == "key")
    except queue.Empty:
        return False
