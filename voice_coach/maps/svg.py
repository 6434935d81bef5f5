"""A sheet as SVG.

Comes in: a sheet. Goes out: text that any browser shows; it holds no script and loads nothing.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from voice_coach.maps.layout import HIGH, LINE, WIDE, Box, Line, Point, Sheet
from voice_coach.maps.mermaid import STYLES


def svg(sheet: Sheet) -> str:
    """The whole drawing."""
    size = f'width="{sheet.width:.0f}" height="{sheet.height:.0f}"'
    view = f'viewBox="0 0 {sheet.width:.0f} {sheet.height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} font-family="sans-serif" font-size="9">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#fff"/>',
        *(_curve(line) for line in sheet.lines),
        *(_box(box) for box in sheet.boxes),
        *(_words(line) for line in sheet.lines),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def look(stance: str) -> dict[str, str]:
    """How a state of this stance looks: fill, stroke, and perhaps its width and dashes."""
    return dict(part.split(":") for part in STYLES[stance or "beyond"].split(","))


def _curve(line: Line) -> str:
    a, b, c, d = (_pair(point) for point in line.points)
    dash = ' stroke-dasharray="5 4"' if line.edge.perhaps else ""
    return f'<path d="M{a}C{b} {c} {d}" fill="none" stroke="#555"{dash} marker-end="url(#tip)"/>'


def _box(box: Box) -> str:
    style = " ".join(f'{name}="{value}"' for name, value in look(box.node.stance).items())
    round_by = 4 if box.node.stance else 20
    place = f'x="{box.x:.0f}" y="{box.y:.0f}" width="{WIDE:.0f}" height="{HIGH:.0f}"'
    frame = f'<rect {place} rx="{round_by}" {style}/>'
    if box.node.locked:
        inner = f'x="{box.x + 3:.0f}" y="{box.y + 3:.0f}" width="{WIDE - 6:.0f}" height="{HIGH - 6:.0f}"'
        frame += f'<rect {inner} rx="2" fill="none" stroke="{look(box.node.stance)["stroke"]}"/>'
    middle, top = box.x + WIDE / 2, box.y + (HIGH - LINE * len(box.lines)) / 2 + 4
    name = _text(box.node.name, middle, top, ' font-weight="bold"')
    return frame + name + "".join(_text(line, middle, top + LINE * n) for n, line in enumerate(box.lines, 1))


def _words(line: Line) -> str:
    x, y = line.middle
    y -= LINE * (len(line.words) - 1) / 2 - 3
    halo = ' stroke="#fff" stroke-width="3" paint-order="stroke" fill="#333"'
    return "".join(_text(words, x, y + LINE * n, halo) for n, words in enumerate(line.words))


def _text(words: str, x: float, y: float, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle"{more}>{escape(words)}</text>'


def _pair(point: Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
