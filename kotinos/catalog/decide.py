"""Pure rules of the catalogue: which price stands, what tax it shows, which state a page has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.catalog.contracts import ProductState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HANDLE_MAX = 200


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """One price of one variant; without a market it is on the international list."""

    market_id: int | None
    amount_minor: int
    currency: str
    compare_at_minor: int | None


def price_here(
    prices: Sequence[ListedPrice], *, product_prices: Iterable[ListedPrice], market_id: int
) -> ListedPrice | None:
    """The market's price, else the international one, else none: nothing is converted.

    A seller who prices *any* variant of a product for a market has a list for that market: its
    other variants are then not sold there, so that one page never mixes two lists.
    """
    if any(price.market_id == market_id for price in product_prices):
        return next((price for price in prices if price.market_id == market_id), None)
    return next((price for price in prices if price.market_id is None), None)


def state_of(*, cleared: bool, priced: bool, units: int) -> ProductState:
    """What a product page says first; rights come before price, price before stock."""
    if not cleared:
        return ProductState.REFUSED
    if not priced:
        return ProductState.UNPRICED
    return ProductState.CLEARED if units > 0 else ProductState.SOLD_OUT


def slug(text: str) -> str:
    """Letters and digits of any script joined by hyphens, at most `HANDLE_MAX` characters."""
    words = re.sub(r"[^\w]+", "-", text.strip().lower().replace("_", "-"))
    return words.strip("-")[:HANDLE_MAX]
