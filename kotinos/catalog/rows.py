"""Small pieces of page rows: prices in words, pictures."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kotinos.catalog.contracts import Picture, PriceTag
from kotinos.kernel.money import Money, format_money

if TYPE_CHECKING:
    from kotinos.catalog.contracts import MarketRow


@lru_cache(maxsize=8192)
def money_text(minor: int, currency: str, language: str) -> str:
    """Formatted money; formatting costs more than reading the whole row, and prices repeat."""
    return format_money(Money(minor, currency), language)


def price_tag(
    amount_minor: int,
    currency: str,
    compare_at_minor: int | None,
    market: MarketRow,
    language: str,
    *,
    is_from: bool = False,
) -> PriceTag:
    """A price as the market shows it. A comparison that is not higher is not shown."""
    higher = compare_at_minor if compare_at_minor and compare_at_minor > amount_minor else None
    return PriceTag(
        amount_minor=amount_minor,
        currency=currency,
        text=money_text(amount_minor, currency, language),
        tax_inclusive=market.tax_inclusive,
        tax_basis_points=market.tax_basis_points,
        compare_at_minor=higher,
        compare_text=money_text(higher, currency, language) if higher else "",
        is_from=is_from,
    )


def picture(key: str | None, alt: str | None, title: str | None) -> Picture | None:
    """A picture, described by its own words or by the product's title."""
    return Picture(key, alt or title or "") if key else None
