"""One order in a drop from the rich lane, for a browser without JavaScript.

The hot path's rules and statements, run for one buyer in one transaction: what is held there and
not ordered goes back with it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.drops import api as drops
from kotinos.kernel import rich
from kotinos.kernel.place import Place
from kotinos.orders import statements
from kotinos.orders.hot import rules
from kotinos.orders.hot.batches import SELL, SHIP
from kotinos.orders.hot.wishes import Code, HotPlaced, HotRefused
from kotinos.orders.links import order_path_of
from kotinos.orders.models import FixedQuote
from kotinos.orders.wording import say
from kotinos.payments.statements import write_intents
from kotinos.stock import statements as stock

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.contracts import DropView
    from kotinos.orders.hot.wishes import OrderAnswer, OrderWish
    from kotinos.orders.statements import PlacedRow
    from kotinos.stock.statements import HoldRow


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
    with transaction.atomic():
        held = _held(wish, drop, quote.location_id, now)
        if isinstance(held, HotRefused):
            return held
        return _placed(wish, address, quote.id, held, person_id, now)


def _held(
    wish: OrderWish, drop: DropView, location_id: UUID, now: datetime
) -> HoldRow | HotRefused:
    rich.run(stock.lock_scopes, scope=[drop.id])
    ((_, row),) = rich.run(
        stock.hold_units,
        key=[rules.order_id_of(wish.hold)],
        variant_id=[wish.hold.variant_id],
        location_id=[location_id],
        units=[wish.hold.units],
        held_at=[now],
        expires_at=[now + timedelta(seconds=drop.hold_seconds)],
        holder=[rules.holder_of(wish.hold)],
        holder_units_max=[drop.units_per_buyer],
    )
    if row.hold_id is not None:
        return row
    if row.over_limit:
        return HotRefused(Code.LIMIT)
    code = Code.SHORT if row.units_free > 0 else Code.SOLD_OUT
    return HotRefused(code, units_free=row.units_free)


def _placed(  # noqa: PLR0917 - one call, above
    wish: OrderWish,
    address: dict[str, str],
    quote_id: UUID,
    held: HoldRow,
    person_id: UUID | None,
    now: datetime,
) -> OrderAnswer:
    key, is_open = rules.order_id_of(wish.hold), held.ended_as is None
    number = rules.new_number()
    ((_, placed),) = rich.run(
        statements.place_orders,
        key=[key],
        quote=[quote_id if is_open else None],
        units=[held.units],
        number=[number],
        intent=[rules.intent_id_of(key)],
        email=[wish.email],
        address=[json.dumps(address)],
        language=[wish.language],
        person=[person_id],
        placed_at=[now],
        hold_until=[held.expires_at or now],
        sell_use=SELL,
        ship_use=SHIP,
    )
    if placed is None:
        if is_open:
            rich.run(stock.release_holds, key=[key], at=[now])
        return HotRefused(Code.RIGHTS if is_open else Code.HOLD_OVER)
    path = order_path_of(key, Place(wish.language, wish.territory), now=now)
    if not placed.again:
        _ask_for_money(wish, key, placed, path, now)
    return HotPlaced(
        key, path, placed.number, placed.intent_id, placed.total, placed.hold_until, placed.again
    )


def _ask_for_money(wish: OrderWish, key: UUID, placed: PlacedRow, path: str, now: datetime) -> None:
    rich.run(
        write_intents,
        id=[placed.intent_id],
        key=[str(key)],
        reference=[str(key)],
        provider=["sandbox"],
        amount_minor=[placed.total.minor],
        currency=[placed.total.currency],
        description=[say("payment-description", wish.language, number=placed.number)],
        language=[wish.language],
        return_url=[path],
        created_at=[now],
    )
