"""Statements of orders, for either lane."""

from __future__ import annotations

from kotinos.kernel.statement import Statement
from kotinos.orders.contracts import BasketCount

basket_count: Statement[BasketCount] = Statement.load(
    "kotinos.orders",
    "basket_count.sql",
    lambda row: BasketCount(lines=row["lines"], units=row["units"]),
)
