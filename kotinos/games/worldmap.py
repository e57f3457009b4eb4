"""The world map: one small SVG with every territory, coloured by CSS classes only.

`build` runs at set-up: it reads npm's `world-atlas` (public-domain Natural Earth borders), projects
to Equal Earth and writes about 55 kB of integer paths. `svg` draws from that file. The borders are
a picture of where goods are sold, no statement about whose land it is.
"""

from __future__ import annotations

import functools
import itertools
import json
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pycountry

from kotinos.games import topology

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kotinos.games.topology import Line, Point, Rings

BUILT = Path(__file__).resolve().parents[2] / ".build" / "worldmap.json"
"""Where set-up leaves the geometry."""

_UNITS_PER_RADIAN = 370.0
"""Map units; the whole width of the world is then about 2,000."""
_NORTH, _SOUTH = 86.0, -57.5
"""Degrees of latitude shown: Antarctica has no team and no shop, so it is left out of view."""
_TOLERANCE = 0.8
_RING_AREA_MIN = 4.0
_SHAPE_AREA_MIN = 36.0
"""Square map units; a territory with less land than this would not be seen, and becomes a dot."""
_DOT_RADIUS = 7

_BY_NAME = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY"}
"""Shapes without an ISO number, and the territory the rest of Kotinos counts them to."""

_DETACHED: tuple[tuple[str, str, Point, Point], ...] = (
    ("FR", "GF", (-56, 1), (-50, 7)),
    ("FR", "GP", (-62, 15.7), (-60.9, 16.7)),
    ("FR", "MQ", (-61.4, 14.2), (-60.7, 15)),
    ("FR", "RE", (55, -22), (56, -20)),
    ("FR", "YT", (44.8, -13.2), (45.4, -12.5)),
    ("NO", "SJ", (-10, 70.7), (-7, 71.3)),
    ("NO", "SJ", (10, 76), (34, 81)),
    ("NO", "BV", (3, -55), (4, -54)),
    ("NL", "BQ", (-69, 11.8), (-62, 18)),
    ("AU", "HM", (72, -54), (75, -52)),
)
"""The atlas draws some territories as part of another: (drawn as, code, south-west, north-east)."""

_PLACES: Mapping[str, Point] = {
    "BQ": (-68.26, 12.18),
    "BV": (3.35, -54.42),
    "CC": (96.83, -12.17),
    "CX": (105.63, -10.49),
    "GF": (-53.1, 3.9),
    "GI": (-5.35, 36.14),
    "GP": (-61.55, 16.25),
    "MQ": (-61.02, 14.64),
    "RE": (55.54, -21.11),
    "SJ": (18.0, 78.5),
    "TK": (-171.85, -9.2),
    "TV": (179.2, -8.52),
    "UM": (166.65, 19.28),
    "YT": (45.17, -12.83),
}
"""Longitude and latitude of the ISO territories the atlas has no shape for (geographic facts)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One territory: an SVG path in map units, or a dot at (x, y) when `path` is empty."""

    code: str
    x: int
    y: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Every territory's shape by its code, and the size of the view in map units."""

    width: int
    height: int
    shapes: Mapping[str, Shape] = field(default_factory=dict)


@functools.cache
def shapes(path: Path = BUILT) -> Geometry:
    """Return the built geometry, read once per process.

    Raises FileNotFoundError with the command that makes it, when set-up has not run.
    """
    if not path.exists():
        message = f"{path} is missing: run bin/up, which builds the world map from node_modules"
        raise FileNotFoundError(message)
    raw = json.loads(path.read_bytes())
    found = {
        code: Shape(code=code, x=x, y=y, path=drawn)
        for code, (x, y, drawn) in raw["shapes"].items()
    }
    return Geometry(width=raw["width"], height=raw["height"], shapes=found)


def svg(
    fill: Mapping[str, str],
    *,
    title: str,
    description: str,
    labels: Mapping[str, str] | None = None,
    rest: str = "map-land",
    css_class: str = "worldmap",
    ident: str = "worldmap",
    geometry: Geometry | None = None,
) -> str:
    """Draw the map: territory code -> CSS class, everything else in class `rest`.

    The finding of the map belongs into `description`: it is what a screen reader says. With
    `labels` every labelled territory is an element of its own with `data-territory` and a
    tooltip; without, territories of one class share one path, which is a third smaller.
    `ident` must be unique on the page. Unknown codes in `fill` are ignored: a map never fails.
    """
    world = geometry or shapes()
    groups: dict[str, list[Shape]] = {rest: []}
    for code, shape in world.shapes.items():
        groups.setdefault(fill.get(code, rest), []).append(shape)
    body = "".join(_group(name, members, labels or {}) for name, members in groups.items())
    return (
        f'<svg class="{escape(css_class)}" viewBox="0 0 {world.width} {world.height}" '
        f'role="img" aria-labelledby="{escape(ident)}-title {escape(ident)}-desc" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{escape(ident)}-title">{escape(title)}'
        f'</title><desc id="{escape(ident)}-desc">{escape(description)}</desc>{body}</svg>'
    )


