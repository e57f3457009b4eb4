"""Team patterns on cloth, and the one print a T-shirt, a mug or a bag carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import crests, emblems, mascots, pictograms

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_PATHS = {
    "chevron": ("M180 300L400 452L620 300V372L400 524L180 372Z",),
    "sash": ("M200 270L290 236L600 700V830Z",),
    "hoops": tuple(f"M180 {y}Q400 {y + 30} 620 {y}V{y + 62}Q400 {y + 92} 180 {y + 62}Z" for y in (330, 474, 618, 762)),
    "pinstripes": tuple(f"M{x} 180H{x + 10}V840H{x}Z" for x in range(231, 580, 41)),
    "wave": (
        "M180 640Q235 600 290 640T400 640T510 640T620 640V850H180Z",
        "M180 590Q235 550 290 590T400 590T510 590T620 590V612Q565 572 510 612T400 612T290 612T180 612Z",
    ),
    "band": ("M180 664Q400 694 620 664V736Q400 766 180 736Z", "M180 752Q400 782 620 752V766Q400 796 180 766Z"),
    "halves": ("M400 150H640V850H400Z",),
    "yoke": ("M180 180H620V340Q400 400 180 340Z",),
}  # fmt: skip


def draw(sheet: Sheet, pattern: str, colour: str) -> None:
    """Lay a team's pattern over a jersey's torso (call it inside the torso's clip)."""
    for path in _PATHS[pattern]:
        sheet.fill(path, colour)


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
