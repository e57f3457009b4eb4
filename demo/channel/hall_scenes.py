"""Fencing, ribbon and table tennis: what happens under lamps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from demo.channel import figures, grounds, strokes
from demo.channel.cards import caption
from demo.channel.field_scenes import SKINS
from demo.channel.figures import Pose
from demo.channel.film import Scene, Sprite
from demo.channel.grounds import box
from demo.channel.strokes import disc, line
from kotinos.catalog.artwork.paint import CLAY, GOLD, INK, LAPIS, MARBLE, OLIVE, mix

if TYPE_CHECKING:
    from PIL import Image

_NIGHT, _PLUM = "#1B2440", "#5C2440"
_GUARD = Pose(lean=4, arm=(56, 94), other_arm=(-70, -150), leg=(40, -6), other_leg=(-36, -16))
_LUNGE = Pose(lean=24, arm=(84, 90), other_arm=(-96, -100), leg=(74, 4), other_leg=(-62, -58))
_TURNS = (
    ((-8, 6), (140, 150), (-110, -120), (6, 0), (-70, -40)),
    ((10, 12), (100, 80), (-80, -110), (20, -4), (-96, -100)),
    ((-16, 24), (168, 176), (-150, -160), (60, 52), (-60, -54)),
    ((4, 4), (120, 100), (-60, -90), (10, 2), (-30, -70)),
)
"""A dancer's poses: (lean, lift), arm, other arm, leg, other leg."""
_LEAP = 50
"""Room above her for a leap and a raised arm, in units of her height."""


def _turned(inside: str, side: float, *, mirror: bool) -> str:
    return strokes.group(inside, f"translate({side} 0) scale(-1 1)") if mirror else inside


def fencer(kit: str, *, width: int, mirror: bool, late: int = 0) -> list[Image.Image]:
    """Guard, lunge, back; a mask and a blade."""
    poses = figures.through((_GUARD, _GUARD, _LUNGE, _GUARD), 4)
    frames = []
    for pose in poses[late:] + poses[:late]:
        x, y = figures.hand(pose)
        blade = line(f"M{x:.0f} {y:.0f}l58 -5", MARBLE, 2.6) + disc(x + 3, y, 5.5, GOLD, weight=2)
        drawn = figures.body(pose, skin=MARBLE, kit=kit) + blade
        frames.append(_turned(drawn, 200, mirror=mirror))
    return strokes.frames(frames, (200, figures.SIZE), width=width)


def _lamp(colour: str, seen: str, x: int) -> Sprite:
    lamp = strokes.frames([line("M5 5H195V55H5Z", INK, 6, fill=colour)], (200, 60), width=200)
    return Sprite(frames=lamp, x=str(x), y="470", seen=seen, rate=1)


def _bout(size: int, y: int) -> list[Sprite]:
    blue = fencer(LAPIS, width=size, mirror=False)
    red = fencer(CLAY, width=size, mirror=True, late=5)
    red_x = f"{1100 - size}+56*sin(t*1.1+0.5)"
    return [
        Sprite(frames=blue, x="180+70*sin(t*1.1)", y=str(y), rate=8),
        Sprite(frames=red, x=red_x, y=str(y), rate=8),
    ]


def fencing(mark: str) -> list[Scene]:
    """Fifteen touches at night; the lamps say whose it was."""
    piste = grounds.hall(wall=_NIGHT, floor=mix(_NIGHT, MARBLE, 0.25))
    piste.fill("M90 560H1190L1260 660H20Z", mix(LAPIS, MARBLE, 0.3))
    piste.line("M640 560V660M380 560L350 660M900 560L930 660", MARBLE, weight=5)
    blue = "#14387F"
    off_target = _lamp(CLAY, "between(mod(t,3.2),2.2,2.9)", 700)
    touch = _lamp("#2E8B57", "gte(t,3.6)", 380)
    return [
        Scene(seconds=9.3, ground=piste.svg(),
              sprites=[*_bout(560, 228), off_target, caption("FRA", "14 : 14", colour=blue)]),
        Scene(seconds=8.9, ground=piste.svg(),
              sprites=[*_bout(680, 140), touch, caption("FRA", mark, colour=blue, start=3.8)]),
    ]  # fmt: skip


