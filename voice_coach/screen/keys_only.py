"""A session that goes on by keys and screen where a sound device is missing.

In: the options of a session. Out: the session, with silence in place of the microphone or speaker that is not
there. Sound that is there is used.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

from voice_coach.audio.absent import AbsentMicrophone
from voice_coach.audio.ports import Microphone
from voice_coach.conversation.dialogue import Conversation
from voice_coach.errors import RunError, SetupError
from voice_coach.events import EventLog
from voice_coach.packs.models import Pack
from voice_coach.session import Session, open_session
from voice_coach.settings import Options
from voice_coach.speaking.early import EarlyVoice

Talk = Callable[[Pack], Conversation]
"""Makes the conversation of a session from its pack."""


@contextlib.contextmanager
def open_seen_session(
    options: Options, log: EventLog, talk: Talk | None = None, early: EarlyVoice | None = None
) -> Iterator[Session]:
    """As open_session, but a microphone or speaker that is missing is no reason not to begin."""
    with contextlib.ExitStack() as stack:
        yield _open(stack, options, log, None, talk, early)


def _open(
    stack: contextlib.ExitStack,
    options: Options,
    log: EventLog,
    microphone: Microphone | None,
    talk: Talk | None,
    early: EarlyVoice | None = None,
) -> Session:
    try:
        return stack.enter_context(open_session(options, log, microphone, early, talk))
    except (SetupError, RunError) as fault:
        if fault.notice == "no_microphone" and microphone is None:
            microphone = AbsentMicrophone()
        elif fault.notice == "no_speaker" and options.speaker is None:
            options = replace(options, speaker="none")
        else:
            raise
        print(f"voice-coach: {fault} We go on by keys and screen.", file=sys.stderr)
    return _open(stack, options, log, microphone, talk)
