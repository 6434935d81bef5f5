"""Holds the setup talk, by itself or before a person's very first session.

In: the command's arguments. Out: the guide with its answers. It is never held with anything but a live
microphone, unless a screen stands in for it.
"""

from __future__ import annotations

import argparse
import contextlib

from voice_coach.commands.options import session_options
from voice_coach.events import EventLog
from voice_coach.packs.models import Pack
from voice_coach.places import settings_path
from voice_coach.screen.board import Board
from voice_coach.screen.display import captions_wanted, displayed
from voice_coach.screen.keys_only import open_seen_session
from voice_coach.session import open_session
from voice_coach.settings_file import write_template
from voice_coach.setup_guide.guide import GATE, SetupGuide
from voice_coach.setup_guide.save import save
from voice_coach.setup_guide.words import with_setup


def hold(given: argparse.Namespace, *, offer: bool) -> SetupGuide:
    """The whole talk. Raises SetupError and RunError as a session does."""
    guides: list[SetupGuide] = []

    options = session_options(given)

    def talk(pack: Pack) -> SetupGuide:
        guides.append(SetupGuide(with_setup(pack), offer=offer, volume=options.volume, pace=options.pace))
        return guides[0]

    # A terminal shows it too; but a first session there has a typed way of its own.
    seen = given.screen is not None or (not offer and captions_wanted(given) != "off")
    open_it = open_seen_session if seen else open_session
    with (
        contextlib.closing(EventLog(options.events)) as log,
        open_it(options, log, talk=talk) as session,
        displayed(
            given,
            session,
            Board(session.pack),
            gates=frozenset({GATE}),
            headset=options.headset_keys,
        ),
    ):
        session.coach.run()
    return guides[0]


def set_up_first(given: argparse.Namespace) -> bool:
    """Before a first session; returns whether the session is to follow.

    Left out, it is not held again unasked. Where nobody answered anything, nothing is written.
    """
    guide = hold(given, offer=True)
    if guide.finished and guide.answered:
        save(guide.answers, settings_path())
    elif guide.declined and not settings_path().exists():
        write_template(settings_path())
    return guide.finished or guide.declined
