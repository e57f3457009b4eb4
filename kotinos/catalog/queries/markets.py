"""Markets, territory bits and terms."""

from __future__ import annotations

from typing import Any

from kotinos.catalog import statements
from kotinos.catalog.contracts import MarketRow
from kotinos.catalog.models import Market, MarketTerritory, Term
from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.kernel.languages import pick
from kotinos.rights.contracts import Act, Outlet, use_bit

SELL = use_bit(Act.SELL, Outlet.OWN_SHOP)
SHIP = use_bit(Act.SHIP, Outlet.OWN_SHOP)


def territory_bit(territory: str) -> int | None:
    """The bit of a territory; None for what is no territory."""
    return games.territory_bits().get(territory)


def territory_codes(mask: int) -> list[str]:
    """The territories of a mask."""
    return [code for code, bit in games.territory_bits().items() if mask >> bit & 1]


def market_row(fields: list[Any], language: str) -> MarketRow:
    """A market from (id, code, names, currency, inclusive, basis points, bands)."""
    number, code, names, currency, inclusive, basis_points, bands = fields
    return MarketRow(
        number, code, pick(names, language) or code, currency, inclusive, basis_points, tuple(bands)
    )


def market_of(territory: str, language: str = "en") -> MarketRow | None:
    """The market a territory belongs to; None when it belongs to none (nothing is sold there)."""
    rows = rich.read(statements.read_market, territory=territory)
    return market_row(rows[0], language) if rows else None


def markets(language: str = "en") -> tuple[MarketRow, ...]:
    """Every market by code."""
    rows = Market.objects.order_by("code").values_list(
        "id",
        "code",
        "names",
        "currency",
        "tax_inclusive",
        "tax_basis_points",
        "price_bands_minor",
    )
    return tuple(market_row(list(row), language) for row in rows)


def term_name(facet: str, code: str, language: str) -> str | None:
    """The name of a sport, kind or collection; None where there is none of this code."""
    names = Term.objects.filter(facet=facet, code=code).values_list("names", flat=True).first()
    return None if names is None else pick(names, language) or code


def market_territories() -> tuple[str, ...]:
    """Every territory that belongs to a market: only there anything can have a price."""
    return tuple(MarketTerritory.objects.order_by("territory").values_list("territory", flat=True))
