"""Rowing on the lake and a relay in the pool."""

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

_FRAMES = 12


def _rower(seat: int, phase: float, kit: str) -> str:
    reach, blade_y = math.cos(phase), 118 if math.sin(phase) > 0 else 100
    arm, leg = (62 + 24 * reach, 84 + 4 * reach), (104 + 26 * reach, 78 - 52 * reach)
    pose = Pose(lean=18 * reach - 6, arm=arm, other_arm=arm, leg=leg, other_leg=leg)
    hand_x, hand_y = figures.hand(pose)
    blade_x = 70 - 60 * reach
    oar = line(f"M{hand_x:.1f} {hand_y:.1f}L{blade_x:.0f} {blade_y}", INK, 3.4)
    oar += line(f"M{blade_x + 4:.0f} {blade_y - 2}l-14 6", kit, 8)
    body = figures.body(pose, skin=SKINS[seat], kit=kit)
    return strokes.group(body + oar, f"translate({seat * 88 + 14 * reach:.1f} 6)")


def boat(kit: str, *, width: int, shift: int = 0) -> list[Image.Image]:
    """Four rowers in one stroke: legs, back, arms; oars that meet the water together."""
    hull = line("M4 92Q230 120 486 90Q440 112 240 114Q60 112 4 92Z", INK, 4, fill=MARBLE)
    hull += line("M40 101Q240 116 450 99", kit, 5)
    frames = []
    for number in range(_FRAMES):
        phase = 2 * math.pi * ((number + shift) % _FRAMES) / _FRAMES
        crew = "".join(_rower(seat, phase, kit) for seat in range(4))
        frames.append(crew + hull)
    return strokes.frames(frames, (490, 150), width=width)


def rowing(kit: str, mark: str) -> list[Scene]:
    """Dawn; two boats stroke for stroke; the buoys of the last metres."""
    dawn = grounds.water(2400, sky="#F0C9A0", sea="#4E7F94", top=300, hills="#5C6F58")
    dawn.add(disc(900, 150, 66, GOLD))
    last = grounds.water(2400, sky="#F3DDBB", sea="#4A8AA0", top=250, hills="#6E8A5A")
    for x in range(0, 2400, 150):
        last.add(disc(x, 430, 11, CLAY, weight=4))
        last.add(disc(x + 60, 650, 15, CLAY, weight=4))
    blue, ours = boat(LAPIS, width=560, shift=5), boat(kit, width=700)
    return [
        Scene(seconds=9.1, ground=dawn.svg(), ground_width=2400, pan="min(t*120,1120)",
              sprites=[
                  Sprite(frames=blue, x="330-14*t+14*sin(t*3.9)", y="330", rate=9),
                  Sprite(frames=ours, x="220+12*t+18*sin(t*4.7)", y="436", rate=9),
                  caption("NZL", "1500 m", colour=kit),
              ]),
        Scene(seconds=9.3, ground=last.svg(), ground_width=2400, pan="min(t*120,1120)",
              sprites=[
                  Sprite(frames=boat(kit, width=860), x="150+20*sin(t*4.7)", y="390", rate=10),
                  caption("NZL", mark, colour=kit, start=4.4),
              ]),
    ]  # fmt: skip


def _arm(turn: float, side: int, skin: str) -> str:
    x, y = 118 + 40 * math.cos(turn), 40 + side * (20 + 8 * math.sin(turn))
    return strokes.outlined(f"M118 40L{x:.0f} {y:.0f}", skin, 10)


def swimmer(cap: str, number: int, *, width: int) -> list[Image.Image]:
    """From above: arms that turn, a wake of foam."""
    frames = []
    for step in range(8):
        turn, skin = math.radians(step * 45), SKINS[number % 6]
        foam = "".join(
            disc(14 + 11 * n, round(40 + 13 * math.sin(n * 2.1 + step)), 5 + n % 3, MARBLE)
            for n in range(6)
        )
        arms = _arm(turn, 1, skin) + _arm(turn + math.pi, -1, skin)
        trunk = strokes.outlined("M66 40H120", cap, 23, edge=3.5)
        frames.append(foam + arms + trunk + disc(146, 40, 16, cap, weight=4))
    return strokes.frames(frames, (180, 80), width=width)


def _pool() -> str:
    at = grounds.sheet(2400)
    sea = "#3F9AB8"
    at.fill(box(0, 0, 2400, 720), sea)
    for n in range(7):
        at.line(f"M0 {36 + n * 108}H2400", CLAY if n % 2 else MARBLE, weight=9, dash="34 14")
    for n in range(6):
        at.line(f"M0 {90 + n * 108}H2400", mix(sea, INK, 0.25), weight=12)
        for x in range((n * 71) % 200, 2400, 240):
            at.line(f"M{x} {64 + n * 108}q14 -10 28 0t28 0", mix(sea, MARBLE, 0.4), weight=4)
    return at.svg()


_CAPS = ((GOLD, 22), (CLAY, -8), (OLIVE, 30), (LAPIS, 46), (MARBLE, 4), ("#7A1F5C", -14))


def _lanes(pace: float) -> list[Sprite]:
    return [
        Sprite(
            frames=swimmer(cap, n, width=210),
            rate=9 + n % 3,
            x=f"{400 + 37 * (n % 4)}+{speed * pace:g}*t+8*sin(t*5+{n})",
            y=str(44 + n * 108),
        )
        for n, (cap, speed) in enumerate(_CAPS)
    ]


def relay(mark: str) -> list[Scene]:
    """Six lanes from above, down and back."""
    pool = _pool()
    return [
        Scene(seconds=9.3, ground=pool, ground_width=2400, pan="min(t*120,1120)",
              sprites=[*_lanes(0.8), caption("4 x 100", "3 / 4", colour=INK)]),
        Scene(seconds=9.1, ground=pool, ground_width=2400, pan="min(60+t*115,1120)",
              sprites=[*_lanes(1.1), caption("AUS", mark, colour="#0B5345", start=4)]),
    ]  # fmt: skip
