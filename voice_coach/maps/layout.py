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
LINE, LETTER = 11.0, 6.6
"""Height of a line of words, and the width of a letter of 9 points where most are capitals."""
ASIDE, ARC = 30.0, 0.33
SWEEPS = 12
WORDS_AT = (0.3, 0.5, 0.68, 0.4, 0.6, 0.2, 0.8, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.15, 0.85)
"""Where on its curve the words of an edge may stand, best first; neighbours begin with different ones."""
SIDEWAYS = (0.0, 0.25, -0.25, 0.45, -0.45)
"""How far aside of the curve, in widths of the words: they still touch it."""
MORE_ROOM, MOST_ROOM = 1.25, 60
"""Where some words find no room, two rows move apart by so much, at most so many times."""
PURPOSE_LETTERS, LABEL_LETTERS = 30, 24

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Box:
    """A state; x and y are its upper left corner."""

    node: Node
    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def around(self) -> Area:
        """The area it takes."""
        return self.x, self.y, self.x + WIDE, self.y + HIGH


@dataclass(frozen=True)
class Line:
    """An edge as a cubic curve with words on it."""

    edge: Edge
    points: Curve
    words: tuple[str, ...]
    middle: Point
    """Where the middle of the words stands: over no box, and over no other words."""

    def at(self, share: float) -> Point:
        """A point of the curve, from 0 at its beginning to 1."""
        return _at(self.points, share)

    @property
    def around(self) -> Area:
        """The area that the words take."""
        return _around(self.middle, self.words)


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
    above = [MARGIN, *(BELOW for _ in rows[1:]), MARGIN]
    for _ in range(MOST_ROOM):
        sheet = _sheet(graph, rows, above)
        if isinstance(sheet, Sheet):
            return sheet
        above[sheet] *= MORE_ROOM
    raise AssertionError(f"no room for the words of {graph.name}")


def _sheet(graph: Graph, rows: list[list[str]], above: list[float]) -> Sheet | int:
    """The sheet with so much room above each row; a row where words would stand over others."""
    most = max(len(row) for row in rows)
    width = most * (WIDE + BESIDE) - BESIDE + 2 * MARGIN
    boxes: dict[str, Box] = {}
    nodes = {node.name: node for node in graph.nodes}
    y = -HIGH
    for row, room in zip(rows, above, strict=False):
        begin = (width - len(row) * (WIDE + BESIDE) + BESIDE) / 2
        y += HIGH + room
        for place, name in enumerate(row):
            words = tuple(wrap(nodes[name].purpose, PURPOSE_LETTERS)[:3]) if nodes[name].stance else ()
            boxes[name] = Box(nodes[name], begin + place * (WIDE + BESIDE), y, words)
    number = {name: at for at, row in enumerate(rows) for name in row}
    nth: dict[str, int] = defaultdict(int)
    lines: list[Line] = []
    taken = [box.around for box in boxes.values()]
    for edge in graph.edges:
        source, dest = number[edge.source], number[edge.dest]
        below = edge.source == edge.dest or dest > source
        room = source + 1 if below else dest if dest == source else dest + 1
        points = _curve(boxes[edge.source], boxes[edge.dest], above[room])
        words = tuple(wrap(label(edge), LABEL_LETTERS))
        middle = _room(points, words, nth[edge.source], taken, width)
        if middle is None:
            return room
        nth[edge.source] += 1
        lines.append(Line(edge, points, words, middle))
        taken.append(lines[-1].around)
    return Sheet(width, y + HIGH + above[-1], tuple(boxes.values()), tuple(lines))


def _room(points: Curve, words: tuple[str, ...], first: int, taken: list[Area], width: float) -> Point | None:
    """Where on the curve these words stand over nothing that is there; None where there is no room."""
    begin = first % 5
    left, _, right, _ = _around((0.0, 0.0), words)
    for share in (*WORDS_AT[begin:], *WORDS_AT[:begin]):
        x, y = _at(points, share)
        for aside in SIDEWAYS:
            middle = x + aside * (right - left), y
            area = _around(middle, words)
            if area[0] >= 0 and area[2] <= width and not any(_meet(area, other) for other in taken):
                return middle
    return None


def _around(middle: Point, words: tuple[str, ...]) -> Area:
    wide, high = max(map(len, words), default=0) * LETTER, len(words) * LINE
    return middle[0] - wide / 2, middle[1] - high / 2, middle[0] + wide / 2, middle[1] + high / 2


def _meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _at(points: Curve, share: float) -> Point:
    u = 1 - share
    weights = (u**3, 3 * u * u * share, 3 * u * share * share, share**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y


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


def _curve(source: Box, dest: Box, room: float) -> Curve:
    """From one box to the other; `room`: between its row and the next, where it bends to."""
    middle = source.x + WIDE / 2, dest.x + WIDE / 2
    if source is dest:
        right, foot = source.x + WIDE, source.y + HIGH
        aside = (right + 40, source.y + HIGH * 0.6), (right + 20, foot + room * 0.8)
        return (right, source.y + HIGH * 0.6), *aside, (right - 20, foot)
    if dest.y > source.y:
        begin, end = (middle[0], source.y + HIGH), (middle[1], dest.y)
        bend = (end[1] - begin[1]) / 2
        return begin, (begin[0], begin[1] + bend), (end[0], end[1] - bend), end
    if dest.y == source.y:
        # Over the tops, so that what stands between is not crossed out.
        begin, end = (middle[0] + ASIDE, source.y), (middle[1] - ASIDE, dest.y)
        over = source.y - min(1.0, ARC + abs(end[0] - begin[0]) * 0.001) * room
        return begin, (begin[0], over), (end[0], over), end
    begin, end = (middle[0] + ASIDE, source.y), (middle[1] + ASIDE, dest.y + HIGH)
    bend = (begin[1] - end[1]) / 2
    return begin, (begin[0], begin[1] - bend), (end[0], end[1] + bend), end
