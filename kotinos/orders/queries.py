"""Reads for the back office: each seller's own rows and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, Sum

from kotinos.kernel.money import Money
from kotinos.orders.contracts import SellerShipmentRow
from kotinos.orders.decide import StateName, status
from kotinos.orders.models import Order, OrderLine, Shipment, State

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

ROWS_MAX = 200


def shipments_of(
    seller_ids: Collection[UUID], *, only_to_ship: bool = True
) -> tuple[SellerShipmentRow, ...]:
    """Shipments of these sellers, the oldest order first; by default those that wait to leave."""
    rows = Shipment.objects.filter(seller_id__in=seller_ids)
    if only_to_ship:
        confirmed = State.objects.filter(name=StateName.CONFIRMED).values("order_id")
        refunded = State.objects.filter(name=StateName.REFUNDING).values("order_id")
        rows = rows.filter(order_id__in=confirmed, dispatch__isnull=True)
        rows = rows.exclude(order_id__in=refunded)
    rows = rows.select_related("order", "dispatch")
    chosen = list(rows.order_by("order__placed_at", "id")[:ROWS_MAX])
    facts = _facts({row.order_id for row in chosen})
    sums = _sums({row.id for row in chosen})
    return tuple(_row(row, sums[row.id], facts[row.order_id]) for row in chosen)


def _sums(shipment_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Units and goods of each shipment, in minor units of its order's currency."""
    lines = OrderLine.objects.filter(shipment_id__in=shipment_ids).values_list("shipment_id")
    summed = lines.annotate(pieces=Sum("units"), minor=Sum(F("units") * F("unit_price_minor")))
    return {shipment_id: (units, minor) for shipment_id, units, minor in summed}


def _facts(order_ids: Collection[UUID]) -> dict[UUID, tuple[dict[str, datetime], int, int]]:
    """States, shipments and dispatched shipments of each order."""
    facts: dict[UUID, tuple[dict[str, datetime], int, int]] = {}
    counted = Order.objects.filter(id__in=order_ids).annotate(
        count=Count("shipments"),
        gone=Count("shipments", filter=Q(shipments__dispatch__isnull=False)),
    )
    for order_id, count, gone in counted.values_list("id", "count", "gone"):
        facts[order_id] = ({}, count, gone)
    for order_id, name, at in State.objects.filter(order_id__in=order_ids).values_list(
        "order_id", "name", "at"
    ):
        facts[order_id][0][name] = at
    return facts


def _row(
    row: Shipment, sums: tuple[int, int], facts: tuple[dict[str, datetime], int, int]
) -> SellerShipmentRow:
    order, (units, goods_minor), (states, shipments, dispatched) = row.order, sums, facts
    return SellerShipmentRow(
        shipment_id=row.id,
        order_id=order.id,
        order_number=order.number,
        seller_id=row.seller_id,
        placed_at=order.placed_at,
        confirmed_at=states.get(StateName.CONFIRMED),
        territory=order.territory,
        recipient=order.address.get("name", ""),
        units=units,
        goods=Money(goods_minor, order.currency),
        status=status(states=states.keys(), shipments=shipments, dispatched=dispatched),
        shipped_at=row.dispatch.at if hasattr(row, "dispatch") else None,
    )
