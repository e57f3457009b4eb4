"""What the statements of a sale in a drop are asked with, and what a hold's row means. No Django.

One request's values by name: the fast lane gathers many into arrays, the rich lane sends one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from kotinos.kernel.place import Place
from kotinos.orders.hot import rules
from kotinos.orders.hot.wishes import Code, HotPlaced, HotRefused
from kotinos.orders.links import order_path_of
from kotinos.orders.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.contracts import DropView
    from kotinos.orders.hot.wishes import HoldWish, OrderAnswer, OrderWish
    from kotinos.orders.statements import PlacedRow
    from kotinos.stock.statements import HoldRow

Params = dict[str, Any]


def of_hold(wish: HoldWish, drop: DropView, *, location_id: UUID, now: datetime) -> Params:
    """Units of one variant for one buyer, as `batches.hold` takes them."""
    return {
        "key": rules.order_id_of(wish),
        "variant_id": wish.variant_id,
        "location_id": location_id,
        "units": wish.units,
        "held_at": now,
        "expires_at": now + timedelta(seconds=drop.hold_seconds),
        "holder": rules.holder_of(wish),
        "holder_units_max": drop.units_per_buyer,
        "scope": drop.id,
    }


def of_order(
    wish: OrderWish,
    *,
    key: UUID,
    quote_id: UUID,
    address: Mapping[str, str],
    now: datetime,
    person_id: UUID | None = None,
) -> Params:
    """What an order adds to its hold, as `batches.buy` takes it."""
    number = rules.new_number()
    return {
        "quote": quote_id,
        "number": number,
        "intent": rules.intent_id_of(key),
        "email": wish.email,
        "address": msgspec.json.encode(address).decode(),
        "language": wish.language,
        "person": person_id,
        "description": say("payment-description", wish.language, number=number),
        "return_url": order_path_of(key, Place(wish.language, wish.territory), now=now),
    }


def refusal_of(row: HoldRow) -> HotRefused | None:
    """Why nothing is held; None where something is, or was under this key before."""
    if row.hold_id is not None or row.again:
        return None
    if row.over_limit:
        return HotRefused(Code.LIMIT)
    code = Code.SHORT if row.units_free > 0 else Code.SOLD_OUT
    return HotRefused(code, units_free=row.units_free)


def answer_of(row: HoldRow, placed: PlacedRow | None, order: Params, key: UUID) -> OrderAnswer:
    """What a buyer is told whose units are held, or were."""
    if placed is None:
        return HotRefused(Code.RIGHTS if row.ended_as is None else Code.HOLD_OVER)
    said = (placed.number, placed.intent_id, placed.total, placed.hold_until, placed.again)
    return HotPlaced(key, order["return_url"], *said)
