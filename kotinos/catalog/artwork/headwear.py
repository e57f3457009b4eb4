"""Cap, beanie and scarf: brim, ribs and fringe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import crests, emblems, patterns
from kotinos.catalog.artwork.paint import INK, MARBLE, luminance, mix, on

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_CROWN = "M150 590C140 420 210 300 390 290C570 300 650 420 640 590C560 548 240 548 150 590Z"
_BRIM = "M150 590C240 536 560 536 640 590C700 622 724 668 712 708C640 640 480 628 372 640C270 650 176 640 150 590Z"
_KNIT = "M188 640C170 430 240 288 400 282C560 288 630 430 612 640Z"
_FOLD = "M164 620Q400 664 636 620C650 662 650 706 640 744Q400 790 160 744C150 706 150 662 164 620Z"


def cap(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A six-panel cap, seen from the front left."""
    sheet.shadow((_CROWN, _BRIM), look.field)
    with sheet.solid(_CROWN, look.body):
        sheet.fill("M392 280C520 320 560 440 560 560L660 610V280Z", look.trim)
        sheet.tones(
            look.body,
            shades=("M560 330C620 400 640 500 640 590C600 566 560 558 520 556C560 480 572 400 560 330Z",),
            lights=("M196 470C206 400 240 350 300 322C262 370 240 420 236 480C234 500 232 520 232 544L188 556C188 530 190 500 196 470Z",),
        )
    for seam in ("M392 290C510 330 556 440 560 556", "M386 290C280 330 226 440 222 560"):
        sheet.seam(seam, look.body)
    sheet.stitches("M404 300C500 340 542 440 546 552", look.trim)
    with sheet.solid(_BRIM, look.trim):
        sheet.tones(
            look.trim,
            shades=("M150 590C180 630 270 640 372 630C500 620 640 632 712 708L640 690L400 650L170 650Z",),
            lights=("M300 564C400 552 520 556 600 588L580 596C500 572 400 568 310 580Z",),
        )
    for lift in (14, 30):
        sheet.stitches(f"M{170 + lift} {592 - lift / 4}C{260 + lift} {560 + lift / 2} 560 {556 + lift / 2} {636 + lift / 2} {606 + lift / 2}", look.trim)
    sheet.form("M366 284C370 266 412 266 416 286C404 296 378 296 366 284Z", look.trim)
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
    bobble = (
        "M400 178C416 164 440 168 446 188C468 186 480 208 470 226C486 240 482 266 462 272"
        "C460 294 434 304 416 292C404 308 376 306 366 290C344 296 326 280 330 260C312 248 314 222 332 214"
        "C328 192 348 176 368 184C374 168 390 166 400 178Z"
    )
    sheet.shadow((_KNIT, _FOLD, bobble), look.field)
    with sheet.solid(_KNIT, look.body):
        sheet.fill("M150 470Q400 510 650 470V520Q400 560 150 520Z", look.trim)
        sheet.fill("M150 540Q400 580 650 540V556Q400 596 150 556Z", look.trim)
        for x in range(-200, 201, 40):
            sheet.seam(f"M{400 + x * 0.16} 284C{400 + x * 0.9} 380 {400 + x * 1.08} 520 {400 + x} 660", look.body)
        sheet.tones(
            look.body,
            shades=("M470 290C600 340 640 470 620 650H540C570 520 540 390 470 290Z",),
            lights=("M226 470C240 390 280 340 330 312C290 370 266 430 262 500C260 550 260 590 262 640H214C214 580 216 520 226 470Z",),
        )
    with sheet.solid(_FOLD, look.body):
        for x in range(172, 640, 24):
            sheet.line(f"M{x} 600V780", mix(look.body, INK if luminance(look.body) > 0.06 else MARBLE, 0.2), weight=4)  # noqa: PLR2004
        sheet.tones(look.body, shades=("M520 600H660V780H500C530 720 536 660 520 600Z", "M150 716Q400 764 650 716V790H150Z"))
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
    loop = "M196 262C220 196 330 166 412 168C510 166 600 200 614 262C626 330 560 392 470 410C380 424 264 404 220 350C198 322 190 292 196 262Z"
    hole = "M292 262C310 232 360 222 410 222C462 222 506 236 518 264C500 300 452 316 404 316C350 316 306 298 292 262Z"
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
        sheet.tones(look.body, shades=("M210 330C280 400 460 420 600 330L560 420H240Z", "M540 190C580 230 560 300 470 330L620 330V190Z"), lights=("M214 270C236 220 320 196 400 190L396 204C330 210 256 236 232 280Z",))
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
        sheet.tones(look.body, shades=("M370 300H404V840H352ZM560 320H600V800H530Z", "M220 380Q400 460 620 360V300H220Z"))
