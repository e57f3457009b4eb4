"""Jersey, T-shirt, hoodie, socks: laid flat, seams and folds where cloth has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import crests, emblems, patterns, shapes
from kotinos.catalog.artwork.paint import mix, on

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_AT = shapes.of("garments")
_TORSO = _AT["torso"]
_LEFT_SLEEVE = _AT["left_sleeve"]
_RIGHT_SLEEVE = _AT["right_sleeve"]
_BACK_NECK = _AT["back_neck"]
_COLLAR = _AT["collar"]
_TORSO_SHADES = (
    _AT["torso_shades_1"],
    _AT["torso_shades_2"],
    _AT["torso_shades_3"],
)
_TORSO_LIGHTS = ((_AT["torso_lights"]),)
_LEFT_SHADE = _AT["left_shade"]
_LEFT_LIGHT = _AT["left_light"]
_RIGHT_SHADE = _AT["right_shade"]
_LEFT_CUFF = "M92 440Q134 480 200 490"
_RIGHT_CUFF = "M708 440Q666 480 600 490"


def jersey(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A match jersey: crest on the heart, code on the chest, cuffs and collar in the trim."""
    sheet.shadow((_TORSO, _LEFT_SLEEVE, _RIGHT_SLEEVE), look.field)
    _sleeves(sheet, look)
    for cuff in (_LEFT_CUFF, _RIGHT_CUFF):
        sheet.line(cuff, look.trim, weight=16)
    for sleeve in (_LEFT_SLEEVE, _RIGHT_SLEEVE):
        sheet.line(sleeve)
    with sheet.solid(_TORSO, look.body):
        patterns.draw(sheet, look.pattern, look.trim)
        sheet.tones(look.body, shades=_TORSO_SHADES, lights=_TORSO_LIGHTS)
    sheet.stitches("M222 784Q400 814 578 784", look.body)
    _neck(sheet, look, collar=20)
    _chest(sheet, spec, look, y=392)


