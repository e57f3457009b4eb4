"""The invented marks of the edition "Kotinos 2030": olive leaves rising like a sun over the sea."""

from __future__ import annotations

from kotinos.catalog.artwork.paint import CLAY, GOLD, INK, LAPIS, MARBLE, OLIVE
from kotinos.catalog.artwork.sheet import Sheet

WIDTH, HEIGHT = 240, 240
LEAF = "M0 0C-19 -24 -19 -62 0 -92C19 -62 19 -24 0 0Z"
_VEIN = "M0 -14V-70"
_FAN = (
    (-78, OLIVE),
    (-52, GOLD),
    (-26, CLAY),
    (0, OLIVE),
    (26, LAPIS),
    (52, GOLD),
    (78, OLIVE),
)
_WAVES = "M30 {y}Q52.5 {up} 75 {y}T120 {y}T165 {y}T210 {y}"


def emblem(*, colour: str = "", lettered: bool = True) -> str:
    """Return the Games emblem as SVG; with `colour` in that one colour."""
    sheet = Sheet(width=WIDTH, height=HEIGHT, prefix="emblem")
    draw(sheet, colour=colour, lettered=lettered)
    return sheet.svg(title="Kotinos 2030")


def draw_on(
    sheet: Sheet, *, x: float, y: float, height: float, colour: str = "", lettered: bool = True
) -> None:
    """Draw the emblem centred on (x, y)."""
    scale = height / HEIGHT
    with sheet.moved(x - WIDTH * scale / 2, y - height / 2, scale=scale):
        draw(sheet, colour=colour, lettered=lettered)


def draw(sheet: Sheet, *, colour: str = "", lettered: bool = True) -> None:
    """Draw leaves, sea and name; unlettered, the leaves take the whole height."""
    lift = 0 if lettered else 24
    for turn, own in _FAN:
        with sheet.moved(120, 138 + lift, turn=turn), sheet.moved(0, -30):
            sheet.fill(LEAF, colour or own)
            if not colour:
                sheet.line(_VEIN, MARBLE, weight=4)
    for index, y in enumerate((158, 178)):
        path = _WAVES.format(y=y + lift, up=y + lift - 16)
        sheet.line(path, colour or (LAPIS if index == 0 else OLIVE), weight=8)
    if lettered:
        sheet.write("KOTINOS", x=120, y=208, height=19, colour=colour or INK, spacing=0.55)
        sheet.write("2030", x=120, y=232, height=13, colour=colour or INK, spacing=0.9)