def ribbon_dancer(kit: str, *, width: int) -> list[Image.Image]:
    """One turn of a ribbon that writes in the air."""
    keys = [
        Pose(lean=lean, lift=lift, arm=arm, other_arm=other_arm, leg=leg, other_leg=other_leg)
        for (lean, lift), arm, other_arm, leg, other_leg in _TURNS
    ]
    frames = []
    for number, pose in enumerate(figures.through(keys, 4)):
        x, y = figures.hand(pose)
        turn = 2 * math.pi * number / 16
        points = [
            (x + 4 + n * 7.2, y - 10 + (4 + n * 1.5) * math.sin(n * 0.62 - turn * 2) - n * 0.4)
            for n in range(22)
        ]
        path = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        band = strokes.outlined(path, GOLD, 6, edge=1.8)
        dancer = band + figures.body(pose, skin=SKINS[3], kit=kit)
        frames.append(strokes.group(dancer, f"translate(0 {_LEAP})"))
    return strokes.frames(frames, (300, 160 + _LEAP), width=width)


def ribbon(kit: str, mark: str) -> list[Scene]:
    """A floor of clay and a line of gold."""
    floor = grounds.hall(wall=_PLUM, floor="#D9A48A", lamps=3)
    floor.line("M120 690L250 470H1030L1160 690Z", MARBLE, weight=8)
    near = grounds.sheet()
    near.fill(box(0, 0, 1280, 720), _PLUM)
    near.add(disc(560, 360, 300, mix(_PLUM, MARBLE, 0.12)))
    near.fill(box(0, 610, 1280, 110), "#D9A48A")
    near.line("M0 610H1280", weight=4)
    far = Sprite(
        frames=ribbon_dancer(kit, width=720),
        x="200+150*sin(t*0.9)",
        y="120-20*abs(sin(t*2))",
        rate=10,
    )
    close = Sprite(frames=ribbon_dancer(kit, width=1000), x="220+40*sin(t)", y="-40", rate=9)
    return [
        Scene(seconds=9.7, ground=floor.svg(),
              sprites=[far, caption("JPN", "D 13.4", colour=kit)]),
        Scene(seconds=9.1, ground=near.svg(),
              sprites=[close, caption("JPN", mark, colour=kit, start=4)]),
    ]  # fmt: skip


def player(
    kit: str, number: int, *, width: int, mirror: bool = False, late: int = 0
) -> list[Image.Image]:
    """Ready, forehand, ready: a bat in the hand."""
    ready = Pose(lean=20, arm=(40, 96), other_arm=(30, 80), leg=(34, -18), other_leg=(-20, -40))
    back = Pose(lean=8, arm=(-40, 20), other_arm=(50, 90), leg=(30, -16), other_leg=(-26, -42))
    drive = Pose(lean=30, arm=(96, 140), other_arm=(10, 60), leg=(42, -10), other_leg=(-36, -46))
    poses = figures.through((ready, back, drive), 4)
    frames = []
    for pose in poses[late:] + poses[:late]:
        x, y = figures.hand(pose)
        drawn = figures.body(pose, skin=SKINS[number], kit=kit) + disc(
            x + 5, y - 7, 9, CLAY, weight=3
        )
        frames.append(_turned(drawn, figures.SIZE, mirror=mirror))
    return strokes.frames(frames, (figures.SIZE, figures.SIZE), width=width)


def _table() -> list[Image.Image]:
    table = line("M40 40H600L636 96H4Z", INK, 5, fill=OLIVE)
    table += line("M320 40V96M22 68H618", MARBLE, 4) + line("M320 6V74", INK, 5)
    table += line("M90 98V216M550 98V216", INK, 10)
    return strokes.frames([table], (640, 220), width=640)


def _rally(pace: float) -> list[Sprite]:
    """The ball's way is there and back, with a hop on either side of the net."""
    there = f"abs(mod(t*{pace},2)-1)"
    hop = f"abs(sin({there}*3.1416*1.5+0.8))"
    ball = strokes.frames([disc(12, 12, 9, MARBLE, weight=3)], (24, 24), width=26)
    red = player("#C62F2F", 3, width=400)
    blue = player(LAPIS, 5, width=400, mirror=True, late=6)
    return [
        Sprite(frames=_table(), x="320", y="430", rate=1),
        Sprite(frames=red, x="40+16*sin(t*4)", y="250", rate=6 * pace),
        Sprite(frames=blue, x="850+16*sin(t*4+2)", y="250", rate=6 * pace),
        Sprite(frames=ball, x=f"330+600*(1-{there})", y=f"452-120*{hop}", rate=1),
    ]


def table_tennis(mark: str) -> list[Scene]:
    """A rally at game point, slower and faster."""
    hall = grounds.hall(wall="#3A1620", floor="#A63A2E", lamps=4).svg()
    red = "#8E1B1B"
    return [
        Scene(seconds=9.4, ground=hall, sprites=[*_rally(2), caption("CHN", "10 : 9", colour=red)]),
        Scene(seconds=9.0, ground=hall,
              sprites=[*_rally(2.6), caption("CHN", mark, colour=red, start=4)]),
    ]  # fmt: skip