def t_shirt(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A plain T-shirt with one large print: the team's crest, a pictogram or the emblem."""
    sheet.shadow((_TORSO, _LEFT_SLEEVE, _RIGHT_SLEEVE), look.field)
    _sleeves(sheet, look)
    for cuff in (_LEFT_CUFF, _RIGHT_CUFF):
        sheet.stitches(cuff, look.body)
    with sheet.solid(_TORSO, look.body):
        sheet.tones(look.body, shades=_TORSO_SHADES, lights=_TORSO_LIGHTS)
    sheet.stitches("M222 784Q400 814 578 784", look.body)
    _neck(sheet, look, collar=14)
    patterns.print_on(sheet, spec, look, x=400, y=470, height=250)


def hoodie(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A hooded sweater: hood, cords, kangaroo pocket, ribbed cuffs and hem."""
    left = _AT["hoodie_left"]
    right = _AT["hoodie_right"]
    hood = _AT["hoodie_hood"]
    inner = _AT["hoodie_inner"]
    sheet.shadow((_TORSO, left, right, hood), look.field)
    for sleeve, shade in ((left, _AT["hoodie_each_1"]), (right, _AT["hoodie_each_2"])):
        sheet.form(sleeve, look.body, shades=(shade,))
    for cuff in ("M86 676Q118 702 174 698", "M714 676Q682 702 626 698"):
        sheet.line(cuff)
    with sheet.solid(_TORSO, look.body):
        sheet.tones(look.body, shades=_TORSO_SHADES, lights=_TORSO_LIGHTS)
        sheet.fill("M210 776Q400 806 590 776V840H210Z", look.trim, opacity=0.9)
    sheet.line("M222 776Q400 806 578 776")
    pocket = "M300 612H500L540 742Q400 760 260 742Z"
    sheet.form(pocket, look.body, shades=("M470 612H500L540 742L440 752Z",))
    sheet.stitches("M312 626H488M282 726Q400 742 518 726", look.body)
    sheet.form(hood, look.body, shades=(_AT["hoodie_shade"],), lights=(_AT["hoodie_light"],))
    sheet.fill(inner, mix(look.body, "#000000", 0.34))
    sheet.line(inner)
    for cord in ("M360 300C352 340 350 372 354 404", "M440 300C448 340 450 372 446 404"):
        sheet.line(cord, on(look.body), weight=11)
        sheet.line(cord, look.text, weight=7)
    patterns.print_on(sheet, spec, look, x=400, y=502, height=170)


def socks(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A pair of sports socks, one over the other, ribbed at the top."""
    sock = _AT["socks_sock"]
    with sheet.moved(330, 150, turn=-8):
        sheet.shadow((sock,), look.field)
        _sock(sheet, sock, look.trim, look.body, spec)
    with sheet.moved(160, 210, turn=4):
        sheet.shadow((sock,), look.field)
        _sock(sheet, sock, look.body, look.trim, spec)


def _sock(sheet: Sheet, sock: str, body: str, trim: str, spec: Spec) -> None:
    with sheet.solid(sock, body):
        sheet.fill("M0 0H170V96H0Z", trim)
        for x in range(14, 170, 20):
            sheet.line(f"M{x} 6V90", mix(trim, on(trim), 0.25))
        sheet.fill("M0 130H170V152H0ZM0 172H170V194H0Z", trim)
        sheet.fill("M-10 440C20 500 60 470 84 560L0 600Z", trim)
        sheet.fill("M262 530C230 570 230 630 250 670H360V520Z", trim)
        sheet.tones(
            body,
            shades=(_AT["sock_shade"], "M40 540C140 620 220 650 330 620L280 670H160Z"),
            lights=(_AT["sock_light"],),
        )
    sheet.line("M0 96H170")
    if spec.team:
        crests.draw_on(sheet, spec.team, x=86, y=300, height=132)
    else:
        emblems.draw_on(sheet, x=86, y=300, height=120, colour=trim, lettered=False)


def _sleeves(sheet: Sheet, look: Look) -> None:
    colour = look.trim if look.pattern in {"yoke", "halves"} else look.body
    sheet.form(_LEFT_SLEEVE, colour, shades=(_LEFT_SHADE,), lights=(_LEFT_LIGHT,))
    sheet.form(_RIGHT_SLEEVE, colour, shades=(_RIGHT_SHADE,))


def _neck(sheet: Sheet, look: Look, *, collar: float) -> None:
    sheet.fill(_BACK_NECK, mix(look.body, "#000000", 0.38))
    sheet.line("M330 214Q400 240 470 214", mix(look.body, "#000000", 0.6))
    sheet.fill("M376 232H424V256H376Z", mix(look.trim, look.body, 0.1))
    sheet.line(_COLLAR, weight=collar + 10, flat=True)
    sheet.line(_COLLAR, look.trim, weight=collar, flat=True)
    sheet.line("M312 196Q400 232 488 196")


def _chest(sheet: Sheet, spec: Spec, look: Look, *, y: float) -> None:
    if spec.team:
        crests.draw_on(sheet, spec.team, x=478, y=y, height=104)
        _plate(sheet, spec.team, look)
    else:
        emblems.draw_on(sheet, x=400, y=480, height=220, colour=look.text)
    if spec.team and spec.variant == "podium":
        sheet.add(f'<circle cx="322" cy="{y}" r="46" fill="#F6F4EE"/>')
        emblems.draw_on(sheet, x=322, y=y - 4, height=74, lettered=False)


def _plate(sheet: Sheet, team: str, look: Look) -> None:
    """The code, outlined so that it reads on body and pattern alike."""
    sheet.write(team, x=400, y=580, height=118, colour=on(look.text), weight=0.29)
    sheet.write(team, x=400, y=580, height=118, colour=look.text, weight=0.18)
