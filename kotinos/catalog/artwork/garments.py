"""Jersey, T-shirt, hoodie, socks: laid flat, seams and folds where cloth has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import crests, emblems, patterns
from kotinos.catalog.artwork.paint import mix, on

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_TORSO = (
    "M312 196C288 220 252 236 214 246C230 306 240 360 238 420C236 550 230 690 220 806"
    "Q400 836 580 806C570 690 564 550 562 420C560 360 570 306 586 246C548 236 512 220 488 196"
    "C478 256 444 284 400 284C356 284 322 256 312 196Z"
)
_LEFT_SLEEVE = (
    "M214 246C172 262 148 292 134 334L78 474Q118 512 186 522L239 404C240 360 230 306 214 246Z"
)
_RIGHT_SLEEVE = (
    "M586 246C628 262 652 292 666 334L722 474Q682 512 614 522L561 404C560 360 570 306 586 246Z"
)
_BACK_NECK = "M312 196Q400 232 488 196C478 256 444 284 400 284C356 284 322 256 312 196Z"
_COLLAR = "M312 196C322 256 356 284 400 284C444 284 478 256 488 196"
_TORSO_SHADES = (
    "M562 400C566 560 572 700 580 830L486 826C524 700 548 560 562 400Z",
    "M240 410C286 470 346 500 410 504C346 520 282 512 238 484Z",
    "M224 700C290 742 360 752 420 744C360 778 290 790 220 778Z",
)
_TORSO_LIGHTS = ("M252 270C262 340 264 400 262 460C260 590 254 700 248 790L284 794"
                 "C290 690 294 560 292 440C290 370 280 310 268 262Z",)
_LEFT_SHADE = "M186 522L239 404L238 360C214 420 180 470 140 502Z"
_LEFT_LIGHT = "M200 262C172 280 160 304 148 340L112 432L130 444L168 352C178 318 190 290 212 268Z"
_RIGHT_SHADE = "M722 474Q682 512 614 522L600 490C650 486 690 440 700 418Z"
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
    left = "M214 246C168 270 142 310 132 360L82 706Q112 732 166 730L240 440C240 380 230 306 214 246Z"
    right = "M586 246C632 270 658 310 668 360L718 706Q688 732 634 730L560 440C560 380 570 306 586 246Z"
    hood = "M276 252C250 160 300 96 400 96C500 96 550 160 524 252C500 300 450 330 400 336C350 330 300 300 276 252Z"
    inner = "M318 226C310 168 346 140 400 140C454 140 490 168 482 226C470 272 436 296 400 312C364 296 330 272 318 226Z"
    sheet.shadow((_TORSO, left, right, hood), look.field)
    for sleeve, shade in ((left, "M166 730L240 440L238 380C212 520 170 640 120 724Z"), (right, "M718 706L668 360L640 300C676 440 668 600 634 730Z")):
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
    sheet.form(hood, look.body, shades=("M480 110C560 170 540 270 400 336L420 300C480 270 500 200 470 130Z",), lights=("M300 250C280 180 310 130 360 112L350 130C310 150 300 190 316 250Z",))
    sheet.fill(inner, mix(look.body, "#000000", 0.34))
    sheet.line(inner)
    for cord in ("M360 300C352 340 350 372 354 404", "M440 300C448 340 450 372 446 404"):
        sheet.line(cord, on(look.body), weight=11)
        sheet.line(cord, look.text, weight=7)
    patterns.print_on(sheet, spec, look, x=400, y=502, height=170)


def socks(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A pair of sports socks, one over the other, ribbed at the top."""
    sock = (
        "M0 0H170V430C170 470 190 486 226 510L300 560C350 596 330 660 268 660C226 660 196 644 160 620"
        "L52 548C14 522 0 494 0 440Z"
    )
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
            shades=("M136 0H170V430C180 480 340 560 330 600L300 560L200 520C150 480 136 470 136 430Z", "M40 540C140 620 220 650 330 620L280 670H160Z"),
            lights=("M18 100H40V440C40 470 44 490 60 510L40 520C22 490 18 470 18 440Z",),
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