def _group(css_class: str, members: Iterable[Shape], labels: Mapping[str, str]) -> str:
    plain = [shape for shape in members if shape.code not in labels]
    named = [shape for shape in members if shape.code in labels]
    land = "".join(shape.path for shape in plain)
    drawn = f'<path d="{land}"/>' if land else ""
    drawn += "".join(_dot(shape, "") for shape in plain if not shape.path)
    for shape in named:
        tip = f"<title>{escape(labels[shape.code])}</title>"
        mark = f' data-territory="{shape.code}"'
        if shape.path:
            drawn += f'<path{mark} d="{shape.path}">{tip}</path>'
        else:
            drawn += _dot(shape, tip, mark)
    return f'<g class="{escape(css_class)}">{drawn}</g>' if drawn else ""


def _dot(shape: Shape, tip: str, mark: str = "") -> str:
    body = f">{tip}</circle>" if tip else "/>"
    return f'<circle{mark} cx="{shape.x}" cy="{shape.y}" r="{_DOT_RADIUS}"{body}'


def build(node_modules: Path, out: Path = BUILT) -> Geometry:
    """Make the map's geometry from npm's `world-atlas` and write it to `out` (JSON, < 60 kB).

    Deterministic: the same atlas gives the same bytes. Every code of ISO 3166 and XK is present.
    """
    atlas = json.loads((node_modules / "world-atlas" / "countries-50m.json").read_bytes())
    rings = _rings_by_territory(atlas)
    left, top = _on_map((-180, 0))[0], _on_map((0, _NORTH))[1]
    width, height = round(-2 * left), round(_on_map((0, _SOUTH))[1] - top)
    found: dict[str, tuple[int, int, str]] = {}
    for code in sorted({country.alpha_2 for country in pycountry.countries} | {"XK"}):
        moved = [[(x - left, y - top) for x, y in line] for line in rings.get(code, [])]
        found[code] = _shape(code, moved, origin=(left, top), height=height)
    out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"width": width, "height": height, "shapes": found}, separators=(",", ":"))
    out.write_text(text, encoding="utf-8")
    shapes.cache_clear()
    return shapes(out)


def _on_map(point: Point) -> Point:
    x, y = topology.equal_earth(longitude=point[0], latitude=point[1])
    return x * _UNITS_PER_RADIAN, -y * _UNITS_PER_RADIAN


def _rings_by_territory(atlas: Mapping[str, Any]) -> dict[str, Rings]:
    """Outer and inner rings in map units; islands drawn with a far country go to their own code."""
    arcs = [
        topology.simplified(line, project=_on_map, tolerance=_TOLERANCE)
        for line in topology.arcs_in_degrees(atlas)
    ]
    found: dict[str, Rings] = {}
    for geometry in atlas["objects"]["countries"]["geometries"]:
        code = _code(geometry)
        if code is None:
            continue
        for polygon in topology.polygons(geometry):
            rings = [topology.ring(numbers, arcs=arcs) for numbers in polygon]
            pieces = [piece for line in rings for piece in topology.within_world(line)]
            owner = _detached(code, topology.centre(rings[0]))
            found.setdefault(owner, []).extend([_on_map(p) for p in piece] for piece in pieces)
    return found


def _code(geometry: Mapping[str, Any]) -> str | None:
    if "id" not in geometry:
        return _BY_NAME.get(geometry["properties"]["name"])
    country = pycountry.countries.get(numeric=geometry["id"].zfill(3))
    return None if country is None else str(country.alpha_2)


def _detached(code: str, place: Point) -> str:
    for drawn_as, own, (west, south), (east, north) in _DETACHED:
        if drawn_as == code and west <= place[0] <= east and south <= place[1] <= north:
            return own
    return code


def _shape(code: str, rings: Rings, *, origin: Point, height: int) -> tuple[int, int, str]:
    """Return a dot's place and the path; an empty path where only a dot would be seen."""
    largest = max(rings, key=lambda line: abs(topology.area(line)), default=None)
    if largest is not None:
        x, y = topology.centre(largest)
    else:
        x, y = _on_map(_PLACES.get(code, (0, -90)))
        x, y = x - origin[0], y - origin[1]
    seen = [line for line in rings if abs(topology.area(line)) >= _RING_AREA_MIN]
    land = sum(abs(topology.area(line)) for line in seen)
    path = "".join(_path(line) for line in seen) if land >= _SHAPE_AREA_MIN else ""
    # Far southern places stay on the picture's edge rather than outside of it.
    return round(x), min(round(y), height - _DOT_RADIUS), "" if code == "AQ" else path


def _path(line: Line) -> str:
    """Write a closed line as a relative SVG path of integers, without a needless byte."""
    points = [(round(x), round(y)) for x, y in line[:-1]]
    steps = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in itertools.pairwise(points)]
    numbers = "".join(_signed(x) + _signed(y) for x, y in steps if (x, y) != (0, 0))
    return f"M{points[0][0]} {points[0][1]}l{numbers.lstrip()}z"


def _signed(number: int) -> str:
    return str(number) if number < 0 else f" {number}"
