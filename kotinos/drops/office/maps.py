"""Where a drop can be bought: its territories, and what the seller's rights clear of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kotinos.drops.actions.checking import cleared_mask
from kotinos.games import api as games
from kotinos.kernel.mapview import Layer, MapView, Territory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.statements import FoundProduct
    from kotinos.games.contracts import Atlas


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One product of a drop as the office shows it."""

    handle: str
    title: str
    units_free: int
    territories: int  # of the drop's, where it is cleared at the opening
    offered: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The offers of a drop and where they reach."""

    lines: tuple[OfferLine, ...]
    map: MapView
    everywhere: int  # territories in which every offer is cleared

    @property
    def units_free(self) -> int:
        return sum(line.units_free for line in self.lines)


def reach(
    products: Sequence[FoundProduct],
    *,
    seller_id: UUID,
    mask: int,
    at: datetime,
    language: str,
) -> Reach:
    """Where each of some products is cleared within a mask at a moment."""
    masks = [cleared_mask(product.work_id, seller_id, at) & mask for product in products]
    whole, some = mask if masks else 0, 0
    for each in masks:
        whole &= each
        some |= each
    lines = tuple(
        OfferLine(
            product.handle, product.title, product.units_free, each.bit_count(), product.offered
        )
        for product, each in zip(products, masks, strict=True)
    )
    drawn = _map(whole, some & ~whole, mask & ~some, language)
    return Reach(lines, drawn, whole.bit_count())


def _map(whole: int, partly: int, no: int, language: str) -> MapView:
    atlas = games.atlas()
    layers = (
        Layer("map-yes", _("Every product"), _named(whole, atlas, language)),
        Layer("map-kept", _("Some of the products"), _named(partly, atlas, language)),
        Layer("map-lose", _("In the drop, but nothing is cleared"), _named(no, atlas, language)),
    )
    finding = _("Every product in %(all)d territories, some in %(some)d, none in %(none)d.") % {
        "all": whole.bit_count(),
        "some": partly.bit_count(),
        "none": no.bit_count(),
    }
    fill = {each.code: layer.css_class for layer in layers for each in layer.territories}
    labels = {
        each.code: f"{each.name}: {layer.label}" for layer in layers for each in layer.territories
    }
    title = _("Where the drop can be bought")
    drawn = games.worldmap.svg(fill, title=title, description=finding, labels=labels, ident="reach")
    svg = mark_safe(drawn)  # noqa: S308 - worldmap.svg escapes every text it is given
    return MapView(svg, finding, layers)


def _named(mask: int, atlas: Atlas, language: str) -> tuple[Territory, ...]:
    codes = games.sorted_by_name(atlas.codes(mask), language)
    return tuple(Territory(code, games.territory_name(code, language)) for code in codes)
