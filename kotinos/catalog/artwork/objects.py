"""Mug, bottle, tote bag, key ring, pin: china, steel, canvas, metal and enamel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import crests, emblems, mascots, patterns, pictograms, shapes
from kotinos.catalog.artwork.paint import INK, MARBLE, mix, on

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_AT = shapes.of("objects")
_GILT = "#E3B94A"
_STEEL = "#C9CED6"
_PAPERS = {MARBLE, "#EFE7D3", "#E9DFC6"}


def mug(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A china mug with a glazed rim; the window's light stands on it."""
    body = _AT["mug_body"]
    rim = _AT["mug_rim"]
    handle = _AT["mug_handle"]
    sheet.shadow((body, handle), look.field)
    sheet.form(handle, look.trim, shades=(_AT["mug_shade"],))
    with sheet.solid(body, look.body):
        sheet.fill("M160 664H590V690H160ZM160 704H590V714H160Z", look.trim)
        sheet.tones(
            look.body,
            shades=("M486 330H580V770H400C470 740 492 690 490 620Z",),
            lights=(_AT["mug_light"],),
        )
    sheet.form(rim, mix(look.body, "#FFFFFF", 0.25))
    sheet.fill(_AT["mug_fill"], mix(look.trim, INK, 0.25))
    sheet.line(_AT["mug_line"])
    patterns.print_on(sheet, spec, look, x=366, y=520, height=220)


