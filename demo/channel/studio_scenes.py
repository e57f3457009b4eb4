"""Lesson, interview, ceremony and magazine: what happens indoors, at night and in the shop."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from demo.channel import cards, figures, grounds, strokes
from demo.channel.cards import caption
from demo.channel.field_scenes import SKINS, runner
from demo.channel.figures import Pose
from demo.channel.film import Scene, Sprite, svg_sprite
from demo.channel.grounds import box
from demo.channel.lettering import latin, picture
from demo.channel.strokes import disc, line
from kotinos.catalog.artwork import Spec, draw, mascot
from kotinos.catalog.artwork.emblems import LEAF
from kotinos.catalog.artwork.paint import CLAY, GOLD, INK, LAPIS, MARBLE, OLIVE, mix
from kotinos.catalog.artwork.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

_NIGHT = "#101A33"
_STEPS = (("run", "hello"), ("wink", "run"), ("cheer", "medal"))
_GOODS = (
    *(Spec(kind="jersey", team="KEN"), Spec(kind="scarf", team="JAM")),
    *(Spec(kind="pin", team="JPN"), Spec(kind="mug", team="FRA")),
    *(Spec(kind="cap", team="NOR"), Spec(kind="tote", team="GRE")),
    *(Spec(kind="hoodie", team="NZL"), Spec(kind="poster", variant="night", sport="swimming")),
)


def elio(poses: Sequence[str], *, width: int) -> list[Image.Image]:
    """The mascot in these poses."""
    return svg_sprite([mascot(pose) for pose in poses], width=width)


def _number(number: int) -> list[Image.Image]:
    (board,) = strokes.frames([disc(75, 75, 70, GOLD, weight=5)], (150, 150), width=150)
    digit = latin(str(number), size=92, colour=INK)
    board.alpha_composite(digit, (75 - digit.width // 2, 18))
    return [board]


def _step(number: int, poses: Sequence[str]) -> Scene:
    ground = grounds.stadium(1280, seed=40 + number, sky="#F1E3C4")
    grounds.track(ground, 1280)
    teacher = elio(poses, width=430)
    pupil = runner(number, (LAPIS, OLIVE, CLAY)[number - 1], width=360)
    x = f"{120 * number}+60*sin(t*1.5)"
    return Scene(
        seconds=6.2 + 0.3 * number,
        ground=ground.svg(),
        sprites=[
            Sprite(frames=teacher, x=x, y="210-26*abs(sin(t*4))", rate=1.2),
            Sprite(frames=pupil, x="720+40*sin(t*2)", y="290", rate=12),
            Sprite(frames=_number(number), x="80", y="60", rate=1),
        ],
    )


def lesson() -> list[Scene]:
    """The mascot shows three steps of a relay's change."""
    return [_step(number, poses) for number, poses in enumerate(_STEPS, start=1)]


def _guest(kit: str, skin: str, *, talking: bool, mirror: bool) -> list[Image.Image]:
    frames = []
    for number in range(6):
        nod, wave = (3 * math.sin(number), 20 * math.sin(number * 1.05)) if talking else (0, 0)
        arm = (40 + wave, 110 + wave)
        pose = Pose(lean=4 + nod, arm=arm, other_arm=(10, 70), leg=(86, 4), other_leg=(80, -2))
        drawn = figures.body(pose, skin=skin, kit=kit)
        if mirror:
            drawn = strokes.group(drawn, f"translate({figures.SIZE} 0) scale(-1 1)")
        frames.append(drawn)
    return strokes.frames(frames, (figures.SIZE, figures.SIZE), width=470)


def _studio(wall: str) -> str:
    at = grounds.sheet()
    at.fill(box(0, 0, 1280, 720), wall)
    at.form(box(120, 90, 420, 240), "#BCD3E6")
    at.fill("M120 330L240 210L330 290L420 190L540 330Z", OLIVE)
    at.line(box(120, 90, 420, 240), weight=5)
    at.fill(box(0, 590, 1280, 130), mix(CLAY, INK, 0.2))
    at.line("M0 590H1280", weight=5)
    for x in (240, 850):
        at.form(f"M{x} 470h190v90h-190Z", GOLD)
        at.line(f"M{x + 20} 560v50M{x + 170} 560v50", weight=8)
    at.form("M612 520h76l-10 90h-56Z", CLAY)
    at.line("M650 520V360", weight=8)
    for turn in range(-60, 61, 24):
        with at.moved(650, 400, turn=turn, scale=1.1):
            at.fill(LEAF, OLIVE)
    return at.svg()


def _talk(*, answers: bool) -> list[Sprite]:
    host = _guest(LAPIS, SKINS[3], talking=not answers, mirror=False)
    guest = _guest(CLAY, SKINS[0], talking=answers, mirror=True)
    voice = strokes.frames((_voice(n) for n in range(10)), (360, 120), width=360)
    at = ("780", "110") if answers else ("180", "130")
    return [
        Sprite(frames=host, x="90", y="220", rate=6),
        Sprite(frames=guest, x="720", y="220", rate=6),
        Sprite(frames=voice, x=at[0], y=at[1], rate=9, seen="lt(mod(t,4),3.3)"),
    ]


def _voice(number: int) -> str:
    pick = random.Random(number)
    high = [pick.uniform(4, 44) * math.sin(math.pi * (n + 1) / 18) for n in range(17)]
    return line("".join(f"M{20 + n * 20} {60 - h:.0f}V{60 + h:.0f}" for n, h in enumerate(high)),
                INK, 9)  # fmt: skip


