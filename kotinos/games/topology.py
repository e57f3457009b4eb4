"""Read the world atlas (TopoJSON) and project it: the set-up half of the world map.

Sources: the TopoJSON format specification (arcs are delta-encoded and quantised by `transform`);
B. Savric, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal of
Geographical Information Science 33(3), 2018, equations 7 to 9, for the projection;
Douglas and Peucker 1973 for the simplification.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = list[Point]
Rings: TypeAlias = list[Line]

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
_CORNERS_MIN = 4
"""A closed ring needs three corners and its first point again."""
_HALF_TURN = 180.0


def equal_earth(*, longitude: float, latitude: float) -> Point:
    """Project degrees to the unit sphere's Equal Earth plane; x in ±2.71, y in ±1.32 (north up)."""
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    x = math.radians(longitude) * math.cos(theta) / (_M * slope)
    y = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    return x, y


def arcs_in_degrees(topology: Mapping[str, Any]) -> list[Line]:
    """Undo the delta encoding and the quantisation of every arc."""
    scale_x, scale_y = topology["transform"]["scale"]
    move_x, move_y = topology["transform"]["translate"]
    lines: list[Line] = []
    for arc in topology["arcs"]:
        x = y = 0
        line: Line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        lines.append(unwrapped(line))
    return lines


def polygons(geometry: Mapping[str, Any]) -> Iterator[list[list[int]]]:
    """Yield the polygons of a geometry, each a list of rings, each a list of arc numbers."""
    match geometry["type"]:
        case "Polygon":
            yield geometry["arcs"]
        case "MultiPolygon":
            yield from geometry["arcs"]
        case other:
            message = f"the atlas holds a geometry this reader does not know: {other}"
            raise ValueError(message)


def ring(numbers: Iterable[int], *, arcs: Sequence[Line]) -> Line:
    """Join arcs to one closed line; a negative number means the arc's complement, reversed."""
    line: Line = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        line.extend(arc[1:] if line else arc)
    return unwrapped(line)


def unwrapped(line: Line) -> Line:
    """Make longitudes continuous: the atlas stitches shapes over the 180th meridian, where a line
    would jump across the whole map. They may leave ±180 afterwards; `within_world` cuts there.
    """
    turned: Line = []
    for longitude, latitude in line:
        turns = round((turned[-1][0] - longitude) / 360) if turned else 0
        turned.append((longitude + 360 * turns, latitude))
    return turned


def within_world(line: Line) -> Rings:
    """Cut a closed line in degrees at the 180th meridian into closed lines inside ±180."""
    if all(-_HALF_TURN <= longitude <= _HALF_TURN for longitude, _ in line):
        return [line]
    pieces: Rings = []
    for turn in (-360.0, 0.0, 360.0):
        moved = [(longitude + turn, latitude) for longitude, latitude in line]
        piece = _cut(_cut(moved, side=1), side=-1)
        if len(piece) >= _CORNERS_MIN:
            pieces.append(piece)
    return pieces


def _cut(line: Line, *, side: int) -> Line:
    """Keep what lies on this side of the meridian `side` * 180 (Sutherland and Hodgman 1974)."""
    kept: Line = []
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        inside, ends_inside = side * x0 <= _HALF_TURN, side * x1 <= _HALF_TURN
        if inside:
            kept.append((x0, y0))
        if inside is not ends_inside:
            border = side * _HALF_TURN
            kept.append((border, y0 + (y1 - y0) * (border - x0) / (x1 - x0)))
    return [*kept, kept[0]] if kept else kept


def simplified(line: Line, *, project: Callable[[Point], Point], tolerance: float) -> Line:
    """Drop the points that, projected, lie within `tolerance` of the line past their neighbours.

    Arcs are shared by neighbours, so simplifying arcs, not rings, leaves no gap on a border.
    """
    flat = [project(point) for point in line]
    last = len(line) - 1
    keep = {0, last}
    spans = [(0, last)]
    if line[0] == line[-1]:
        far = max(range(len(line)), key=lambda index: math.dist(flat[0], flat[index]))
        keep.add(far)
        spans = [(0, far), (far, last)]
    while spans:
        start, end = spans.pop()
        offsets = [_offset(flat[i], flat[start], flat[end]) for i in range(start + 1, end)]
        if not offsets or max(offsets) <= tolerance:
            continue
        middle = start + 1 + offsets.index(max(offsets))
        keep.add(middle)
        spans += [(start, middle), (middle, end)]
    return [line[index] for index in sorted(keep)]


def _offset(point: Point, start: Point, end: Point) -> float:
    (x, y), (x0, y0), (x1, y1) = point, start, end
    length = math.hypot(x1 - x0, y1 - y0)
    if length == 0:
        return math.dist(point, start)
    return abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length


def area(line: Line) -> float:
    """Return the signed area of a closed line (shoelace), in the line's own unit squared."""
    pairs = itertools.pairwise(line)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def centre(line: Line) -> Point:
    """Return the middle of a ring's bounding box: good enough to place a dot or to sort rings."""
    xs = [x for x, _ in line]
    ys = [y for _, y in line]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
