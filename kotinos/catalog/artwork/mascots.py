"""Elio, the invented mascot of Kotinos 2030: a little owl with a sprig of olive behind its ear.

The little owl (Athene noctua) lives in olive groves all round the Mediterranean. Elio is drawn
from simple rounded bodies, so it can be printed, sewn and stuffed; each pose is a few numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from kotinos.catalog.artwork import shapes
from kotinos.catalog.artwork.emblems import LEAF
from kotinos.catalog.artwork.paint import CLAY, GOLD, INK, LAPIS, MARBLE, OLIVE, mix
from kotinos.catalog.artwork.sheet import Sheet

_AT = shapes.of("mascots")
WIDTH, HEIGHT = 520, 480
POSES = ("hello", "cheer", "run", "medal", "dream", "wink")

BODY = _AT["body"]
_EARS = (
    "M96 132C82 100 80 68 90 40C116 48 140 64 156 86Z",
    _AT["ears"],
)
_BELLY = _AT["belly"]
_FACE = _AT["face"]
_WING = _AT["wing"]
_WING_LINES = _AT["wing_lines"]
_BEAK = _AT["beak"]
_SPOTS = ((142, 286), (176, 300), (224, 300), (258, 286), (158, 328), (200, 336), (242, 328))
_TICKS = "M{x} {y}q7 9 14 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pose:
    left: float = 8
    right: float = 8
    """Degrees each wing is lifted away from the body."""
    lean: float = 0
    eyes: str = "open"
    medal: bool = False
    stride: bool = False


_POSES = {
    "hello": _Pose(right=128),
    "cheer": _Pose(left=132, right=132),
    "run": _Pose(left=46, right=70, lean=9, stride=True),
    "medal": _Pose(left=14, right=14, medal=True),
    "dream": _Pose(eyes="closed"),
    "wink": _Pose(left=30, right=96, eyes="wink"),
}


def mascot(pose: str = "hello", *, scarf: str = CLAY, trim: str = MARBLE) -> str:
    """Return Elio as SVG in one of `POSES`; an unknown pose waves hello."""
    sheet = Sheet(width=WIDTH, height=HEIGHT, prefix=f"elio-{pose}")
    draw(sheet, pose=pose, scarf=scarf, trim=trim)
    return sheet.svg(title="Elio")


def draw(sheet: Sheet, *, pose: str, scarf: str, trim: str, coat: str = LAPIS) -> None:
    """Draw Elio, 520 x 480 units, feet at the bottom."""
    how = _POSES.get(pose, _POSES["hello"])
    with sheet.moved(260, 430, turn=how.lean), sheet.moved(-200, -430):
        _legs(sheet, stride=how.stride)
        _sprig(sheet)
        for ear in _EARS:
            sheet.form(ear, coat)
        _body(sheet, coat)
        _face(sheet, how.eyes)
        _scarf(sheet, scarf, trim, tailed=not how.medal)
        if how.medal:
            _medal(sheet)
        _wings(sheet, how, coat)


def _legs(sheet: Sheet, *, stride: bool) -> None:
    places = ((138, 428, 24), (270, 404, -34)) if stride else ((152, 420, 0), (248, 420, 0))
    for x, y, turn in places:
        with sheet.moved(x, y, turn=turn):
            sheet.form(
                _AT["legs_form"],
                GOLD,
                shades=("M6 -22V8C24 12 34 28 24 42H44V-22Z",),
            )
            sheet.line("M-10 42V30M12 42V30")


def _sprig(sheet: Sheet) -> None:
    with sheet.moved(292, 74, turn=38):
        sheet.line("M0 10C2 -20 8 -46 18 -66", INK, weight=7)
        for x, y, turn, tone in ((4, -14, 62, 0.0), (4, -22, -46, 0.2), (18, -60, 14, 0.1)):
            with sheet.moved(x, y, turn=turn, scale=0.62):
                leaf = mix(OLIVE, "#9DB45A", 0.35 + tone)
                sheet.fill(LEAF, leaf)
                sheet.line(LEAF, weight=8)
                sheet.line("M0 -16V-66", weight=6)


def _body(sheet: Sheet, coat: str) -> None:
    with sheet.solid(BODY, coat):
        sheet.tones(
            coat,
            shades=("M262 50C330 120 330 340 214 424L360 430V50Z",),
            lights=(_AT["body_light"],),
        )
        sheet.fill(_BELLY, mix(MARBLE, coat, 0.08))
        with sheet.within(_BELLY):
            sheet.tones(MARBLE, shades=("M250 230C300 290 280 380 190 410H300V230Z",))
        for x, y in _SPOTS:
            sheet.line(_TICKS.format(x=x - 7, y=y + 22), mix(coat, MARBLE, 0.35))
    for x, y in ((178, 84), (200, 74), (222, 84)):
        sheet.line(_TICKS.format(x=x - 7, y=y), mix(coat, MARBLE, 0.55))


def _face(sheet: Sheet, eyes: str) -> None:
    sheet.form(_FACE, MARBLE, shades=("M262 110C312 140 306 220 240 230L320 232V110Z",))
    _eye(sheet, x=148, closed=eyes == "closed")
    _eye(sheet, x=252, closed=eyes in {"closed", "wink"})
    sheet.form(_BEAK, "#E3A92F", shades=("M204 196C216 204 212 220 200 236L222 230V196Z",))
    for side in (-1, 1):
        with sheet.moved(200 + side * 92, 218):
            sheet.add(f'<ellipse rx="17" ry="10" fill="{CLAY}" fill-opacity=".55"/>')


def _eye(sheet: Sheet, *, x: float, closed: bool) -> None:
    if closed:
        sheet.line(f"M{x - 30} 172Q{x} 200 {x + 30} 172", weight=8)
        return
    sheet.add(f'<circle cx="{x}" cy="170" r="36" fill="#E9B93F"/>')
    sheet.add(f'<circle cx="{x}" cy="170" r="36" stroke="{INK}" stroke-width="5"/>')
    sheet.add(f'<circle cx="{x}" cy="172" r="24" fill="{INK}"/>')
    sheet.add(f'<circle cx="{x - 9}" cy="162" r="9" fill="#FFF"/>')
    sheet.add(f'<circle cx="{x + 9}" cy="180" r="4" fill="#FFF"/>')


def _scarf(sheet: Sheet, scarf: str, trim: str, *, tailed: bool) -> None:
    tail = "M236 262L276 330L240 346L214 270Z"
    band = _AT["scarf_band"]
    if tailed:
        with sheet.solid(tail, scarf):
            sheet.line("M218 322L284 292", trim, weight=12)
        sheet.line("M246 343L249 356M258 338L262 350M270 333L274 345")
    with sheet.solid(band, scarf):
        for x in (112, 160, 208, 256, 304):
            sheet.line(f"M{x} 214L{x - 14} 304", trim, weight=12)
        sheet.tones(scarf, shades=("M232 290C280 280 310 262 318 226V300H232Z",))


def _medal(sheet: Sheet) -> None:
    sheet.fill(_AT["medal_fill_1"], OLIVE)
    sheet.line("M150 276L196 336H210L252 276")
    sheet.add('<circle cx="203" cy="352" r="31" fill="#E3B94A"/>')
    sheet.fill(_AT["medal_fill_2"], INK, opacity=0.17)
    sheet.add(f'<circle cx="203" cy="352" r="31" stroke="{INK}" stroke-width="5"/>')
    with sheet.moved(203, 373, scale=0.44):
        sheet.fill(LEAF, OLIVE)


def _wings(sheet: Sheet, how: _Pose, coat: str) -> None:
    for x, lift, mirror in ((96, how.left, False), (304, how.right, True)):
        turn = lift if not mirror else -lift
        with sheet.moved(x, 232, turn=turn, mirror=mirror):
            with sheet.solid(_WING, mix(coat, INK, 0.14)):
                if mirror:
                    sheet.tones(coat, shades=("M-30 0L-60 180H10V0Z",))
            sheet.line(_WING_LINES, mix(coat, MARBLE, 0.45))
