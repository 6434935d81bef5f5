"""Fixtures for every test: the virtual sound card."""

from __future__ import annotations

import signal

from virtual_sound_card import _card_for_all, sound_card

__all__ = ["_card_for_all", "sound_card"]

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # As in the background of a shell: the programs under test would not hear an interrupt either.
    signal.signal(signal.SIGINT, signal.default_int_handler)
