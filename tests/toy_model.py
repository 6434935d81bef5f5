"""Where the toy Vosk model of the tests stands: real libvosk loads it, no person is ever to meet it."""

from __future__ import annotations

from pathlib import Path

TOY_MODEL = Path(__file__).parent / "hearing" / "toy-vosk-model-not-for-people"
"""58 words of synthetic speech; scripts/make_tiny_vosk_model makes it anew."""
