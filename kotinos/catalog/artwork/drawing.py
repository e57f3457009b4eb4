"""Draw one picture of the shop: field, shadow, product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import (
    backdrops,
    garments,
    headwear,
    looks,
    objects,
    paper,
    pictograms,
    plush,
)
from kotinos.catalog.artwork.sheet import Sheet
from kotinos.catalog.artwork.spec import Spec, SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kotinos.catalog.artwork.looks import Look

WIDTH, HEIGHT = 800, 1000
_MIDDLE = 500

_PRODUCTS: Mapping[str, tuple[Callable[[Sheet, Spec, Look], None], float, float]] = {
    # kind: (drawn by, scale about the middle, where its own middle lies)
    "jersey": (garments.jersey, 1.12, 510),
    "t-shirt": (garments.t_shirt, 1.12, 510),
    "hoodie": (garments.hoodie, 1.08, 468),
    "socks": (garments.socks, 1.0, 512),
    "cap": (headwear.cap, 1.18, 500),
    "beanie": (headwear.beanie, 1.12, 470),
    "scarf": (headwear.scarf, 1.16, 520),
    "mug": (objects.mug, 1.12, 530),
    "bottle": (objects.bottle, 1.12, 490),
    "tote": (objects.tote, 1.08, 494),
    "keyring": (objects.keyring, 1.1, 486),
    "pin": (objects.pin, 1.12, 500),
    "poster": (paper.poster, 1.16, 490),
    "flag": (paper.flag, 1.08, 500),
    "plush": (plush.plush, 1.04, 500),
}


def draw(spec: Spec) -> str:
    """Return the picture as SVG, 800 x 1000 units, without a title: the page knows the words.

    Raises SpecError for a kind or a sport nobody has drawn. The same spec gives the same bytes.
    """
    if spec.kind not in _PRODUCTS:
        message = f"no drawing for the kind {spec.kind!r}"
        raise SpecError(message)
    if spec.sport and spec.sport not in pictograms.NAMES:
        message = f"no pictogram for the sport {spec.sport!r}"
        raise SpecError(message)
    draw_product, scale, middle = _PRODUCTS[spec.kind]
    look = looks.look(spec)
    sheet = Sheet(width=WIDTH, height=HEIGHT, prefix=f"{spec.kind}-{spec.team}-{spec.variant}")
    backdrops.draw(sheet, spec, look)
    with sheet.moved(WIDTH / 2, _MIDDLE, scale=scale), sheet.moved(-WIDTH / 2, -middle):
        draw_product(sheet, spec, look)
    return sheet.svg()
