"""What is shown where nothing is: a symbol that everybody reads, and four languages.

Eight seconds that join end to start, because a slate is played as an endless loop.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from demo.channel import cards, strokes
from demo.channel.film import Scene, Sprite
from demo.channel.lettering import line as words_of
from demo.channel.lettering import picture
from demo.channel.strokes import disc, line
from kotinos.catalog.artwork.emblems import LEAF
from kotinos.catalog.artwork.paint import CLAY, GOLD, INK, LAPIS, MARBLE, OLIVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL import Image

CODES = ("slate-elsewhere", "slate-pause")
SECONDS = 8
_FRAMES, _LIT = 16, 3


def slate(code: str, words: Mapping[str, str]) -> list[Scene]:
    """The slate of a code, with its words by language."""
    symbol, colour = (_clock(), OLIVE) if code == "slate-pause" else (_elsewhere(), "#2B3550")
    moving = strokes.frames(symbol, (300, 300), width=400)
    sprite = Sprite(frames=moving, x="770", y="180", rate=_FRAMES / (SECONDS / 2))
    return [Scene(seconds=SECONDS, ground=_card(words, colour), sprites=[sprite])]


def _card(words: Mapping[str, str], colour: str) -> Image.Image:
    sheet = cards.field_of(colour, shape="circle")
    cards.wreath(sheet, x=112, y=112, size=72, colour=MARBLE)
    card = picture(sheet.svg(), width=1280)
    for number, language in enumerate(("en", "fr", "zh-hans", "ar")):
        text = words_of(words[language], language, size=46, colour=MARBLE, room=560)
        card.alpha_composite(text, (76, 210 + number * 84))
    return card


def _elsewhere() -> list[str]:
    """A globe that turns, crossed out."""
    bar = strokes.outlined("M40 262L262 40", CLAY, 18, edge=6)
    rows = line("M32 95H268M20 150H280M32 205H268", MARBLE, 7)
    globe = f'<circle cx="150" cy="150" r="130" fill="{LAPIS}" stroke="{MARBLE}" stroke-width="9"/>'
    frames = []
    for number in range(_FRAMES):
        turned = [math.pi * (number / _FRAMES / 4 + k / 4) for k in range(4)]
        lines = "".join(_meridian(abs(130 * math.cos(angle))) for angle in turned)
        frames.append(globe + lines + rows + bar)
    return frames


def _meridian(half: float) -> str:
    half = max(half, 0.1)
    return line(f"M150 20a{half:.1f} 130 0 1 0 .1 0Z", MARBLE, 7)


def _clock() -> list[str]:
    """A wreath of leaves that light up one after the other."""
    hands = line("M150 100V150L186 172", MARBLE, 12)
    frames = []
    for number in range(_FRAMES):
        leaves = ""
        for n in range(_FRAMES):
            tone = GOLD if (number - n) % _FRAMES <= _LIT else MARBLE
            at = f"translate(150 150) rotate({n * 22.5}) translate(0 -72) scale(0.62)"
            leaves += strokes.group(f'<path d="{LEAF}" fill="{tone}"/>', at)
        frames.append(leaves + hands + disc(150, 150, 4, INK))
    return frames
