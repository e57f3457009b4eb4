"""Invented crests: a shape, a division and a charge chosen by the NOC's code, in its two colours.

No national arms, no flags: no crosses, no crescents, no religious or state signs, only plain
ordinaries and things of nature and sport. The same code gives the same crest for ever.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.catalog.artwork import paint
from kotinos.catalog.artwork.paint import GOLD, INK, MARBLE
from kotinos.catalog.artwork.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH, HEIGHT = 200, 240

OUTLINES = (
    "M14 16H186V116C186 172 150 208 100 230C50 208 14 172 14 116Z",
    "M100 22A96 96 0 0 1 100 222A96 96 0 0 1 100 22Z",
    "M100 8L188 44V132C188 180 148 212 100 232C52 212 12 180 12 132V44Z",
    "M14 16H186V136A86 94 0 0 1 14 136Z",
    "M22 14Q60 30 100 12Q140 30 178 14Q200 60 186 128C176 182 140 210 100 230"
    "C60 210 24 182 14 128Q0 60 22 14Z",
    "M100 8L190 66V174L100 232L10 174V66Z",
)
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
_CHARGES = (
    # mountain
    "M40 164L82 86L104 124L122 98L160 164Z",
    # leaf
    "M100 60C136 92 140 138 100 180C60 138 64 92 100 60ZM100 84V196",
    # sails
    "M96 62V152H50Q80 120 96 62ZM108 78Q140 116 146 152H108ZM44 164H156L140 184H60Z",
    # wings
    "M100 128C78 92 46 82 26 88C34 118 64 142 94 146L100 176L106 146C136 142 166 118 174 88"
    "C154 82 122 92 100 128Z",
    # fish
    "M44 122C70 86 116 86 140 116L166 94V150L140 128C116 158 70 158 44 122Z",
    # shell
    "M100 174L44 108C60 66 140 66 156 108ZM100 174V80M100 174L70 86M100 174L130 86",
    # ear of grain
    "M100 190V72M100 96C76 92 70 78 72 62C92 64 100 78 100 96ZM100 96C124 92 130 78 128 62"
    "C108 64 100 78 100 96ZM100 134C72 130 64 114 66 96C90 100 100 114 100 134ZM100 134"
    "C128 130 136 114 134 96C110 100 100 114 100 134Z",
    # palm
    "M96 190Q106 150 100 112M100 112C70 92 48 106 40 130C64 118 82 116 100 112C130 92 152 106 160"
    " 130C136 118 118 116 100 112C84 88 90 70 78 58C104 62 108 88 100 112C116 88 122 70 138 64"
    "C130 88 118 100 100 112Z",
    # arrowhead
    "M100 56L150 172L100 146L50 172Z",
    # horns of an antelope
    "M100 186L78 136C70 104 66 84 44 58C76 68 90 98 100 128C110 98 124 68 156 58C134 84 130 104"
    " 122 136Z",
    # diamond of four
    "M100 60L126 92L100 124L74 92ZM66 98L92 130L66 162L40 130ZM134 98L160 130L134 162L108 130Z"
    "M100 136L126 168L100 200L74 168Z",
    # drum
    "M52 84A48 18 0 0 1 148 84L128 172A28 10 0 0 1 72 172ZM52 84A48 18 0 0 0 148 84M66 96L86 180"
    "M134 96L114 180",
    # kite
    "M100 52L146 110L100 190L54 110ZM100 52V190M54 110H146",
    # tower
    "M60 184V92H54V62H72V78H90V62H110V78H128V62H146V92H140V184ZM88 184V150A12 12 0 0 1 112 150V184Z",
)
_CHOSEN = {
    "AUT": 0, "NOR": 0, "SUI": 0, "NEP": 0, "CAN": 1, "NZL": 1, "GRE": 1, "FRA": 6, "KEN": 9,
    "RSA": 9, "ETH": 9, "JAM": 7, "KSA": 12, "BRA": 3, "JPN": 5, "NED": 2, "SEN": 11, "NGR": 11,
    "GHA": 11, "IND": 12, "CHN": 12, "KOR": 10, "EGY": 2, "UKR": 6, "AUS": 5, "FIJ": 5,
}  # fmt: skip
"""Charges picked by hand where a place suggests one; the digest picks the others."""


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
        charge=_CHOSEN.get(noc, digest[2] % len(_CHARGES)),
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
