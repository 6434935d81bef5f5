"""Asking for a pass phrase: on the terminal, unseen, and nowhere else.

In: the person's keys. Out: the secret key, or a new pass phrase. It takes none from a command line, a pipe or
the environment, gives no hint, and waits longer after each wrong one.
"""

from __future__ import annotations

import getpass
import os
import sys
import time
from typing import Any

from voice_coach.errors import SetupError
from voice_coach.notes.sealing import Seal, WrongPassPhrase, check_pass_phrase

TRIES = 3
PAUSE_SECONDS = 1.0
"""After the first wrong one; twice as long after each further one (opening itself takes half a second)."""


def open_identity(seal: Seal) -> Any:
    """The secret key, after asking at most three times. Raises WrongPassPhrase."""
    for wrong in range(TRIES):
        try:
            return seal.open(ask("Pass phrase: "))
        except WrongPassPhrase:
            time.sleep(PAUSE_SECONDS * 2**wrong)
            if wrong + 1 == TRIES:
                raise
            print("That pass phrase does not open the notes.", file=sys.stderr)
    raise AssertionError


def new_pass_phrase() -> str:
    """A pass phrase typed twice. Raises SetupError when it is short or the two differ."""
    first = ask("New pass phrase: ")
    check_pass_phrase(first)
    if ask("The same again: ") != first:
        raise SetupError("The two were not the same; nothing was changed.")
    return first


def ask(prompt: str) -> str:
    """One line from the terminal, not shown. Raises SetupError where there is none."""
    if not _has_terminal():
        raise SetupError("A pass phrase is typed on a terminal only; run this command in one.")
    try:
        return getpass.getpass(prompt)
    except EOFError as end:
        raise SetupError("No pass phrase was typed; nothing was changed.") from end


def _has_terminal() -> bool:
    if os.name != "posix":
        return sys.stdin.isatty()
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
