"""What a seller's people do: say that a shipment left, give money back. Every act is logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.kernel import changelog
from kotinos.orders.actions.settlement import ask_refund, resolve
from kotinos.orders.contracts import OrderStatus
from kotinos.orders.models import Dispatch, Order, Shipment
from kotinos.orders.order_page import order_status

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

SHIPPABLE = {OrderStatus.CONFIRMED, OrderStatus.PARTLY_SHIPPED}


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The shipment has left. `again`: it had before; carrier and tracking stay as they were."""

    again: bool


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """Everything that was paid goes back; the order is refunded once the provider says so."""

    status: OrderStatus


@dataclass(frozen=True, slots=True)
class NotDone:
    """Nothing changed. `why`: unknown (or not yours), not-ready, not-confirmed, nothing-paid."""

    why: str


def dispatch_shipment(
    *,
    shipment_id: UUID,
    seller_ids: Collection[UUID],
    carrier: str,
    tracking: str,
    by_id: UUID | None,
    now: datetime,
) -> Dispatched | NotDone:
    """Say that a shipment of one of these sellers left."""
    with transaction.atomic():
        shipment = Shipment.objects.filter(id=shipment_id, seller_id__in=seller_ids).first()
        if shipment is None:
            return NotDone("unknown")
        order = Order.objects.select_for_update().get(id=shipment.order_id)
        if Dispatch.objects.filter(shipment=shipment).exists():
            return Dispatched(again=True)
        if order_status(order) not in SHIPPABLE:
            return NotDone("not-ready")
        Dispatch.objects.create(
            shipment=shipment, at=now, by_id=by_id, carrier=carrier[:80], tracking=tracking[:80]
        )
        changelog.record(
            actor=by_id,
            organisation=shipment.seller_id,
            verb="dispatch",
            subject_kind="shipment",
            subject=str(shipment.id),
            detail={"order": order.number, "carrier": carrier[:80]},
            now=now,
        )
        return Dispatched(again=False)


def refund_order(
    *,
    order_id: UUID,
    seller_ids: Collection[UUID],
    confirmation: str,
    reason: str,
    by_id: UUID | None,
    now: datetime,
) -> RefundAsked | NotDone:
    """Give back the whole order. The person must type its number: nothing destructive by a slip.

    An order of several sellers can only be refunded by someone who acts for all of them.
    """
    order = Order.objects.filter(id=order_id).first()
    sellers = set(Shipment.objects.filter(order_id=order_id).values_list("seller_id", flat=True))
    if order is None or not sellers or not sellers <= set(seller_ids):
        return NotDone("unknown")
    if confirmation.strip().upper() != order.number:
        return NotDone("not-confirmed")
    with transaction.atomic():
        if not ask_refund(order_id=order_id, reason=reason, by_id=by_id, now=now):
            return NotDone("nothing-paid")
        for seller_id in sorted(sellers):
            changelog.record(
                actor=by_id,
                organisation=seller_id,
                verb="refund",
                subject_kind="order",
                subject=str(order_id),
                detail={"number": order.number, "reason": reason[:200]},
                now=now,
            )
    resolve(order_id=order_id, now=now)
    return RefundAsked(order_status(order))
