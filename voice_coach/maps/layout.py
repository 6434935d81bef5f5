"""Where the states of a journey stand on a sheet: in rows, by how many answers they are from the start.

Comes in: a graph. Goes out: boxes and lines in points. It draws nothing. Rows by breadth first, then each row
is put in the order of the middle of its neighbours a few times (Sugiyama's way, without its finer steps).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from textwrap import wrap

from voice_coach.maps.journeys import Edge, Graph, Node
from voice_coach.maps.mermaid import label

WIDE, HIGH, BESIDE, BELOW, MARGIN = 170.0, 56.0, 46.0, 92.0, 40.0
LINE = 11.0
ASIDE, ARC = 30.0, 30.0
SWEEPS = 12
WORDS_AT = (0.3, 0.5, 0.68, 0.4, 0.6)
PURPOSE_LETTERS, LABEL_LETTERS = 30, 24

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A state; x and y are its upper left corner."""

    node: Node
    x: float
    y: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """An edge as a cubic curve with words on it."""

    edge: Edge
    points: tuple[Point, Point, Point, Point]
    words: tuple[str, ...]
    words_at: float
    """Where on the curve they stand, so that those of neighbours do not cover each other."""

    def at(self, share: float) -> Point:
        """A point of the curve, from 0 at its beginning to 1."""
        a, b, c, d = self.points
        u = 1 - share
        weights = (u**3, 3 * u * u * share, 3 * u * share * share, share**3)
        return (
            sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
            sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
        )


@dataclass(frozen=True)
class Sheet:
    """All of it."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def lay_out(graph: Graph) -> Sheet:
    """The sheet of a graph; the same for the same graph."""
    rows = _ordered(_rows(graph), graph)
    most = max(len(row) for row in rows)
    width = most * (WIDE + BESIDE) - BESIDE + 2 * MARGIN
    boxes: dict[str, Box] = {}
    nodes = {node.name: node for node in graph.nodes}
    for number, row in enumerate(rows):
        begin = (width - len(row) * (WIDE + BESIDE) + BESIDE) / 2
        for place, name in enumerate(row):
            words = tuple(wrap(nodes[name].purpose, PURPOSE_LETTERS)[:3]) if nodes[name].stance else ()
            x, y = begin + place * (WIDE + BESIDE), MARGIN + number * (HIGH + BELOW)
            boxes[name] = Box(nodes[name], x, y, words)
    nth: dict[str, int] = defaultdict(int)
    lines: list[Line] = []
    for edge in graph.edges:
        share = WORDS_AT[nth[edge.source] % len(WORDS_AT)]
        nth[edge.source] += 1
        lines.append(_line(edge, boxes[edge.source], boxes[edge.dest], share))
    height = len(rows) * (HIGH + BELOW) - BELOW + 2 * MARGIN
    return Sheet(width, height, tuple(boxes.values()), tuple(lines))


def _rows(graph: Graph) -> list[list[str]]:
    leading: dict[str, list[str]] = defaultdict(list)
    entered = {edge.dest for edge in graph.edges if edge.source != edge.dest}
    for edge in graph.edges:
        leading[edge.source].append(edge.dest)
    names = [node.name for node in graph.nodes]
    starts = [name for name in names if name not in entered] or names[:1]
    row: dict[str, int] = {}
    for start in [*starts, *names]:
        if start in row:
            continue
        row[start] = 0
        left = [start]
        for name in left:
            for dest in leading[name]:
                if dest not in row:
                    row[dest] = row[name] + 1
                    left.append(dest)
    rows: list[list[str]] = [[] for _ in range(max(row.values()) + 1)]
    for name in names:
        rows[row[name]].append(name)
    return rows


def _ordered(rows: list[list[str]], graph: Graph) -> list[list[str]]:
    near: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        near[edge.source].append(edge.dest)
        near[edge.dest].append(edge.source)
    for _ in range(SWEEPS):
        place = {name: at / max(1, len(row)) for row in rows for at, name in enumerate(row)}
        for row in rows:
            middles = {n: sum(place[o] for o in near[n]) / len(near[n]) if near[n] else place[n] for n in row}
            row.sort(key=lambda name, middles=middles: middles[name])  # type: ignore[misc]
    return rows


def _line(edge: Edge, source: Box, dest: Box, share: float) -> Line:
    words = tuple(wrap(label(edge), LABEL_LETTERS))
    middle = source.x + WIDE / 2, dest.x + WIDE / 2
    if source is dest:
        right = source.x + WIDE
        points: tuple[Point, Point, Point, Point] = (
            (right, source.y + HIGH * 0.3),
            (right + 40, source.y),
            (right + 40, source.y + HIGH),
            (right, source.y + HIGH * 0.7),
        )
    elif dest.y > source.y:
        begin, end = (middle[0], source.y + HIGH), (middle[1], dest.y)
        bend = (end[1] - begin[1]) / 2
        points = begin, (begin[0], begin[1] + bend), (end[0], end[1] - bend), end
    elif dest.y == source.y:
        # Over the tops, so that what stands between is not crossed out.
        begin, end = (middle[0] + ASIDE, source.y), (middle[1] - ASIDE, dest.y)
        over = source.y - min(BELOW, ARC + abs(end[0] - begin[0]) * 0.1)
        points = begin, (begin[0], over), (end[0], over), end
    else:
        begin, end = (middle[0] + ASIDE, source.y), (middle[1] + ASIDE, dest.y + HIGH)
        bend = (begin[1] - end[1]) / 2
        points = begin, (begin[0], begin[1] - bend), (end[0], end[1] + bend), end
    return Line(edge, points, words, share)
