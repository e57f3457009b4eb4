"""Cap, beanie and scarf: brim, ribs and fringe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import crests, emblems, patterns, shapes
from kotinos.catalog.artwork.paint import mix, on

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_AT = shapes.of("headwear")
_CROWN = _AT["crown"]
_BRIM = _AT["brim"]
_KNIT = _AT["knit"]
_FOLD = _AT["fold"]


def cap(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A six-panel cap, seen from the front left."""
    sheet.shadow((_CROWN, _BRIM), look.field)
    with sheet.solid(_CROWN, look.body):
        sheet.fill("M392 280C520 320 560 440 560 560L660 610V280Z", look.trim)
        sheet.tones(
            look.body,
            shades=(_AT["cap_shade_1"],),
            lights=(_AT["cap_light_1"],),
        )
    for seam in ("M392 290C510 330 556 440 560 556", "M386 290C280 330 226 440 222 560"):
        sheet.seam(seam, look.body)
    sheet.stitches("M404 300C500 340 542 440 546 552", look.trim)
    with sheet.solid(_BRIM, look.trim):
        sheet.tones(
            look.trim,
            shades=(_AT["cap_shade_2"],),
            lights=(_AT["cap_light_2"],),
        )
    for lift in (14, 30):
        edge, rise = 592 - lift / 4, lift / 2
        curve = f"{260 + lift} {560 + rise} 560 {556 + rise} {636 + rise} {606 + rise}"
        sheet.stitches(f"M{170 + lift} {edge}C{curve}", look.trim)
    sheet.form(_AT["cap_form"], look.trim)
    for x, y in ((296, 366), (486, 372)):
        sheet.add(f'<circle cx="{x}" cy="{y}" r="6" fill="{mix(look.body, on(look.body), 0.45)}"/>')
    _front(sheet, spec, look)


def _front(sheet: Sheet, spec: Spec, look: Look) -> None:
    if spec.pose or spec.sport or not spec.team:
        patterns.print_on(sheet, spec, look, x=392, y=446, height=150)
    else:
        crests.draw_on(sheet, spec.team, x=392, y=446, height=164)


def beanie(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A knitted hat with ribs, a turned-up edge and a bobble."""
    bobble = _AT["beanie_bobble"]
    sheet.shadow((_KNIT, _FOLD, bobble), look.field)
    with sheet.solid(_KNIT, look.body):
        sheet.fill("M150 470Q400 510 650 470V520Q400 560 150 520Z", look.trim)
        sheet.fill("M150 540Q400 580 650 540V556Q400 596 150 556Z", look.trim)
        for x in range(-200, 201, 40):
            sheet.seam(
                f"M{400 + x * 0.16} 284C{400 + x * 0.9} 380 {400 + x * 1.08} 520 {400 + x} 660",
                look.body,
            )
        sheet.tones(
            look.body,
            shades=(_AT["beanie_shade"],),
            lights=(_AT["beanie_light"],),
        )
    with sheet.solid(_FOLD, look.body):
        for x in range(172, 640, 24):
            sheet.line(f"M{x} 600V780", mix(look.body, on(look.body), 0.22), weight=4)
        sheet.tones(
            look.body,
            shades=(
                "M520 600H660V780H500C530 720 536 660 520 600Z",
                "M150 716Q400 764 650 716V790H150Z",
            ),
        )
    with sheet.solid(bobble, look.trim):
        sheet.tones(look.trim, shades=("M430 160C450 220 430 280 360 300L480 310V160Z",))
    for x, y in ((380, 216), (412, 236), (376, 258), (430, 206), (440, 256)):
        sheet.seam(f"M{x - 9} {y + 6}q9 -12 18 0", look.trim)
    with sheet.moved(400, 694):
        _patch(sheet, spec, look)


def _patch(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A woven label on the turned-up edge."""
    sheet.form("M-92 -48H92V48H-92Z", look.trim)
    sheet.stitches("M-82 -38H82V38H-82Z", look.trim)
    if spec.team:
        sheet.write(spec.team, x=0, y=0, height=44, colour=on(look.trim))
    else:
        sheet.write("2030", x=0, y=0, height=40, colour=on(look.trim))


def scarf(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A supporter's scarf: once round, two ends, each with its fringe."""
    back = "M470 300L596 330L560 792L430 776Z"
    front = "M250 330L390 310L404 824L232 836Z"
    loop = _AT["scarf_loop"]
    hole = _AT["scarf_hole"]
    sheet.shadow((back, front, loop), look.field)
    _scarf_end(sheet, back, look, fringe=((430, 776), (560, 792)))
    _scarf_end(sheet, front, look, fringe=((232, 836), (404, 824)))
    with sheet.moved(318, 560, turn=-1):
        if spec.team:
            crests.draw_on(sheet, spec.team, x=0, y=0, height=150)
        else:
            emblems.draw_on(sheet, x=0, y=0, height=150, colour=look.text)
    with sheet.solid(loop, look.body):
        for x in (230, 330, 430, 530):
            sheet.fill(f"M{x} 150L{x + 46} 150L{x + 8} 440H{x - 44}Z", look.trim)
        sheet.tones(
            look.body,
            shades=(
                "M210 330C280 400 460 420 600 330L560 420H240Z",
                "M540 190C580 230 560 300 470 330L620 330V190Z",
            ),
            lights=(_AT["scarf_light"],),
        )
    sheet.fill(hole, mix(look.body, "#000000", 0.45))
    sheet.line(hole)


def _scarf_end(
    sheet: Sheet, path: str, look: Look, *, fringe: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    (x0, y0), (x1, y1) = fringe
    for step in range(10):
        share = (step + 0.5) / 10
        x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
        thread = f"M{x:.0f} {y:.0f}q{-4 + step % 3 * 4} 22 {-2 + step % 2 * 4} 48"
        sheet.line(thread, weight=12)
        sheet.line(thread, look.trim if step % 2 else look.body, weight=5)
    with sheet.solid(path, look.body):
        for y in (430, 660, 700):
            sheet.fill(f"M200 {y + 8}L620 {y - 8}V{y + 14}L200 {y + 30}Z", look.trim)
        sheet.fill("M200 742L620 726V776L200 792Z", look.trim)
        sheet.tones(
            look.body,
            shades=(
                "M370 300H404V840H352ZM560 320H600V800H530Z",
                "M220 380Q400 460 620 360V300H220Z",
            ),
        )
