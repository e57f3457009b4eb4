"""Products of the shop as the editors meet them: by id, by a few letters, and where they sell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.kernel import rich
from kotinos.kernel.statement import Statement
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

PACKAGE = "kotinos.channel"


@dataclass(frozen=True, slots=True)
class DeskProduct:
    """A product as an editor sees it; `sellers` offer it now."""

    id: UUID
    handle: str
    work_id: UUID
    title: str
    sellers: tuple[UUID, ...]


_by_id: Statement[DeskProduct] = Statement.load(
    PACKAGE, "desk_products.sql", lambda row: DeskProduct(**{**row, "sellers": (*row["sellers"],)})
)
_search: Statement[UUID] = Statement.load(
    PACKAGE, "search_desk_products.sql", lambda row: row["id"]
)


def products(*, ids: Sequence[UUID], language: str = "en") -> tuple[DeskProduct, ...]:
    """Those of these products that exist, in the order asked."""
    return tuple(rich.read(_by_id, ids=list(ids), language=language)) if ids else ()


def search_products(
    *, text: str, language: str = "en", rows_max: int = 8
) -> tuple[DeskProduct, ...]:
    """Offered products that answer to a few letters."""
    found = rich.read(_search, text=text.strip(), rows_max=rows_max)
    return products(ids=found, language=language)


def buyable_mask(product: DeskProduct, *, at: datetime) -> int:
    """The territories in which somebody who offers it may both sell it and ship it there."""
    mask = 0
    for seller_id in product.sellers:
        own = -1
        for act in (rights.Act.SELL, rights.Act.SHIP):
            own &= rights.cleared_mask(
                work_id=product.work_id,
                act=act,
                outlet=rights.Outlet.OWN_SHOP,
                at=at,
                seller_id=seller_id,
            )
        mask |= own
    return mask
