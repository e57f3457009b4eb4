"""Statements of orders, for either lane."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.kernel.money import Money
from kotinos.kernel.statement import Statement
from kotinos.orders.contracts import BasketCount

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

PACKAGE = "kotinos.orders"


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """The order of a key; `again`: it had been placed before."""

    number: str
    intent_id: UUID
    total: Money
    hold_until: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """An open fixed quote. `totals_minor` has goods, shipping, tax, total for 1, 2, ... units."""

    id: UUID
    variant_id: UUID
    territory: str
    location_id: UUID
    currency: str
    totals_minor: tuple[tuple[int, int, int, int], ...]


def _placed(row: Mapping[str, Any]) -> tuple[int, PlacedRow | None]:
    if row["number"] is None:
        return row["position"], None
    total = Money(row["total_minor"], row["currency"])
    return row["position"], PlacedRow(
        row["number"], row["intent"], total, row["hold_until"], row["again"]
    )


def _quote(row: Mapping[str, Any]) -> QuoteRow:
    sums = row["totals_minor"]
    # JSON arrives parsed on the fast lane and as text on Django's connection.
    sums = json.loads(sums) if isinstance(sums, str) else sums
    return QuoteRow(
        row["id"],
        row["variant_id"],
        row["territory"],
        row["location_id"],
        row["currency"],
        tuple((goods, ship, tax, total) for goods, ship, tax, total in sums),
    )


basket_count: Statement[BasketCount] = Statement.load(
    PACKAGE,
    "basket_count.sql",
    lambda row: BasketCount(lines=row["lines"], units=row["units"]),
)
place_orders: Statement[tuple[int, PlacedRow | None]] = Statement.load(
    PACKAGE, "place_orders.sql", _placed
)
confirm_orders: Statement[UUID] = Statement.load(
    PACKAGE, "confirm_orders.sql", lambda row: row["id"]
)
tell_orders: Statement[UUID] = Statement.load(PACKAGE, "tell_orders.sql", lambda row: row["id"])
known_orders: Statement[UUID] = Statement.load(PACKAGE, "known_orders.sql", lambda row: row["id"])
read_quotes: Statement[QuoteRow] = Statement.load(PACKAGE, "read_quotes.sql", _quote)
read_sheets: Statement[tuple[UUID, int]] = Statement.load(
    PACKAGE, "read_sheets.sql", lambda row: (row["drop_id"], row["version"])
)
