"""The files of the page, filled with a pack's words and the pictures it needs.

In: a board. Out: bytes by name. Everything comes with the package; nothing points anywhere else.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template

from voice_coach.screen.board import Board
from voice_coach.screen.pictograms import FRAME, drawings, sprite

ICON = "ear"


def page_files(board: Board) -> dict[str, tuple[str, bytes]]:
    """Name -> media type and content; "" is the page itself."""
    icon = f"{FRAME}{drawings()[ICON]}</svg>".replace("currentColor", "#767676")
    return {
        "": ("text/html; charset=utf-8", _page(board)),
        "page.css": ("text/css; charset=utf-8", _read("page.css").encode()),
        "page.js": ("text/javascript; charset=utf-8", _read("page.js").encode()),
        "icon.svg": ("image/svg+xml", icon.encode()),
    }


def _page(board: Board) -> bytes:
    words = board.words
    slots = {
        "language": words.language,
        "direction": words.direction,
        "title": words.title,
        "choices": words.choices,
        "always": words.always,
        "shortcuts": words.shortcuts,
        "starting": words.phases["starting"],
        "off": words.phases["off"],
        "elsewhere": words.signs["elsewhere"],
    }
    slots = {slot: escape(word) for slot, word in slots.items()}
    return Template(_read("index.html")).substitute(slots, sprite=sprite(board.pictures())).encode()


def _read(name: str) -> str:
    return (files("voice_coach") / "screen" / "page" / name).read_text(encoding="utf-8")
