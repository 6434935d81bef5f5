"""The pictograms: one family of simple drawings, and which of them stands on which key.

In: content/pictograms. Out: each drawing as text, a sprite for the page, and the table of keys. It draws
nothing itself and trusts no file: a drawing holds plain shapes only.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from voice_coach.errors import SetupError

SHAPES = frozenset({"g", "path", "circle", "rect", "ellipse", "line", "polyline", "polygon"})
"""All that a drawing may be made of: no script, no style, no link, no text."""
SVG = "http://www.w3.org/2000/svg"
VIEW_BOX = "0 0 48 48"
FRAME = (
    f'<svg xmlns="{SVG}" viewBox="{VIEW_BOX}" fill="none" stroke="currentColor" '
    'stroke-width="3" stroke-linecap="round" stroke-linejoin="round">'
)
"""Every drawing begins with exactly this: one size, one line, the colour of the text around it."""


def folder() -> Path:
    """Where the drawings stand. Raises SetupError when they are missing."""
    package = Path(str(files("voice_coach")))
    for place in (package / "_packs", package.parent):
        if (place / "content" / "pictograms").is_dir():
            return place / "content" / "pictograms"
    raise SetupError("The pictograms are missing from this installation; install voice-coach again.")


@cache
def drawings() -> dict[str, str]:
    """Name -> the shapes of a drawing, as SVG without its outer element, by name."""
    return {path.stem: shapes_of(path) for path in sorted(folder().glob("*.svg"))}


def shapes_of(path: Path) -> str:
    """The shapes of one drawing. Raises SetupError when it is no drawing of this family."""
    text = path.read_text(encoding="utf-8").strip()
    inner = text.removeprefix(FRAME).removesuffix("</svg>")
    names = set(re.findall(r"</?\s*([^\s/>]+)", inner))
    unframed = not text.startswith(FRAME) or not text.endswith("</svg>")
    if unframed or not names <= SHAPES or re.search(r"\bon\w+\s*=|style|href|url\(|&", inner):
        raise SetupError(f"The pictogram {path.name} is not one of plain shapes in the common frame.")
    return re.sub(r">\s+<", "><", inner.strip())


def sprite(names: set[str]) -> str:
    """The drawings of these names in one hidden element, each to be used as #p-NAME."""
    symbols = "".join(
        f'<symbol id="p-{name}" viewBox="{VIEW_BOX}">{shapes}</symbol>'
        for name, shapes in drawings().items()
        if name in names
    )
    return f'<svg xmlns="{SVG}" width="0" height="0" aria-hidden="true">{symbols}</svg>'


@cache
def key_table() -> dict[str, Any]:
    """content/pictograms/keys.toml: always, pictures and choices."""
    return tomllib.loads((folder() / "keys.toml").read_text(encoding="utf-8"))
