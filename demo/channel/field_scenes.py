"""Javelin, sprint, archery, road race and marathon: what happens under the open sky."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from demo.channel import figures, grounds, strokes
from demo.channel.cards import caption
from demo.channel.figures import Pose
from demo.channel.film import Scene, Sprite, svg_sprite
from demo.channel.grounds import box
from demo.channel.strokes import disc, line
from kotinos.catalog.artwork.paint import CLAY, GOLD, INK, LAPIS, MARBLE, OLIVE, mix

if TYPE_CHECKING:
    from PIL import Image

_RELEASE_FRAME = 8
SKINS = ("#8A5A3C", "#C98F6B", "#5F3B28", "#E2B48C", "#A8714B", "#D9A27C")
_THROW = (
    Pose(lean=-14, arm=(-96, -96), other_arm=(80, 92), leg=(30, 10), other_leg=(-30, -40)),
    Pose(lean=-20, arm=(-110, -104), other_arm=(92, 96), leg=(44, 8), other_leg=(-26, -30)),
    Pose(lean=16, arm=(150, 162), other_arm=(10, 50), leg=(24, 16), other_leg=(-34, -44)),
    Pose(lean=34, arm=(60, 46), other_arm=(-34, 10), leg=(34, 14), other_leg=(-40, -70)),
)


def runner(number: int, kit: str, *, width: int, stride: float = 1.0) -> list[Image.Image]:
    """One stride of a runner in a kit."""
    skin = SKINS[number % len(SKINS)]
    return svg_sprite(
        [
            figures.svg(figures.body(pose, skin=skin, kit=kit))
            for pose in figures.run_cycle(stride=stride)
        ],
        width=width,
    )


def thrower(kit: str, *, width: int) -> list[Image.Image]:
    """From the last steps to the release; the javelin leaves the hand in the third pose."""
    frames = []
    for number, pose in enumerate(figures.through(_THROW, 4)[:13]):
        spear = ""
        if number < _RELEASE_FRAME:
            x, y = figures.hand(pose)
            spear = line(f"M{x - 42:.1f} {y + 12:.1f}L{x + 46:.1f} {y - 13:.1f}", INK, 3.2)
        frames.append(figures.svg(spear + figures.body(pose, skin=SKINS[0], kit=kit)))
    return svg_sprite(frames, width=width)


def _spear(kit: str, drop: float) -> str:
    grip = f"M130 {60 + drop * 0.12:.1f}L172 {60 - drop * 0.12:.1f}"
    return line(f"M8 {60 + drop}L292 {60 - drop}", INK, 7) + line(grip, kit, 11)


def _javelin_grounds() -> tuple[str, str, str]:
    near = grounds.stadium(2200, seed=3)
    near.fill(box(0, 560, 2200, 160), CLAY)
    near.line("M0 560H2200M0 690H2200", MARBLE, weight=8)
    throw = grounds.stadium(1280, seed=5)
    throw.fill(box(0, 560, 1280, 160), CLAY)
    throw.line("M760 560L700 720", MARBLE, weight=10)
    far = grounds.stadium(2900, seed=8)
    for x in range(500, 2900, 400):
        far.line(f"M{x} 470Q{x + 60} 590 {x} 720", MARBLE, weight=5)
    return near.svg(), throw.svg(), far.svg()


def javelin(kit: str, mark: str) -> list[Scene]:
    """The run-up, the throw, the long arc, the mark in the turf."""
    near, throw, far = _javelin_grounds()
    carried = strokes.frames([_spear(kit, 40)], (300, 120), width=300)
    flying = strokes.frames(
        (_spear(kit, drop) for drop in range(46, -47, -4)), (300, 120), width=300
    )
    since = "max(t-1.35,0)"
    arc = "300-250*sin(min(t,6.2)/6.2*3.1416)+120*t/7"
    return [
        Scene(seconds=7.4, ground=near, ground_width=2200, pan="min(t*145,920)",
              sprites=[
                  Sprite(frames=runner(0, kit, width=330), x="330+10*sin(t*3)", y="330", rate=14),
                  Sprite(frames=carried, x="330+10*sin(t*3)", y="352+4*sin(t*11)"),
                  caption("KEN", "3 / 6", colour=kit),
              ]),
        Scene(seconds=3.2, ground=throw,
              sprites=[
                  Sprite(frames=thrower(kit, width=420), x="300", y="230", rate=6),
                  Sprite(frames=flying[:1], x=f"560+1100*{since}", y=f"250-420*{since}",
                         seen="gte(t,1.35)"),
              ]),
        Scene(seconds=8.2, ground=far, ground_width=2900, pan="min(t*250,1620)",
              sprites=[
                  Sprite(frames=flying, x="490", y=arc, rate=3.6),
                  caption("KEN", mark, colour=kit, start=4.6),
              ]),
    ]  # fmt: skip


def sprint(mark: str) -> list[Scene]:
    """Five lanes, one stride ahead at the end, then the finish."""
    ground = grounds.stadium(3000, seed=11)
    grounds.track(ground, 3000)
    kits = (LAPIS, "#111111", GOLD, OLIVE, "#7A1F5C")
    lead = (60, -120, 330, 170, -190)
    sprites = [
        Sprite(
            frames=runner(n, kit, width=210 + n * 26),
            rate=14 + n % 3,
            x=f"{330 + n * 16}+{lead[n]}*t/8+14*sin(t*2+{n})",
            y=str(268 + n * 42),
        )
        for n, kit in enumerate(kits)
    ]
    close = grounds.stadium(1280, seed=12)
    grounds.track(close, 1280)
    for row in range(12):
        for column in range(2):
            tone = INK if (row + column) % 2 else MARBLE
            close.fill(box(980 + column * 22 - row * 12, 450 + row * 23, 22, 23), tone)
    last = [
        Sprite(
            frames=runner(n, kits[n], width=240 + n * 40),
            rate=14,
            x=f"-300+{250 + lead[n] // 3}*t+{n * 20}",
            y=str(240 + n * 66),
        )
        for n in (1, 2, 3)
    ]
    return [
        Scene(seconds=9.9, ground=ground.svg(), ground_width=3000, pan="min(t*172,1720)",
              sprites=[*sprites, caption("100 m", "5 . 3 . 8 . 2 . 7", colour=INK, start=0.6)]),
        Scene(seconds=8.3, ground=close.svg(),
              sprites=[*last, caption("JAM", mark, colour="#0B6B3A", start=4.4)]),
    ]  # fmt: skip


def archer(*, width: int) -> list[Image.Image]:
    """Drawing the bow, holding, loosing."""
    frames = []
    for pull in (0, 4, 8, 12, 16, 20, 20, 20, 20, 20, 0, 0, 0, 0):
        pose = Pose(lean=-2, arm=(90, 90), other_arm=(60 - pull * 7.5, 96 - pull * 0.3),
                    leg=(14, 8), other_leg=(-16, -12))  # fmt: skip
        x, y = figures.hand(pose)
        string, high, low = x - 12 - pull, y - 46, y + 46
        bow = line(f"M{x - 10} {high}Q{x + 16} {y} {x - 10} {low}", CLAY, 5)
        bow += line(f"M{x - 10} {high}L{string} {y}L{x - 10} {low}", INK, 1.6)
        if pull:
            bow += line(f"M{string} {y}h52", INK, 2.4)
        frames.append(figures.svg(figures.body(pose, skin=SKINS[3], kit=LAPIS) + bow, width=160))
    return svg_sprite(frames, width=width)


_RINGS = ((66, MARBLE), (52.8, INK), (39.6, "#2F7FB5"), (26.4, CLAY), (13.2, GOLD))


def _meadow() -> str:
    meadow = grounds.stadium(1280, seed=21, turf="#86A556")
    rings = "".join(disc(0, 0, radius, tone) for radius, tone in _RINGS)
    meadow.add(strokes.group(disc(0, 0, 68, INK) + rings, "translate(1130 470) scale(0.5 1)"))
    meadow.line("M1130 536V620M1100 620H1160", CLAY, weight=10)
    return meadow.svg()


def _target() -> str:
    near = grounds.sheet()
    near.fill(box(0, 0, 1280, 720), "#86A556")
    for radius, tone in _RINGS:
        near.add(disc(640, 360, radius * 5, tone, weight=4))
        near.line(
            f"M{640 - radius * 5 + 33:g} 360a{radius * 5 - 33:g} {radius * 5 - 33:g} 0 1 1 0 .1Z",
            mix(tone, INK, 0.3),
            weight=3,
        )
    return near.svg()


def archery(mark: str) -> list[Scene]:
    """The shot across the meadow, then the target from near by."""
    arrow = strokes.frames(
        [line("M4 8H112", INK, 5) + line("M4 2H22M4 14H22", CLAY, 4)], (120, 16), width=120
    )
    hit = strokes.frames(
        [line("M12 12L78 78", INK, 8) + line("M62 80L80 80L80 62", CLAY, 8)], (90, 90), width=110
    )
    hits = [
        Sprite(
            frames=hit,
            x=f"{x}+400*max({at + 0.15}-t,0)",
            y=f"{y}+400*max({at + 0.15}-t,0)",
            seen=f"gte(t,{at})",
            rate=1,
        )
        for at, x, y in ((0.6, 648, 330), (2.4, 610, 384), (4.2, 632, 352))
    ]
    flown = "(mod(t,3.5)-2.5)"
    return [
        Scene(seconds=10.5, ground=_meadow(),
              sprites=[
                  Sprite(frames=archer(width=440), x="90", y="250", rate=4),
                  Sprite(frames=arrow, x=f"420+1500*{flown}", y=f"398+50*{flown}", rate=1,
                         seen="between(mod(t,3.5),2.5,2.94)"),
                  caption("KOR", "9 . 10 . 10", colour=LAPIS),
              ]),
        Scene(seconds=7.9, ground=_target(),
              sprites=[*hits, caption("KOR", mark, colour=LAPIS, start=4.6)]),
    ]  # fmt: skip


def _bicycle(step: int, kit: str) -> str:
    wheels = "".join(
        strokes.group(
            disc(x, 126, 24, "none", weight=5) + line(f"M{x - 22} 126h44M{x} 104v44", INK, 1.2),
            f"rotate({step * 22.5} {x} 126)",
        )
        for x in (42, 122)
    )
    return wheels + line("M42 126L66 88H108L122 126M66 88L84 120L108 88M106 80L116 84", kit, 5)


def cyclist(number: int, kit: str, *, width: int) -> list[Image.Image]:
    """Legs that turn with the crank."""
    frames = []
    for step, swing in enumerate((0, 13, 18, 13, 0, -13, -18, -13)):
        pose = Pose(lean=52, arm=(36, 70), other_arm=(36, 70), leg=(44 + swing, -18 + swing * 0.8),
                    other_leg=(44 - swing, -18 - swing * 0.8))  # fmt: skip
        rider = figures.body(pose, skin=SKINS[number % 6], kit=kit)
        whole = _bicycle(step, kit) + strokes.group(rider, "translate(0 14)")
        frames.append(figures.svg(whole, width=160, height=156))
    return svg_sprite(frames, width=width)


def _coast(sea: str, top: int) -> str:
    at = grounds.water(2600, sky="#E9DDC4", sea=sea, top=top)
    at.fill(box(0, 480, 2600, 240), mix(INK, MARBLE, 0.45))
    at.line("M0 480H2600", MARBLE, weight=12)
    at.line("M0 610H2600", MARBLE, weight=8, dash="70 60")
    for x in range(140, 2600, 330):
        at.line(f"M{x} 480V360", CLAY, weight=12)
        at.form(f"M{x} 380c-60 0-60-80 0-110c60 30 60 110 0 110Z", OLIVE)
    return at.svg()


def road(mark: str) -> list[Scene]:
    """A bunch on a coast road, then one alone."""
    bunch = [
        Sprite(
            frames=cyclist(n, kit, width=230 + n * 14),
            rate=12 + n,
            x=f"{180 + n * 190}+{30 + n * 6}*sin(t*0.8+{n * 1.7})",
            y=str(360 + (n * 53) % 120),
        )
        for n, kit in enumerate((GOLD, CLAY, LAPIS, "#0B6B3A"))
    ]
    alone = Sprite(frames=cyclist(1, GOLD, width=380), rate=14, x="380+60*sin(t)", y="306")
    return [
        Scene(seconds=9.6, ground=_coast("#3E7CA6", 260), ground_width=2600,
              pan="mod(t*160,1320)", sprites=[*bunch, caption("COL", "18 km", colour="#14387F")]),
        Scene(seconds=8.9, ground=_coast("#5E8FA8", 290), ground_width=2600,
              pan="mod(200+t*150,1320)",
              sprites=[alone, caption("COL", mark, colour="#14387F", start=3)]),
    ]  # fmt: skip


_ROUTE = (
    *((160, 590), (380, 590), (380, 380), (620, 380)),
    *((620, 190), (900, 190), (900, 470), (1110, 470)),
)


def _along(axis: int, seconds: float) -> str:
    """The route as an expression of time, begun at 0.6 s: one straight piece after the other."""
    lengths = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(_ROUTE)]
    speed = sum(lengths) / seconds
    at, text = 0.6, str(_ROUTE[0][axis] - 30)
    for (one, other), length in zip(pairwise(_ROUTE), lengths, strict=True):
        took = length / speed
        step = other[axis] - one[axis]
        if step:
            text += f"+{step}*min(max((t-{at:.3f})/{took:.3f},0),1)"
        at += took
    return text


def _city() -> str:
    city = grounds.sheet()
    city.fill(box(0, 0, 1280, 720), MARBLE)
    for x in range(60, 1280, 120):
        for y in range(50, 720, 106):
            park = (x * 7 + y * 3) % 11 in {0, 1, 2}
            city.fill(box(x, y, 92, 78), "#D9E0C8" if park else "#E7E0D2")
    city.line("M0 660Q300 560 520 690T1280 610", "#7FA9C4", weight=46)
    path = "M" + "L".join(f"{x} {y}" for x, y in _ROUTE)
    city.line(path, INK, weight=18)
    city.line(path, GOLD, weight=10)
    for spot in _ROUTE:
        city.add(disc(*spot, 15 if spot in {_ROUTE[0], _ROUTE[-1]} else 9, CLAY, weight=4))
    return city.svg()


def marathon(mark: str) -> list[Scene]:
    """The route through the invented city of Elaia, drawn as it is run; then the runners."""
    ripples = (0, 2, 4, 6, 8, 6, 4, 2)
    pulse = (disc(30, 30, 20 + n, OLIVE, opacity=0.35) for n in ripples)
    first = strokes.frames(
        (ring + disc(30, 30, 15, OLIVE, weight=4) for ring in pulse), (60, 60), width=60
    )
    second = strokes.frames([disc(30, 30, 12, LAPIS, weight=4)], (60, 60), width=60)
    street = grounds.stadium(2600, seed=31, turf=mix(INK, MARBLE, 0.5), sky="#EFD9B4")
    street.line("M0 600H2600", "#7FB0D8", weight=12)
    green, clay = (runner(n, kit, width=330, stride=0.72) for n, kit in ((2, OLIVE), (4, CLAY)))
    return [
        Scene(seconds=9.4, ground=_city(),
              sprites=[
                  Sprite(frames=second, x=_along(0, 10.2), y=_along(1, 10.2), rate=1),
                  Sprite(frames=first, x=_along(0, 8.4), y=_along(1, 8.4), rate=8),
                  caption("ETH", "42.195 km", colour=OLIVE),
              ]),
        Scene(seconds=8.9, ground=street.svg(), ground_width=2600, pan="min(t*150,1320)",
              sprites=[
                  Sprite(frames=green, x="420+20*t", y="280", rate=10),
                  Sprite(frames=clay, x="240-4*t", y="322", rate=9),
                  caption("ETH", mark, colour=OLIVE, start=3),
              ]),
    ]  # fmt: skip
