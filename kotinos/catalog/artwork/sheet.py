"""A sheet to draw on: one line weight, one light from the upper left, one set of tones.

Everything the shop shows is drawn with these few strokes, which is why 600 pictures look like one
collection. A sheet is 800 x 1000 units; a mark (crest, emblem) brings its own size.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kotinos.catalog.artwork import letters
from kotinos.catalog.artwork.paint import INK, MARBLE, luminance, mix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WEIGHT = 5.0
"""The one line weight, in units of the sheet."""
SHADE = 0.17
LIGHT = 0.20
SHADOW_SHIFT = (20, 24)
_DARK = 0.06
"""Below this luminance a shade is not seen, so the light carries the form."""


class Sheet:
    """Collects SVG elements. `prefix` keeps ids apart when several sheets stand on one page."""

    def __init__(self, *, width: float, height: float, prefix: str) -> None:
        self.width, self.height = width, height
        self._prefix = re.sub(r"[^a-z0-9-]+", "-", prefix.lower())
        self._parts: list[str] = []
        self._clips = 0

    def add(self, element: str) -> None:
        """Append raw SVG."""
        self._parts.append(element)

    def svg(self, *, title: str = "") -> str:
        """Return the whole picture; without a title it is decoration and hidden from readers."""
        spoken = f'role="img" aria-label="{title}"' if title else 'aria-hidden="true"'
        size = f"{_n(self.width)} {_n(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" {spoken} '
            f'fill="none" stroke-linejoin="round" stroke-linecap="round">{self.body()}</svg>'
        )

    def body(self) -> str:
        """Return the elements only, to be placed on another sheet."""
        return "".join(self._parts)

    def fill(self, path: str, colour: str, *, opacity: float = 1) -> None:
        """Lay a flat colour."""
        faint = f' fill-opacity="{_n(opacity)}"' if opacity < 1 else ""
        self.add(f'<path d="{path}" fill="{colour}"{faint}/>')

    def line(
        self,
        path: str,
        colour: str = INK,
        *,
        weight: float = WEIGHT,
        dash: str = "",
        flat: bool = False,
    ) -> None:
        """Draw a line; `dash` in units makes it a row of stitches, `flat` cuts its ends square."""
        more = f' stroke-dasharray="{dash}"' if dash else ""
        more += ' stroke-linecap="butt"' if flat else ""
        self.add(f'<path d="{path}" stroke="{colour}" stroke-width="{_n(weight)}"{more}/>')

    def stitches(self, path: str, ground: str) -> None:
        """Sew a seam that shows on `ground` without shouting."""
        self.line(path, _seam(ground), weight=3.5, dash="11 9")

    def seam(self, path: str, ground: str) -> None:
        """Draw a fold or a seam: quieter than the outline, of the same weight."""
        self.line(path, _seam(ground))

    @contextmanager
    def within(self, path: str) -> Iterator[None]:
        """Clip what is drawn in the block to `path`."""
        self._clips += 1
        ident = f"{self._prefix}-{self._clips}"
        self.add(f'<clipPath id="{ident}"><path d="{path}"/></clipPath>')
        self.add(f'<g clip-path="url(#{ident})">')
        yield
        self.add("</g>")

    @contextmanager
    def moved(
        self, x: float = 0, y: float = 0, *, scale: float = 1, turn: float = 0, mirror: bool = False
    ) -> Iterator[None]:
        """Draw the block at (x, y), turned by degrees around there, then scaled."""
        sizes = f"{_n(-scale if mirror else scale)} {_n(scale)}"
        turned = f" rotate({_n(turn)})" if turn else ""
        self.add(f'<g transform="translate({_n(x)} {_n(y)}){turned} scale({sizes})">')
        yield
        self.add("</g>")

    @contextmanager
    def solid(self, path: str, colour: str, *, outline: bool = True) -> Iterator[None]:
        """A body of one material: its colour, whatever the block draws inside, its outline."""
        self.fill(path, colour)
        with self.within(path):
            yield
        if outline:
            self.line(path)

    def form(
        self,
        path: str,
        colour: str,
        *,
        shades: Iterable[str] = (),
        lights: Iterable[str] = (),
    ) -> None:
        """A plain body with its shaded and its lit sides."""
        with self.solid(path, colour):
            self.tones(colour, shades=shades, lights=lights)

    def tones(self, ground: str, *, shades: Iterable[str] = (), lights: Iterable[str] = ()) -> None:
        """Shade away from the light and lighten towards it, by the same steps everywhere."""
        dark = luminance(ground) < _DARK
        for path in shades:
            self.fill(path, INK if not dark else "#000000", opacity=SHADE if not dark else 0.4)
        for path in lights:
            self.fill(path, "#FFFFFF", opacity=LIGHT if not dark else 0.12)

    def shadow(self, paths: Iterable[str], field: str) -> None:
        """The object's shadow on the field: its own outline, moved away from the light."""
        tone = mix(field, INK, 0.2 if luminance(field) > _DARK else 0.55)
        with self.moved(*SHADOW_SHIFT):
            for path in paths:
                self.fill(path, tone)
                self.line(path, tone)

    def write(
        self,
        text: str,
        *,
        x: float,
        y: float,
        height: float,
        colour: str,
        weight: float = 0.17,
        spacing: float = 0.32,
    ) -> None:
        """Letter `text` centred on (x, y); `weight` and `spacing` are shares of the height."""
        path, width = letters.line(text, spacing=spacing * letters.HEIGHT)
        scale = height / letters.HEIGHT
        with self.moved(x - width * scale / 2, y - height / 2, scale=scale):
            self.line(path, colour, weight=weight * letters.HEIGHT)


def _seam(ground: str) -> str:
    return mix(ground, INK, 0.42) if luminance(ground) > _DARK else mix(ground, MARBLE, 0.3)


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
