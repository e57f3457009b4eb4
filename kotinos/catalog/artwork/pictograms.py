"""Sport pictograms: one athlete in one stroke, on a grid of 100 x 100 units.

Heads are filled discs, limbs one round-ended line of 9 units, equipment the same line; water and
ground are left to the page. Two figures meet where a sport needs two.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from kotinos.catalog.artwork.sheet import Sheet

SIZE = 100
_LIMB = 9.0
_GEAR = 5.0
_HEAD = 9.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """Heads by their centres, limbs as one thick path, gear as one thin path."""

    heads: tuple[tuple[float, float], ...]
    limbs: str
    gear: str


def _read() -> dict[str, _Figure]:
    path = Path(__file__).parent / "data" / "pictograms.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: _Figure(
            heads=tuple((x, y) for x, y in row["heads"]), limbs=row["limbs"], gear=row["gear"]
        )
        for name, row in found.items()
    }


_FIGURES = _read()
NAMES = tuple(sorted(_FIGURES))


def pictogram(sport: str) -> str:
    """Return a sport's pictogram as SVG in the page's text colour; KeyError for an unknown one."""
    sheet = Sheet(width=SIZE, height=SIZE, prefix=f"sport-{sport}")
    _draw(sheet, sport, "currentColor")
    return sheet.svg()


def draw_on(sheet: Sheet, sport: str, *, x: float, y: float, height: float, colour: str) -> None:
    """Draw the pictogram centred on (x, y)."""
    scale = height / SIZE
    with sheet.moved(x - height / 2, y - height / 2, scale=scale):
        _draw(sheet, sport, colour)


def _draw(sheet: Sheet, sport: str, colour: str) -> None:
    figure = _FIGURES[sport]
    with sheet.moved(5, 5, scale=0.9):
        for x, y in figure.heads:
            sheet.add(f'<circle cx="{x}" cy="{y}" r="{_HEAD}" fill="{colour}"/>')
        sheet.line(figure.limbs, colour, weight=_LIMB)
        if figure.gear:
            sheet.line(figure.gear, colour, weight=_GEAR)
