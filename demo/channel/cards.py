"""What every film of the channel has: its title card, its last card, the wipe, mark and clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from demo.channel.film import HEIGHT, WIDTH, Scene, Sprite
from demo.channel.lettering import latin, line, picture
from kotinos.catalog.artwork.emblems import LEAF
from kotinos.catalog.artwork.paint import GOLD, INK, MARBLE, OLIVE, mix, on
from kotinos.catalog.artwork.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TITLE_SECONDS, END_SECONDS = 3.6, 2.4
_WIPE_SECONDS = 0.5


def wreath(sheet: Sheet, *, x: float, y: float, size: float, colour: str) -> None:
    """Our mark: two olive branches that form an open wreath."""
    with sheet.moved(x, y, scale=size / 200):
        for mirror in (False, True):
            with sheet.moved(mirror=mirror):
                sheet.line("M0 92C-62 88 -96 40 -84 -26", colour, weight=8)
                for turn, (at_x, at_y) in ((-150, (-30, 86)), (-118, (-62, 62)), (-84, (-82, 30)),
                                           (-52, (-88, -2)), (-8, (-84, -30))):  # fmt: skip
                    with sheet.moved(at_x, at_y, turn=turn, scale=0.42):
                        sheet.fill(LEAF, colour)
                for turn, (at_x, at_y) in ((-40, (-36, 84)), (-8, (-64, 58)), (22, (-84, 26))):
                    with sheet.moved(at_x, at_y, turn=turn + 50, scale=0.36):
                        sheet.fill(LEAF, colour)


def field_of(colour: str, *, shape: str = "circle") -> Sheet:
    """A flat field with one quiet shape of its own, as behind the shop's products."""
    sheet = Sheet(width=WIDTH, height=HEIGHT, prefix="card")
    pale, deep = mix(colour, MARBLE, 0.16), mix(colour, INK, 0.2)
    sheet.fill("M0 0H1280V720H0Z", colour)
    match shape:
        case "slope":
            sheet.fill("M1280 0V720H480Z", pale)
        case "podium":
            sheet.fill("M640 720V520H830V420H1070V560H1280V720Z", deep)
        case "rays":
            with sheet.moved(960, 760):
                for turn in range(-72, 73, 24):
                    with sheet.moved(turn=turn):
                        sheet.fill("M0 0L-80 -1200H80Z", pale)
        case "grove":
            for row in range(5):
                for column in range(6):
                    spot = (640 + column * 130 + (row % 2) * 65, row * 160 + 70)
                    with sheet.moved(*spot, turn=-38 if (row + column) % 2 else 38, scale=0.8):
                        sheet.fill(LEAF, pale)
        case _:
            sheet.add(f'<circle cx="970" cy="380" r="290" fill="{pale}"/>')
    return sheet


