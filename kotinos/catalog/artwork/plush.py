"""The mascot as a soft toy: the same owl, sewn, stuffed and labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import mascots
from kotinos.catalog.artwork.paint import INK, LAPIS, MARBLE, mix

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_SCALE = 1.36
_TAG = "M0 0L54 -16L68 34L14 50Z"


def plush(sheet: Sheet, spec: Spec, look: Look) -> None:
    """Elio in plush with a team's scarf, seams down the belly, a cloth label at the side."""
    left, top = 400 - mascots.WIDTH * _SCALE / 2, 175
    with sheet.moved(left + 60 * _SCALE, top, scale=_SCALE):
        sheet.shadow((mascots.BODY,), look.field)
    with sheet.moved(566, 622, turn=14):
        sheet.form(_TAG, MARBLE)
        sheet.line("M16 12L48 3M20 28L52 19", look.body if look.body != MARBLE else look.trim)
    with sheet.moved(left, top, scale=_SCALE):
        sheet.fill("M120 462H430V476H120Z", mix(look.field, INK, 0.2))
        mascots.draw(sheet, pose=spec.pose or "hello", scarf=look.body, trim=look.trim)
    with sheet.moved(left + 60 * _SCALE, top, scale=_SCALE):
        sheet.stitches("M200 300V400", mix(MARBLE, LAPIS, 0.1))
        for x, y in ((88, 300), (96, 330), (108, 356), (292, 356), (304, 330)):
            sheet.line(f"M{x} {y}l8 5m-2 8l-8 3", mix(LAPIS, MARBLE, 0.4), weight=3.5)