def bottle(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A steel drinking bottle with a screw cap and a loop."""
    body = _AT["bottle_body"]
    cap = "M336 176H464V262H336Z"
    loop = _AT["bottle_loop"]
    sheet.shadow((body, cap, loop), look.field)
    sheet.form(loop, look.trim)
    with sheet.solid(cap, look.trim):
        sheet.tones(look.trim, shades=("M424 170H470V270H410Z",), lights=("M350 180H366V258H350Z",))
    for y in (206, 232):
        sheet.seam(f"M340 {y}H460", look.trim)
    with sheet.solid(body, look.body):
        sheet.fill("M280 262H520V296H280Z", _STEEL)
        sheet.fill("M280 760H520V860H280Z", _STEEL)
        sheet.fill("M280 724H520V746H280Z", look.trim)
        sheet.tones(
            look.body,
            shades=(_AT["bottle_shade"],),
            lights=(_AT["bottle_light"],),
        )
    sheet.line("M292 296H508M290 746H510M290 760H510", mix(look.body, INK, 0.5))
    patterns.print_on(sheet, spec, look, x=400, y=520, height=170)


def tote(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A canvas bag with sewn-on handles and a big print."""
    bag = "M186 360H614L640 826Q400 850 160 826Z"
    back = _AT["tote_back"]
    front = _AT["tote_front"]
    sheet.shadow((bag, front), look.field)
    sheet.form(back, mix(look.trim, INK, 0.25))
    with sheet.solid(bag, look.body):
        sheet.fill("M150 780Q400 806 660 780V860H150Z", look.trim)
        sheet.tones(
            look.body,
            shades=(_AT["tote_shade_1"], _AT["tote_shade_2"]),
            lights=("M204 380H236L214 700L190 704Z",),
        )
    sheet.stitches("M186 388H614", look.body)
    sheet.form(front, look.trim, shades=(_AT["tote_shade_3"],))
    sheet.stitches("M280 436H298M502 436H520M280 400H298M502 400H520", look.trim)
    patterns.print_on(sheet, spec, look, x=400, y=608, height=250)


def keyring(sheet: Sheet, spec: Spec, look: Look) -> None:
    """An enamelled fob on a chain of three links and a split ring."""
    fob = _AT["keyring_fob"]
    ring = _AT["keyring_ring"]
    sheet.shadow((fob, _AT["keyring_shadow"]), look.field)
    for y in (300, 352, 404):
        link = f"M400 {y}m-17 0v40a17 17 0 0 0 34 0v-40a17 17 0 0 0 -34 0Z"
        sheet.line(link, weight=20)
        sheet.line(link, _STEEL, weight=10)
    sheet.add(
        f'<path d="{ring}" fill="{_STEEL}" fill-rule="evenodd" stroke="{INK}" stroke-width="5"/>'
    )
    sheet.line("M326 190A80 80 0 0 1 388 134", "#FFFFFF", weight=7)
    with sheet.solid(fob, _GILT):
        sheet.fill(_AT["keyring_fill"], look.body)
        sheet.tones(
            look.body,
            shades=("M440 470C560 540 560 720 380 850H580V470Z",),
            lights=(_AT["keyring_light"],),
        )
    sheet.line(_AT["keyring_line"])
    sheet.add(f'<circle cx="400" cy="490" r="12" fill="{INK}"/>')
    patterns.print_on(sheet, spec, look, x=400, y=646, height=206)


def pin(sheet: Sheet, spec: Spec, look: Look) -> None:
    """An enamel pin on its backing card, gilt edge, polished."""
    card = "M170 130H630V870H170Z"
    sheet.shadow((card,), look.field)
    paper = MARBLE if look.field != MARBLE else mix(MARBLE, look.trim, 0.3)
    band = look.body if look.body not in _PAPERS else look.trim
    with sheet.solid(card, paper):
        with sheet.moved(400, 430):
            for turn in range(0, 360, 30):
                with sheet.moved(turn=turn):
                    sheet.fill("M0 0L-26 -520H26Z", mix(paper, band, 0.14))
        sheet.fill("M170 730H630V870H170Z", band)
        sheet.fill("M560 130H640V870H500Z", INK, opacity=0.06)
    sheet.line("M170 730H630")
    sheet.add(
        f'<circle cx="400" cy="166" r="14" fill="{look.field}" stroke="{INK}" stroke-width="5"/>'
    )
    sheet.write(spec.team or "KOTINOS", x=400, y=800, height=52, colour=on(band))
    _badge(sheet, spec, look)


def _badge(sheet: Sheet, spec: Spec, look: Look) -> None:
    if spec.team and not (spec.sport or spec.pose):
        _enamel_crest(sheet, spec.team)
        return
    sheet.fill(_AT["badge_fill"], INK, opacity=0.2)
    disc = _AT["badge_disc"]
    face = _AT["badge_face"]
    with sheet.solid(disc, _GILT):
        sheet.tones(_GILT, shades=("M470 280C560 380 540 520 380 600H600V280Z",))
    with sheet.solid(face, look.body):
        sheet.tones(look.body, shades=("M470 290C540 400 520 500 400 580H560V290Z",))
    if spec.pose:
        with sheet.within(face), sheet.moved(400 - mascots.WIDTH * 0.3, 320, scale=0.6):
            mascots.draw(sheet, pose=spec.pose, scarf=look.trim, trim=look.body)
        sheet.line(face)
    elif spec.sport:
        pictograms.draw_on(sheet, spec.sport, x=400, y=434, height=190, colour=look.text)
    else:
        emblems.draw_on(sheet, x=400, y=430, height=210, colour=look.text, lettered=False)
    sheet.line("M282 420A120 120 0 0 1 346 330", "#FFFFFF", weight=10)


def _enamel_crest(sheet: Sheet, team: str) -> None:
    """The crest as a pin: gilt edge, a glint on the enamel, its shadow on the card."""
    outline = crests.OUTLINES[crests.design(team).outline]
    with sheet.moved(400 - 150, 430 - 180, scale=1.5):
        with sheet.moved(10, 12):
            sheet.line(outline, "#8E8B84", weight=24)
            sheet.fill(outline, "#8E8B84")
        sheet.line(outline, INK, weight=27)
        sheet.line(outline, _GILT, weight=21)
    crests.draw_on(sheet, team, x=400, y=430, height=350)
    sheet.line("M304 330V392C304 440 318 478 342 508M304 536", "#FFFFFF", weight=9)
