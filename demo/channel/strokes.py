"""Single strokes and discs as SVG, and pictures made of them: what sprites are drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.channel.film import svg_sprite
from kotinos.catalog.artwork.paint import INK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL import Image


def line(path: str, colour: str = INK, weight: float = 4, *, fill: str = "none") -> str:
    """A line with round ends and corners."""
    return (
        f'<path d="{path}" fill="{fill}" stroke="{colour}" stroke-width="{weight:g}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def outlined(path: str, colour: str, weight: float, *, edge: float = 3) -> str:
    """A broad line with an ink edge."""
    return line(path, INK, weight + 2 * edge) + line(path, colour, weight)


def disc(
    x: float, y: float, radius: float, fill: str, *, weight: float = 0, opacity: float = 1
) -> str:
    """A disc, with an ink outline of this weight."""
    edge = f' stroke="{INK}" stroke-width="{weight:g}"' if weight else ""
    faint = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"{edge}{faint}/>'


def group(inside: str, transform: str) -> str:
    """Elements moved, turned or mirrored together."""
    return f'<g transform="{transform}">{inside}</g>'


def sheet(inside: str, width: float, height: float, *, left: float = 0, top: float = 0) -> str:
    """A picture of its own."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}">'
        f"{inside}</svg>"
    )


def frames(insides: Iterable[str], size: tuple[float, float], *, width: int) -> list[Image.Image]:
    """Pictures of one size as a sprite's frames, `width` pixels wide."""
    return svg_sprite([sheet(inside, *size) for inside in insides], width=width)
