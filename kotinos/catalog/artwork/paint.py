"""Colours: a team's two, and everything computed from them. Contrast is measured, never assumed.

Source of the contrast formula: WCAG 2.2, definitions of relative luminance and contrast ratio.
"""

from __future__ import annotations

import colorsys
import csv
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INK = "#14161A"
MARBLE = "#F6F4EE"
OLIVE = "#4A5D23"
LAPIS = "#1F4E9E"
CLAY = "#C8553D"
GOLD = "#B8912B"

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 1.6
"""Two neighbouring surfaces closer than this read as one; the ink line then has to carry them."""

_GREY = 0.12
_LINEAR_MAX = 0.04045


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamColours:
    """A team's two colours as `#RRGGBB`, and the text colour that reads on the first."""

    main: str
    second: str

    @property
    def on_main(self) -> str:
        """Ink or marble, whichever reads better on the main colour."""
        return on(self.main)

    @property
    def accent(self) -> str:
        """A team colour that reads as text on marble (at least 4.5 : 1), darkened if need be."""
        return readable(self.main, ground=MARBLE)


def rgb(colour: str) -> tuple[int, int, int]:
    """Split `#RRGGBB` into three numbers 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """Blend `share` (0..1) of `other` into `colour`."""
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def tint(colour: str, *, lightness: float) -> str:
    """Return the colour's hue at another HLS lightness, lively; greys become warm paper."""
    red, green, blue = (channel / 255 for channel in rgb(colour))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < _GREY:
        return mix("#E4DFD2", INK, max(0.0, 0.85 - lightness))
    lively = colorsys.hls_to_rgb(hue, lightness, min(0.56, max(0.36, saturation * 0.8)))
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in lively)


def luminance(colour: str) -> float:
    """WCAG relative luminance, 0 (black) to 1 (white)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= _LINEAR_MAX else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on(ground: str) -> str:
    """Return ink or marble, whichever contrasts more with `ground`."""
    return best_on(ground, (MARBLE, INK))


def best_on(ground: str, choices: Iterable[str]) -> str:
    """Return the choice that contrasts most with `ground`; the first of equals."""
    return max(choices, key=lambda colour: contrast(colour, ground))


def first_on(ground: str, choices: Iterable[str], *, at_least: float = SHAPE_CONTRAST) -> str:
    """Return the first choice that stands out from `ground`, else the one that does so most."""
    ordered = list(choices)
    for colour in ordered:
        if contrast(colour, ground) >= at_least:
            return colour
    return best_on(ground, ordered)


def readable(colour: str, *, ground: str, at_least: float = TEXT_CONTRAST) -> str:
    """Move `colour` towards ink or marble in small steps until it reads on `ground`."""
    end = on(ground)
    for step in range(21):
        moved = mix(colour, end, step / 20)
        if contrast(moved, ground) >= at_least:
            return moved
    return end


@functools.cache
def _table() -> Mapping[str, TeamColours]:
    path = Path(__file__).parent / "data" / "team_colours.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["noc"]: TeamColours(main=row["main"], second=row["second"]) for row in rows}


def team(noc: str) -> TeamColours:
    """Return a team's colours; a code without a row gets the edition's olive and marble."""
    return _table().get(noc, TeamColours(main=OLIVE, second=MARBLE))


def codes() -> tuple[str, ...]:
    """Every committee that has colours of its own."""
    return tuple(_table())
