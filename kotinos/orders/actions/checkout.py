"""Placing an order: hold first, write second, pay third, confirm last.

The hold is a transaction of its own (its rows are the ones everybody wants), under the same key
as the order. A process that dies between the two leaves a hold that ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.kernel.money import Money
from kotinos.orders.actions.basket import record_denied
from kotinos.orders.actions.writing import write_order
from kotinos.orders.contracts import HOLD_SECONDS, Change, Placed, PlacedNot, PlacementOutcome
from kotinos.orders.models import Basket, BasketLine, Order
from kotinos.orders.quoting import Quote, Seen, differences, quote
from kotinos.stock import api as stock
from kotinos.stock.contracts import Held, HoldLine, HoldOver, SoldOut

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.kernel.place import Place


@dataclass(frozen=True, slots=True)
class Placement:
    """What a buyer submits. `key` is the form's own, and becomes the order's id."""

    key: UUID
    basket_id: UUID
    place: Place
    seen: Seen
    email: str
    address: dict[str, str]
    person_id: UUID | None
    session_key: str


def place_order(wish: Placement, *, now: datetime) -> PlacementOutcome:
    """Place the order, or say what is in the way and leave everything as it was.

    The same key places once, however often and however concurrently it is submitted: the others
    get the first order. A refusal holds nothing and keeps the basket.
    """
    outcome = placed_before(wish.key) or _place(wish, now)
    if isinstance(outcome, PlacedNot):
        # A twin may have placed it, and emptied the basket, while this one was looking.
        return placed_before(wish.key) or outcome
    return outcome


def placed_before(key: UUID) -> Placed | None:
    """The order that a form with this key has placed, if any."""
    order = Order.objects.filter(id=key).first()
    return placed_value(order, again=True) if order else None


def placed_value(order: Order, *, again: bool) -> Placed:
    total = Money(order.total_minor, order.currency)
    return Placed(order.id, order.number, order.intent_id, total, again)


def _place(wish: Placement, now: datetime) -> PlacementOutcome:
    quoted = quote(wish.basket_id, place=wish.place, now=now, with_stock=False)
    changes = differences(quoted, seen=wish.seen, territory=wish.place.territory)
    if changes:
        _record_denied(quoted, wish, now)
        return PlacedNot(changes)
    held = stock.hold(key=wish.key, lines=_hold_lines(quoted), seconds=HOLD_SECONDS, now=now)
    match held:
        case SoldOut():
            return PlacedNot(_shortages(quoted, held))
        case HoldOver():
            return PlacedNot((Change("stale"),))
        case Held():
            return _write_or_release(wish, quoted, held, now)


def _hold_lines(quoted: Quote) -> list[HoldLine]:
    return [
        HoldLine(line.wanted.variant_id, None, line.wanted.units, line.wanted.seller_id)
        for line in quoted.lines
    ]


def _shortages(quoted: Quote, sold_out: SoldOut) -> tuple[Change, ...]:
    titles = {line.wanted.variant_id: line.title for line in quoted.lines}
    return tuple(
        Change(
            "short" if short.units_free > 0 else "sold-out",
            title=titles.get(short.variant_id, ""),
            units=short.units_free,
        )
        for short in sold_out.lines
    )


def _record_denied(quoted: Quote, wish: Placement, now: datetime) -> None:
    for line in quoted.lines:
        if line.offer is not None and line.problem is not None and line.problem.refused:
            record_denied(
                line.offer,
                line.problem,
                units=line.wanted.units,
                territory=wish.place.territory,
                session_key=wish.session_key,
                now=now,
            )


def _write_or_release(
    wish: Placement, quoted: Quote, held: Held, now: datetime
) -> PlacementOutcome:
    with transaction.atomic():
        outcome = _write(wish, quoted, held, now)
        if isinstance(outcome, PlacedNot):
            transaction.set_rollback(True)
    if isinstance(outcome, PlacedNot):
        stock.release(key=wish.key, now=now)
    return outcome


def _write(wish: Placement, quoted: Quote, held: Held, now: datetime) -> PlacementOutcome:
    """Under the basket's lock: twins with one key meet here, and the second finds the order."""
    Basket.objects.select_for_update().filter(id=wish.basket_id).first()
    order = Order.objects.filter(id=wish.key).first()
    if order is not None:
        return placed_value(order, again=True)
    lines = BasketLine.objects.filter(basket_id=wish.basket_id)
    if set(lines.values_list("id", "units")) != {
        (line.line_id, line.wanted.units) for line in quoted.lines
    }:
        return PlacedNot((Change("stale"),))
    written = write_order(wish, quoted, held, now=now)
    if isinstance(written, Order):
        lines.delete()
        return placed_value(written, again=False)
    return written