def interview() -> list[Scene]:
    """Two chairs, an olive tree in a pot, and the shape of a voice."""
    warm, cool, red = _studio("#E9E2D2"), _studio("#DCE3D0"), "#8C2F22"
    return [
        Scene(seconds=8.1, ground=warm,
              sprites=[*_talk(answers=True), caption("NOR", "27 km/h", colour=red)]),
        Scene(seconds=5.7, ground=cool, sprites=_talk(answers=False)),
        Scene(seconds=6.4, ground=warm,
              sprites=[*_talk(answers=True), caption("NOR", "2030", colour=red)]),
    ]  # fmt: skip


def tree(growth: float) -> str:
    """An olive tree, from a sprig (0) to its crown (1)."""
    sheet = Sheet(width=500, height=500, prefix=f"tree-{growth:.2f}")
    high = 60 + 240 * growth
    trunk = f"M250 490Q236 {490 - high / 2:.0f} 254 {490 - high:.0f}"
    sheet.line(trunk, INK, weight=14 + 34 * growth)
    sheet.line(trunk, "#7A5A3A", weight=8 + 32 * growth)
    pick = random.Random(7)
    tones = (OLIVE, mix(OLIVE, MARBLE, 0.3), OLIVE, mix(OLIVE, INK, 0.2), GOLD)
    for number in range(int(12 + 110 * growth)):
        angle, reach = pick.uniform(0, 2 * math.pi), math.sqrt(pick.random()) * 190 * growth
        x, y = 254 + math.cos(angle) * reach * 1.15, 470 - high + math.sin(angle) * reach * 0.7
        with sheet.moved(x, y, turn=math.degrees(angle) + 90, scale=0.45 + 0.25 * growth):
            sheet.fill(LEAF, tones[number % len(tones)])
    return sheet.svg()


def _night() -> str:
    night = grounds.sheet()
    night.fill(box(0, 0, 1280, 720), _NIGHT)
    pick = random.Random(4)
    for _ in range(120):
        radius = pick.choice((1.5, 2, 3))
        night.add(disc(pick.randrange(1280), pick.randrange(330), radius, MARBLE))
    night.fill("M0 720V420Q640 300 1280 420V720Z", mix(_NIGHT, OLIVE, 0.35))
    grounds.people(night, box_=(0, 330, 1280, 80), seed=9, size=6)
    stage = disc(0, 0, 420, mix(OLIVE, GOLD, 0.3), weight=6)
    night.add(strokes.group(stage, "translate(640 640) scale(1 0.17)"))
    return night.svg()


def _burst(number: int) -> str:
    reach = 20 + number * 15
    rays = []
    for n in range(14):
        x, y = math.cos(2 * math.pi * n / 14), math.sin(2 * math.pi * n / 14)
        path = f"M{170 + x * reach * 0.55:.0f} {170 + y * reach * 0.55:.0f}"
        path += f"L{170 + x * reach:.0f} {170 + y * reach:.0f}"
        rays.append(line(path, (GOLD, MARBLE, CLAY)[n % 3], max(2, 9 - number)))
    return "".join(rays)


def _falling() -> list[Sprite]:
    fill = f'<path d="{LEAF}" fill="{GOLD}"/>'
    leaf = strokes.frames(
        (
            strokes.group(fill, f"translate(50 50) rotate({turn}) translate(0 30) scale(0.7)")
            for turn in range(0, 360, 30)
        ),
        (100, 100),
        width=64,
    )
    return [
        Sprite(
            frames=leaf,
            x=f"{60 + n * 150}+50*sin(t*1.3+{n})",
            y=f"mod({n * 173}+t*{90 + n * 13},800)-70",
            rate=7 + n % 4,
        )
        for n in range(8)
    ]


def ceremony() -> list[Scene]:
    """Night, a field of lights, a tree that grows, leaves that fall."""
    night = _night()
    growing = svg_sprite([tree(n / 23) for n in range(24)], width=560)
    grown = Sprite(frames=growing[-1:], x="360", y="110", rate=1)
    lights = strokes.frames((_burst(n) for n in range(10)), (340, 340), width=340)
    bursts = [
        Sprite(frames=lights, x=str(x), y=str(y), rate=7, seen=f"gte(t,{start})")
        for x, y, start in ((90, 20, 1.0), (820, 40, 2.0), (470, -40, 3.2))
    ]
    rising = Sprite(frames=growing, x="360", y="110", rate=3)
    return [
        Scene(seconds=8.0, ground=night, sprites=[rising]),
        Scene(seconds=7.0, ground=night, sprites=[grown, *bursts]),
        Scene(seconds=8.0, ground=night, sprites=[grown, *_falling()]),
    ]


def _shelf(specs: Sequence[Spec], seconds: float, number: str) -> Scene:
    speed = (1300 + 400 * len(specs) - 500) / seconds
    goods = [
        Sprite(
            frames=[picture(draw(spec), width=336)],
            rate=1,
            x=f"1300+{n * 400}-t*{speed:.0f}",
            y=f"120+12*sin(t*2+{n})",
        )
        for n, spec in enumerate(specs)
    ]
    ground = cards.field_of("#E7E0D2", shape="grove").svg()
    sprites = [*goods, caption("KOTINOS", number, colour=OLIVE)]
    return Scene(seconds=seconds, ground=ground, sprites=sprites)


def magazine() -> list[Scene]:
    """What people wear this week: the shop's own drawings pass by."""
    return [_shelf(_GOODS[:4], 9.5, "1 / 2"), _shelf(_GOODS[4:], 9.5, "2 / 2")]


def wardrobe() -> list[Image.Image]:
    """Some of the shop's pictures, one after the other."""
    return [picture(draw(spec), width=336) for spec in _GOODS[:4]]
