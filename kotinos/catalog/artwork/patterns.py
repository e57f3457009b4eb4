"""Team patterns on cloth, and the one print a T-shirt, a mug or a bag carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import crests, emblems, mascots, pictograms, shapes

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_AT = shapes.of("patterns")


def draw(sheet: Sheet, pattern: str, colour: str) -> None:
    """Lay a team's pattern over a jersey's torso (call it inside the torso's clip)."""
    sheet.fill(_AT[pattern], colour)


def print_on(sheet: Sheet, spec: Spec, look: Look, *, x: float, y: float, height: float) -> None:
    """Print what the spec is about: pose, sport, team or emblem, centred on (x, y)."""
    if spec.pose:
        scale = height * 1.15 / mascots.HEIGHT
        with sheet.moved(x - mascots.WIDTH * scale / 2, y - height * 0.6, scale=scale):
            mascots.draw(sheet, pose=spec.pose, scarf=look.trim, trim=look.body)
    elif spec.sport:
        pictograms.draw_on(sheet, spec.sport, x=x, y=y, height=height, colour=look.text)
    elif spec.team:
        crests.draw_on(sheet, spec.team, x=x, y=y, height=height)
    else:
        emblems.draw_on(sheet, x=x, y=y, height=height, colour=look.text)
