"""Invented crests: a shape, a division and a charge chosen by the NOC's code, in its two colours.

No national arms, no flags: no crosses, no crescents, no religious or state signs, only plain
ordinaries and things of nature and sport. The same code gives the same crest for ever.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.catalog.artwork import paint, shapes
from kotinos.catalog.artwork.paint import GOLD, INK, MARBLE
from kotinos.catalog.artwork.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH, HEIGHT = 200, 240

OUTLINES = tuple(shapes.of("shields").values())
_ROUND = 1
_DIVISIONS = (
    ("M100 0H200V240H100Z",),
    ("M0 0H200V92H0Z",),
    ("M0 0H200L0 240Z",),
    ("M0 240L100 118L200 240Z",),
    ("M66 0H134V240H66Z",),
    ("M-10 128Q20 112 50 128T110 128T170 128T230 128V156Q200 172 170 156T110 156T50 156T-10 156Z",),
    ("M0 60L100 142L200 60V112L100 194L0 112Z",),
    ("M0 0H34V240H0Z", "M166 0H200V240H166Z"),
    ("M0 176H200V240H0Z",),
    ("M100 120L0 0H200Z", "M100 120L0 240H200Z"),
)
_CHARGES = tuple(shapes.of("charges").values())
_CHARGE_NAMES = tuple(shapes.of("charges"))
_CHOSEN = {
    "mountain": "AUT NOR SUI NEP",
    "leaf": "CAN NZL GRE",
    "grain": "FRA UKR",
    "horns": "KEN RSA ETH",
    "palm": "JAM",
    "kite": "KSA IND CHN",
    "wings": "BRA",
    "shell": "JPN AUS FIJ",
    "sails": "NED EGY",
    "drum": "SEN NGR GHA",
    "diamonds": "KOR",
}
"""Charges picked by hand where a place suggests one; the digest picks the others."""
_CHARGE_OF = {
    noc: _CHARGE_NAMES.index(charge) for charge, nocs in _CHOSEN.items() for noc in nocs.split()
}


@dataclass(frozen=True, slots=True)
class Design:
    """What the code chose: indexes into the tables above and the three colours."""

    outline: int
    division: int
    charge: int
    ground: str
    field: str
    metal: str


def design(noc: str) -> Design:
    """Choose a crest from the code's digest."""
    digest = hashlib.sha256(f"crest of {noc}".encode()).digest()
    colours = paint.team(noc)
    swapped = digest[3] % 3 == 0
    ground, field = (colours.second, colours.main) if swapped else (colours.main, colours.second)
    return Design(
        outline=digest[0] % len(OUTLINES),
        division=digest[1] % len(_DIVISIONS),
        charge=_CHARGE_OF.get(noc, digest[2] % len(_CHARGES)),
        ground=ground,
        field=field,
        metal=_metal(ground, field),
    )


def _metal(ground: str, field: str) -> str:
    """Choose the charge's colour: it must stand out from both halves it lies on."""
    choices = (MARBLE, "#E3B94A", GOLD, INK)
    return max(choices, key=lambda c: min(paint.contrast(c, ground), paint.contrast(c, field)))


def draw_on(sheet: Sheet, noc: str, *, x: float, y: float, height: float) -> None:
    """Draw the crest centred on (x, y)."""
    scale = height / HEIGHT
    with sheet.moved(x - WIDTH * scale / 2, y - height / 2, scale=scale):
        _draw(sheet, noc)


def crest(noc: str) -> str:
    """Return a team's invented crest as a small SVG, decoration for whoever reads aloud."""
    sheet = Sheet(width=WIDTH, height=HEIGHT, prefix=f"crest-{noc}")
    _draw(sheet, noc)
    return sheet.svg()


def _draw(sheet: Sheet, noc: str) -> None:
    chosen = design(noc)
    outline = OUTLINES[chosen.outline]
    sheet.fill(outline, chosen.ground)
    with sheet.within(outline):
        _fill_all(sheet, _DIVISIONS[chosen.division], chosen.field)
        with sheet.moved(14, 0, scale=0.86):
            charge = _CHARGES[chosen.charge]
            sheet.line(charge, paint.on(chosen.metal), weight=15)
            sheet.fill(charge, chosen.metal)
            sheet.line(charge, paint.on(chosen.metal), weight=5)
        _name_band(sheet, noc, chosen)
    sheet.line(outline, MARBLE, weight=16)
    sheet.line(outline, INK, weight=7)


def _fill_all(sheet: Sheet, paths: Iterable[str], colour: str) -> None:
    for path in paths:
        sheet.fill(path, colour)


def _name_band(sheet: Sheet, noc: str, chosen: Design) -> None:
    low = 164 if chosen.outline == _ROUND else 168
    band = f"M0 {low}H200V{low + 38}H0Z"
    sheet.fill(band, INK)
    sheet.line(f"M0 {low}H200M0 {low + 38}H200", MARBLE, weight=5)
    sheet.write(noc, x=100, y=low + 19, height=21, colour=MARBLE, weight=0.19)
