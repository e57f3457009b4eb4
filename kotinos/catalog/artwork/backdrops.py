"""What stands behind a product: the field, the light on it, a collection's quiet shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork.emblems import LEAF

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_ALL = "M0 0H800V1000H0Z"


def draw(sheet: Sheet, spec: Spec, look: Look) -> None:
    """Lay the field; each collection has one quiet shape of its own in the field's tones."""
    sheet.fill(_ALL, look.field)
    match spec.variant:
        case "away":
            sheet.fill("M0 0H800V560L0 900Z", look.pale)
        case "night":
            _rays(sheet, look)
        case "heritage":
            sheet.fill("M110 1000V410A290 290 0 0 1 690 410V1000Z", look.pale)
        case "podium":
            sheet.fill("M0 860H230V760H570V820H800V1000H0Z", look.deep)
        case "games":
            _leaves(sheet, look)
        case _:
            sheet.add(f'<circle cx="400" cy="490" r="345" fill="{look.pale}"/>')


def _rays(sheet: Sheet, look: Look) -> None:
    with sheet.moved(400, 1000):
        for turn in range(-80, 81, 20):
            with sheet.moved(turn=turn):
                sheet.fill("M0 0L-90 -1300H90Z", look.pale)


def _leaves(sheet: Sheet, look: Look) -> None:
    """A grove: leaves in rows, each row set off by half."""
    for row in range(7):
        for column in range(6):
            x = column * 160 + (row % 2) * 80
            turn = 38 if (row + column) % 2 else -38
            with sheet.moved(x, row * 160 + 60, turn=turn, scale=0.9):
                sheet.fill(LEAF, look.pale)
