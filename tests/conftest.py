"""Fixtures for every test: the virtual sound card."""

from __future__ import annotations

from virtual_sound_card import _card_for_all, sound_card

__all__ = ["_card_for_all", "sound_card"]
