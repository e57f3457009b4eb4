"""What the fast lane reads of orders. No Django here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.kernel import fast
from kotinos.orders.contracts import BasketCount
from kotinos.orders.cookie import BASKET_COOKIE, read_basket_cookie
from kotinos.orders.hot.rules import intent_id_of, order_id_of
from kotinos.orders.hot.selling import HotOrders
from kotinos.orders.hot.wishes import (
    Code,
    HoldAnswer,
    HoldWish,
    HotHeld,
    HotNoticed,
    HotPlaced,
    HotRefused,
    OrderAnswer,
    OrderWish,
)
from kotinos.orders.statements import basket_count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kotinos.kernel.fast import Pool

__all__ = [
    "Code",
    "HoldAnswer",
    "HoldWish",
    "HotHeld",
    "HotNoticed",
    "HotOrders",
    "HotPlaced",
    "HotRefused",
    "OrderAnswer",
    "OrderWish",
    "intent_id_of",
    "order_id_of",
    "read_basket_count",
]
EMPTY = BasketCount(lines=0, units=0)


async def read_basket_count(
    pool: Pool, *, cookies: Mapping[str, str], now: datetime
) -> BasketCount:
    """How much is in this browser's basket, for `GET /fast/basket`.

    A browser without a cookie, or with a forged or an old one, costs no query.
    """
    basket_id = read_basket_cookie(cookies.get(BASKET_COOKIE, ""), now=now)
    if basket_id is None:
        return EMPTY
    async with pool.connection() as conn:
        return await fast.run_one(conn, basket_count, basket_id=basket_id)
