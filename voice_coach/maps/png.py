"""A sheet as a PNG picture, by Pillow.

Comes in: a sheet. Goes out: bytes. Pillow is an extra: nothing else in the program needs it.
"""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

from voice_coach.errors import SetupError
from voice_coach.maps.layout import HIGH, LINE, WIDE, Box, Line, Sheet
from voice_coach.maps.svg import look

SCALE = 2
"""Pixels for one point, so that small print can be read."""
STEPS, DASH = 24, 6.0
MISSING = 'A PNG needs the extra "map" (pip install "voice-coach[map]"); --format svg needs nothing.'


def png(sheet: Sheet) -> bytes:
    """The whole picture. Raises SetupError where the extra is not there."""
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError as problem:
        raise SetupError(MISSING) from problem
    size = round(sheet.width * SCALE), round(sheet.height * SCALE)
    picture = Image.new("RGB", size, "#fff")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(9 * SCALE)
    for line in sheet.lines:
        _curve(draw, line)
    for box in sheet.boxes:
        _box(draw, font, box)
    for line in sheet.lines:
        x, y = line.middle
        y -= LINE * (len(line.words) - 1) / 2
        for number, words in enumerate(line.words):
            _text(draw, font, words, x, y + LINE * number, "#333", halo=True)
    whole = io.BytesIO()
    picture.save(whole, "PNG", optimize=True)
    return whole.getvalue()


def _curve(draw: Any, line: Line) -> None:
    across = max(abs(line.points[3][axis] - line.points[0][axis]) for axis in (0, 1))
    steps = max(STEPS, round(across / DASH))
    points = [line.at(step / steps) for step in range(steps + 1)]
    scaled = [(x * SCALE, y * SCALE) for x, y in points]
    pieces = list(pairwise(scaled))
    for piece in pieces[:: 2 if line.edge.perhaps else 1]:
        draw.line(piece, fill="#555", width=SCALE)
    tip, (x, y) = scaled[-1], scaled[-2]
    along = (tip[0] - x, tip[1] - y)
    length = max(1.0, (along[0] ** 2 + along[1] ** 2) ** 0.5)
    ahead = along[0] / length * 6 * SCALE, along[1] / length * 6 * SCALE
    left = tip[0] - ahead[0] - ahead[1] / 2, tip[1] - ahead[1] + ahead[0] / 2
    right = tip[0] - ahead[0] + ahead[1] / 2, tip[1] - ahead[1] - ahead[0] / 2
    draw.polygon([tip, left, right], fill="#555")


def _box(draw: Any, font: Any, box: Box) -> None:
    style = look(box.node.stance)
    corners = [n * SCALE for n in (box.x, box.y, box.x + WIDE, box.y + HIGH)]
    round_by = (4 if box.node.stance else 20) * SCALE
    width = int(style.get("stroke-width", "1px")[:-2]) * SCALE
    draw.rounded_rectangle(corners, round_by, style["fill"], style["stroke"], width)
    if box.node.locked:
        inner = [corners[0] + 6, corners[1] + 6, corners[2] - 6, corners[3] - 6]
        draw.rounded_rectangle(inner, 4, None, style["stroke"], 1)
    middle, top = box.x + WIDE / 2, box.y + (HIGH - LINE * len(box.lines)) / 2
    _text(draw, font, box.node.name, middle, top, "#000")
    for number, line in enumerate(box.lines, 1):
        _text(draw, font, line, middle, top + LINE * number, "#333")


def _text(draw: Any, font: Any, words: str, x: float, y: float, fill: str, *, halo: bool = False) -> None:
    around = {"stroke_width": 3, "stroke_fill": "#fff"} if halo else {}
    draw.text((x * SCALE, y * SCALE), words, fill=fill, font=font, anchor="mm", **around)
