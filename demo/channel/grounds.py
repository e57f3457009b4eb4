"""Places where things happen, drawn flat with one line weight: stadium, water, hall, studio."""

from __future__ import annotations

import math
import random

from kotinos.catalog.artwork.paint import CLAY, GOLD, INK, LAPIS, MARBLE, OLIVE, mix
from kotinos.catalog.artwork.sheet import Sheet

HEIGHT = 720
WEIGHT = 4.0


def sheet(width: float = 1280, *, prefix: str = "ground") -> Sheet:
    """A sheet as high as the film."""
    return Sheet(width=width, height=HEIGHT, prefix=prefix)


def box(x: float, y: float, wide: float, high: float) -> str:
    """A rectangle's path."""
    return f"M{x:g} {y:g}h{wide:g}v{high:g}h{-wide:g}Z"


def stadium(
    width: int = 1280, *, sky: str = "#BCD3E6", turf: str = "#7C9A4B", seed: int = 1
) -> Sheet:
    """Sky, roof, a stand full of people, the field below (from y = 430 on)."""
    at = sheet(width)
    at.fill(box(0, 0, width, HEIGHT), sky)
    stand = mix(LAPIS, INK, 0.45)
    at.fill(f"M0 120L{width} 120V380H0Z", stand)
    people(at, box_=(0, 150, width, 215), seed=seed)
    at.fill(box(0, 92, width, 34), MARBLE)
    at.line(f"M0 126H{width}", weight=WEIGHT)
    for x in range(80, width, 320):
        at.line(f"M{x} 126V380", mix(MARBLE, INK, 0.2), weight=10)
    at.fill(box(0, 372, width, 58), OLIVE)
    at.line(f"M0 372H{width}M0 430H{width}", weight=WEIGHT)
    for x in range(60, width, 420):
        leaf_row(at, x, 401)
    at.fill(box(0, 430, width, HEIGHT - 430), turf)
    return at


def people(at: Sheet, *, box_: tuple[int, int, int, int], seed: int, size: float = 9) -> None:
    """Heads in rows, in the channel's colours, some seats empty."""
    x0, y0, wide, high = box_
    pick = random.Random(seed)
    tones = [mix(tone, MARBLE, 0.25) for tone in (GOLD, CLAY, MARBLE, OLIVE, "#8FB0D8", "#D9C9A8")]
    for row in range(int(high // (size * 2.4))):
        for column in range(int(wide // (size * 2.5))):
            if pick.random() < 0.14:  # noqa: PLR2004 - one seat in seven
                continue
            x = x0 + column * size * 2.5 + (row % 2) * size * 1.2 + size
            y = y0 + row * size * 2.4 + pick.uniform(-2, 2)
            at.add(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:g}" fill="{pick.choice(tones)}"/>')


def leaf_row(at: Sheet, x: float, y: float) -> None:
    """A sprig as a board's ornament, with the channel's name beside it."""
    at.write("KOTINOS", x=x + 150, y=y, height=26, colour=MARBLE)
    for number in range(4):
        at.fill(f"M{x + number * 22} {y + 10}q4 -22 18 -24q2 18 -18 24Z", mix(OLIVE, MARBLE, 0.55))


def track(at: Sheet, width: int, *, lanes: int = 6, top: int = 450) -> None:
    """Lanes seen from the side, nearer ones broader."""
    at.fill(box(0, top, width, HEIGHT - top), CLAY)
    y = float(top)
    for lane in range(lanes + 1):
        at.line(f"M0 {y:.0f}H{width}", MARBLE, weight=3 + lane * 0.4)
        y += 30 + lane * 6.5
    for x in range(0, width, 240):
        at.line(f"M{x} {top}l-40 270", mix(CLAY, MARBLE, 0.3), weight=3)


def water(
    width: int = 1280, *, sky: str, sea: str, top: int = 300, hills: str = "#6E8A5A"
) -> Sheet:
    """A lake with hills behind it and quiet waves."""
    at = sheet(width)
    at.fill(box(0, 0, width, top), sky)
    points = " ".join(
        f"L{x} {top - 70 - 46 * math.sin(x / 170) - 24 * math.sin(x / 61):.0f}"
        for x in range(0, width + 40, 40)
    )
    at.fill(f"M0 {top}{points}L{width} {top}Z", hills)
    at.line(f"M0 {top - 70}{points}", weight=WEIGHT)
    at.fill(box(0, top, width, HEIGHT - top), sea)
    at.line(f"M0 {top}H{width}", weight=WEIGHT)
    waves(at, width, top=top + 26, sea=sea)
    return at


def waves(at: Sheet, width: int, *, top: int, sea: str) -> None:
    """Short wave lines, longer towards the viewer."""
    pale = mix(sea, MARBLE, 0.3)
    for row, y in enumerate(range(top, HEIGHT, 44)):
        step = 120 + row * 14
        for x in range(-(row % 3) * 50, width, step):
            at.line(f"M{x} {y}q14 -12 28 0t28 0", pale, weight=WEIGHT)


def hall(*, wall: str, floor: str, lamps: int = 5) -> Sheet:
    """A dark hall: lamps, a row of heads in the dark, a floor of one colour."""
    at = sheet()
    at.fill(box(0, 0, 1280, HEIGHT), wall)
    for number in range(lamps):
        x = 128 + number * (1024 / max(lamps - 1, 1))
        at.fill(f"M{x - 26:.0f} 60L{x - 190:.0f} 470H{x + 190:.0f}L{x + 26:.0f} 60Z",
                mix(wall, MARBLE, 0.07))  # fmt: skip
        at.form(box(x - 34, 36, 68, 24), MARBLE)
    pick = random.Random(lamps)
    for row in range(4):
        for column in range(42):
            tone = mix(wall, MARBLE, 0.10 + 0.05 * row + pick.uniform(0, 0.06))
            x, y = column * 32 + row % 2 * 16, 300 + row * 34
            at.add(f'<circle cx="{x}" cy="{y}" r="15" fill="{tone}"/>')
    at.fill(box(0, 430, 1280, 290), floor)
    at.line("M0 430H1280", weight=WEIGHT)
    return at
