"""One order in a drop from the rich lane, for a browser without JavaScript.

The hot path's rules and statements, run for one buyer in one transaction: what is held there and
not ordered goes back with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.drops import api as drops
from kotinos.kernel import rich
from kotinos.orders import statements
from kotinos.orders.hot import params, rules
from kotinos.orders.hot.batches import OF_HOLDS, OF_ORDERS, SELL, SHIP, intents
from kotinos.orders.hot.wishes import Code, HotRefused
from kotinos.orders.models import FixedQuote
from kotinos.payments.statements import write_intents
from kotinos.stock import statements as stock

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.kernel.batcher import Arrays
    from kotinos.orders.hot.wishes import OrderAnswer, OrderWish


def place_drop_order(
    *, wish: OrderWish, now: datetime, person_id: UUID | None = None
) -> OrderAnswer:
    """As `HotOrders.place`: a repeat of the key gets its order, a refusal holds nothing."""
    drop = drops.drop_by_id(wish.hold.drop_id)
    refusal = rules.hold_refusal(wish.hold, drop, now)
    if refusal is not None or drop is None:
        return refusal or HotRefused(Code.UNKNOWN)
    address = rules.checked_address(wish)
    if isinstance(address, HotRefused):
        return address
    quote = FixedQuote.objects.filter(
        drop_id=drop.id, variant_id=wish.hold.variant_id, territory=wish.territory, closed_at=None
    ).first()
    if quote is None:
        return HotRefused(Code.RIGHTS)
    key = rules.order_id_of(wish.hold)
    hold = params.of_hold(wish.hold, drop, location_id=quote.location_id, now=now)
    order = params.of_order(
        wish, key=key, quote_id=quote.id, address=address, now=now, person_id=person_id
    )
    with transaction.atomic():
        return _buy({name: [value] for name, value in (hold | order).items()}, order, key)


def _buy(arrays: Arrays, order: params.Params, key: UUID) -> OrderAnswer:
    """What `batches.buy` does, for a batch of one on Django's connection."""
    rich.run(stock.lock_scopes, scope=arrays["scope"])
    _, row = rich.run_one(stock.hold_units, **{name: arrays[name] for name in OF_HOLDS})
    refused = params.refusal_of(row)
    if refused is not None:
        return refused
    is_open = row.ended_as is None
    _, placed = rich.run_one(
        statements.place_orders,
        **{name: arrays[name] for name in OF_ORDERS},
        quote=arrays["quote"] if is_open else [None],
        units=[row.units],
        placed_at=arrays["held_at"],
        hold_until=[row.expires_at],
        sell_use=SELL,
        ship_use=SHIP,
    )
    if placed is None and is_open:
        rich.run(stock.release_holds, key=arrays["key"], at=arrays["held_at"])
    if placed is not None and not placed.again:
        rich.run(write_intents, **intents({0: placed}, arrays))
    return params.answer_of(row, placed, order, key)
