"""Sport pictograms: one athlete in one stroke, on a grid of 100 x 100 units.

Heads are filled discs, limbs one round-ended line of 9 units, equipment the same line; water and
ground are left to the page. Two figures meet where a sport needs two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE = 100
_LIMB = 9.0
_HEAD = 9.5

_FIGURES: Mapping[str, tuple[tuple[tuple[float, float], ...], str, str]] = {
    # name: (heads, limbs, fine equipment)
    "athletics": (
        ((66, 16),),
        "M58 34L42 30L30 44M58 34L66 50L82 46M58 34L48 60L64 72L60 92M48 60L34 74L14 72",
        "",
    ),
    "swimming": (((64, 34),), "M20 54L48 40L32 22L54 18M48 40L58 54", "M8 68Q20 58 32 68T56 68T80 68T96 66M8 86Q20 76 32 86T56 86T80 86T96 84"),
    "football": (((42, 14),), "M44 32L26 42M44 32L62 42M44 32L42 58L26 74L24 94M42 58L60 66L78 62", "M84 76a8 8 0 1 1 .1 0Z"),
    "basketball": (((40, 30),), "M42 48L60 34L66 14M42 48L28 58M42 48L42 68L54 80L48 96M42 68L26 78L22 94", "M72 20a8 8 0 1 1 .1 0ZM78 40H96V62"),
    "tennis": (((38, 24),), "M40 42L60 32L70 20M40 42L28 56M40 42L42 64L58 76L60 94M42 64L26 78L18 94", "M74 16L80 8M84 2a10 13 35 1 1 -.1 0ZM88 52a4 4 0 1 1 .1 0Z"),
    "cycling": (((72, 18),), "M64 36L40 34L34 48M64 36L78 46M40 36L56 56L46 72", "M24 60a17 17 0 1 1 -.1 0ZM78 60a17 17 0 1 1 -.1 0ZM24 77L38 52H70L78 77"),
    "rowing": (((44, 22),), "M40 40L30 62L54 58L70 66M40 40L60 48", "M60 48L88 78M6 76H94M14 90Q26 82 38 90T62 90T86 90"),
    "gymnastics": (((50, 28),), "M50 50L30 40L22 10M50 50L70 40L78 10M50 50V68L20 78M50 68L80 78", "M14 8H30M70 8H86"),
    "judo": (((30, 18), (72, 22)), "M32 36L52 40M32 36L28 60L14 92M28 60L44 74L42 92M70 40L50 50M70 40L74 62L62 76L64 92M74 62L88 92", ""),
    "sailing": (((76, 44),), "M70 58L56 66M74 58L62 74", "M44 8V70L14 70Q34 44 44 8ZM44 22Q58 40 56 60M6 80H90L80 94H18Z"),
    "table-tennis": (((38, 20),), "M40 38L58 46L68 36M40 38L26 50L36 60M40 38L40 60L54 72L52 92M40 60L26 76L20 92", "M72 24a8 9 0 1 1 -.1 0ZM88 50a3 3 0 1 1 .1 0ZM66 68H96"),
    "volleyball": (((30, 36),), "M38 52L46 34L44 20M38 52L56 42L60 22M38 52L42 70L56 80L54 96M42 70L28 80L24 96", "M54 18a8 8 0 1 1 .1 0ZM78 30V96M78 36H96M78 50H96M78 64H96"),
    "archery": (((44, 18),), "M46 36L78 36M46 36L28 40L44 30M46 36L46 62L60 92M46 62L34 92", "M78 8Q98 36 78 64L78 36M20 36H78"),
    "climbing": (((44, 26),), "M46 44L64 30L62 12M46 44L28 50L22 34M46 44L50 64L66 60L66 76M50 64L36 78L42 96", "M84 2L74 24L88 44L76 66L86 98"),
    "skateboarding": (((58, 14),), "M54 32L34 26M54 32L74 38M54 32L46 54L62 62L58 78M46 54L30 62L36 78", "M18 76Q24 82 32 82H68Q76 82 82 76M34 92a4 4 0 1 1 .1 0ZM66 92a4 4 0 1 1 .1 0Z"),
    "weightlifting": (((50, 32),), "M50 50L30 40L28 14M50 50L70 40L72 14M50 50V66L34 76L36 94M50 66L66 76L64 94", "M6 12H94M10 0V24M90 0V24"),
}  # fmt: skip
NAMES = tuple(sorted(_FIGURES))


def pictogram(sport: str) -> str:
    """Return a sport's pictogram as SVG in the page's text colour; KeyError for an unknown one."""
    sheet = Sheet(width=SIZE, height=SIZE, prefix=f"sport-{sport}")
    _draw(sheet, sport, "currentColor")
    return sheet.svg()


def draw_on(
    sheet: Sheet, sport: str, *, x: float, y: float, height: float, colour: str
) -> None:
    """Draw the pictogram centred on (x, y)."""
    scale = height / SIZE
    with sheet.moved(x - height / 2, y - height / 2, scale=scale):
        _draw(sheet, sport, colour)


def _draw(sheet: Sheet, sport: str, colour: str) -> None:
    heads, limbs, equipment = _FIGURES[sport]
    with sheet.moved(5, 5, scale=0.9):
        for x, y in heads:
            sheet.add(f'<circle cx="{x}" cy="{y}" r="{_HEAD}" fill="{colour}"/>')
        sheet.line(limbs, colour, weight=_LIMB)
        if equipment:
            sheet.line(equipment, colour, weight=5)
