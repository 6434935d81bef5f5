"""Draws a pictogram's shapes into a PDF page, as lines and curves.

In: the shapes of a drawing (see screen.pictograms), 48 by 48, y downwards. Out: PDF drawing operators for the
same space. Arcs become Bezier curves (one for each quarter turn: off by less than 0.03 %).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree

LINE_WIDTH = 3.0
_TOKEN = re.compile(r"[MmLlHhVvCcSsAaZz]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}
Point = tuple[float, float]


def operators(shapes: str) -> str:
    """PDF operators that draw these shapes; the caller has set the space, black, and round ends."""
    root = ElementTree.fromstring(f"<g>{shapes}</g>")
    return "\n".join(_drawn(root, LINE_WIDTH))


def _drawn(element: ElementTree.Element, width: float) -> Iterator[str]:
    width = float(element.get("stroke-width", width))
    yield "q"
    if (moved := element.get("transform")) is not None:
        yield _matrix(moved)
    if element.tag == "g":
        for child in element:
            yield from _drawn(child, width)
    else:
        dashes = element.get("stroke-dasharray")
        yield f"{width:g} w" + (f" [{dashes}] 0 d" if dashes else "")
        yield from _outline(element)
        filled, lined = element.get("fill") == "currentColor", element.get("stroke") != "none"
        yield "B" if filled and lined else "f" if filled else "S"
    yield "Q"


def _matrix(transform: str) -> str:
    found = re.fullmatch(r"translate\((\S+) (\S+)\) scale\((\S+?)(?: (\S+))?\)", transform)
    if found is None:
        raise ValueError(f"no such transform: {transform}")
    x, y, across, down = found.groups()
    return f"{across} 0 0 {down or across} {x} {y} cm"


def _outline(element: ElementTree.Element) -> Iterator[str]:
    number = {name: float(value) for name, value in element.items() if re.fullmatch(r"[-\d.]+", value)}
    if element.tag == "circle":
        yield from _ellipse(number["cx"], number["cy"], number["r"], number["r"])
    elif element.tag == "rect":
        x, y, w, h, r = (number.get(name, 0.0) for name in ("x", "y", "width", "height", "rx"))
        turn = f"a{r} {r} 0 0 1 " if r else "l0 0 l"
        corners = [f"{turn}{r} {r}", f"{turn}{-r} {r}", f"{turn}{-r} {-r}", f"{turn}{r} {-r}"]
        across, down = w - 2 * r, h - 2 * r
        sides = [f"h{across}", f"v{down}", f"h{-across}", f"v{-down}"]
        yield from _path(f"M{x + r} {y}" + "".join(map("".join, zip(sides, corners, strict=True))) + "z")
    elif element.tag == "path":
        yield from _path(element.get("d", ""))
    else:
        raise ValueError(f"no such shape: {element.tag}")


def _ellipse(x: float, y: float, rx: float, ry: float) -> Iterator[str]:
    yield from _path(f"M{x - rx} {y}a{rx} {ry} 0 1 1 {2 * rx} 0a{rx} {ry} 0 1 1 {-2 * rx} 0z")


def _path(data: str) -> Iterator[str]:
    tokens = _TOKEN.findall(data)
    at = start = handle = (0.0, 0.0)
    command = ""
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        kind, relative = command.upper(), command.islower()
        given = [float(tokens.pop(0)) for _ in range(_ARGUMENTS[kind])]
        x, y = at if relative else (0.0, 0.0)
        if kind == "Z":
            yield "h"
            at = handle = start
        elif kind in "ML":
            at = handle = (x + given[0], y + given[1])
            yield f"{_xy(at)} {'m' if kind == 'M' else 'l'}"
            if kind == "M":
                start, command = at, "l" if relative else "L"
        elif kind in "HV":
            at = handle = (x + given[0], at[1]) if kind == "H" else (at[0], y + given[0])
            yield f"{_xy(at)} l"
        elif kind in "CS":
            points = [(x + given[i], y + given[i + 1]) for i in range(0, len(given), 2)]
            if kind == "S":
                points.insert(0, (2 * at[0] - handle[0], 2 * at[1] - handle[1]))
            handle, at = points[1], points[2]
            yield f"{' '.join(_xy(point) for point in points)} c"
        else:
            end = (x + given[5], y + given[6])
            yield from _arc(at, end, given)
            at = handle = end


def _arc(start: Point, end: Point, given: list[float]) -> Iterator[str]:
    """An elliptic arc without rotation, by the conversion of SVG's appendix B.2.4."""
    rx, ry, large, sweep = abs(given[0]), abs(given[1]), bool(given[3]), bool(given[4])
    dx, dy = (start[0] - end[0]) / 2 / rx, (start[1] - end[1]) / 2 / ry
    stretch = max(1.0, math.hypot(dx, dy))
    rx, ry, dx, dy = rx * stretch, ry * stretch, dx / stretch, dy / stretch
    far = math.sqrt(max(0.0, 1 / (dx * dx + dy * dy) - 1)) * (-1 if large == sweep else 1)
    cx = far * dy * rx + (start[0] + end[0]) / 2
    cy = -far * dx * ry + (start[1] + end[1]) / 2
    first = math.atan2((start[1] - cy) / ry, (start[0] - cx) / rx)
    last = math.atan2((end[1] - cy) / ry, (end[0] - cx) / rx)
    turn = (last - first) % (2 * math.pi) if sweep else -((first - last) % (2 * math.pi))
    count = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    step = turn / count
    reach = 4 / 3 * math.tan(step / 4)
    for i in range(count):
        a, b = first + i * step, first + (i + 1) * step
        points = (
            (math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
            (math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
            (math.cos(b), math.sin(b)),
        )
        yield " ".join(_xy((cx + rx * px, cy + ry * py)) for px, py in points) + " c"


def _xy(point: Point) -> str:
    return f"{point[0]:.2f} {point[1]:.2f}"