def title(
    titles: Mapping[str, str], *, colour: str, shape: str, hero: Sequence[Image.Image], rate: float
) -> Scene:
    """The first card: its title in four languages, what it is about moving beside it."""
    ink = on(colour)
    quiet = mix(ink, colour, 0.25)
    sheet = field_of(colour, shape=shape)
    wreath(sheet, x=112, y=112, size=72, colour=ink)
    card = picture(sheet.svg(), width=WIDTH)
    _put(card, latin("KOTINOS CHANNEL", size=26, colour=ink, weight=700, width=112), 172, 96)
    y = 214
    for language, size, gap in (
        ("en", 76, 108),
        ("fr", 40, 66),
        ("zh-hans", 44, 84),
        ("ar", 44, 0),
    ):
        text = line(
            titles[language],
            language,
            size=size,
            colour=ink if language == "en" else quiet,
            room=620,
        )
        _put(card, text, 76, y)
        y += gap
    side = hero[0].width
    return Scene(
        seconds=TITLE_SECONDS,
        ground=card,
        sprites=[
            Sprite(
                frames=hero,
                rate=rate,
                x=f"{970 - side // 2}+40*pow(1-min(t/0.9,1),3)",
                y=str(380 - hero[0].height // 2),
            )
        ],
    )


def end(*, colour: str) -> Scene:
    """The last card: the mark alone, on the film's field."""
    ink = on(colour)
    sheet = Sheet(width=WIDTH, height=HEIGHT, prefix="end")
    sheet.fill("M0 0H1280V720H0Z", colour)
    wreath(sheet, x=640, y=310, size=220, colour=ink)
    card = picture(sheet.svg(), width=WIDTH)
    name = latin("KOTINOS CHANNEL", size=44, colour=ink, weight=800, width=112)
    _put(card, name, 640 - name.width // 2, 470)
    return Scene(seconds=END_SECONDS, ground=card)


def _put(card: Image.Image, text: Image.Image, x: int, y: int) -> None:
    card.alpha_composite(text, (x, y))


def lower_third(name: str, value: str, *, colour: str, accent: str = GOLD) -> list[Image.Image]:
    """A name and a number on two slabs: the same in every language."""
    left = latin(name, size=40, colour=on(colour), weight=800, width=90)
    right = latin(value, size=40, colour=on(accent), weight=800, width=90)
    wide = left.width + right.width + 96
    slab = Image.new("RGBA", (wide + wide % 2, 64), (0, 0, 0, 0))
    slab.paste(colour, (0, 0, left.width + 48, 64))
    slab.paste(accent, (left.width + 48, 0, wide, 64))
    slab.alpha_composite(left, (24, 8))
    slab.alpha_composite(right, (left.width + 72, 8))
    return [slab]


def caption(name: str, value: str, *, colour: str, accent: str = GOLD, start: float = 1) -> Sprite:
    """A lower third that slides in from the left at `start` seconds and stays."""
    frames = lower_third(name, value, colour=colour, accent=accent)
    wide = frames[0].width
    return Sprite(
        frames=frames,
        x=f"64-({wide}+80)*pow(1-min(max((t-{start:g})/0.6,0),1),3)",
        y="592",
        rate=1,
        seen=f"gte(t,{start:g})",
    )


def corner() -> Sprite:
    """The mark in the upper right corner, on every picture but the title's own."""
    sheet = Sheet(width=64, height=64, prefix="corner")
    sheet.add(f'<circle cx="32" cy="32" r="31" fill="{MARBLE}" fill-opacity="0.86"/>')
    wreath(sheet, x=32, y=32, size=44, colour=OLIVE)
    frames = [picture(sheet.svg(), width=64)]
    return Sprite(frames=frames, x="1184", y="32", seen=f"gte(t,{TITLE_SECONDS})")


def wipe(lengths: Sequence[float]) -> Sprite:
    """From scene to scene a band of olive leaves crosses the picture and hides the cut."""
    wide = 1700
    sheet = Sheet(width=wide, height=HEIGHT, prefix="wipe")
    sheet.fill(f"M200 0H{wide}L{wide - 200} 720H0Z", OLIVE)
    sheet.fill("M200 0H232L32 720H0Z", GOLD)
    for row in range(5):
        for column in range(10):
            spot = (220 + column * 130 + (row % 2) * 65 - row * 30, row * 160 + 70)
            with sheet.moved(*spot, turn=38, scale=0.7):
                sheet.fill(LEAF, mix(OLIVE, MARBLE, 0.12))
    cuts, at = [], 0.0
    for seconds in lengths[:-1]:
        at += seconds
        cuts.append(at)
    half = _WIPE_SECONDS
    seen = "+".join(f"between(t,{cut - half:.2f},{cut + half:.2f})" for cut in cuts)
    since = "+".join(
        f"between(t,{cut - half:.2f},{cut + half:.2f})*(t-{cut - half:.2f})" for cut in cuts
    )
    frames = [picture(sheet.svg(), width=wide)]
    x = f"{WIDTH}-{(WIDTH + wide) / (2 * half):.0f}*({since})"
    return Sprite(frames=frames, x=x, y="0", seen=seen)
