"""The order's page behind its signed link. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.catalog.contracts import Picture
from kotinos.games import api as games
from kotinos.kernel import tokens
from kotinos.kernel.money import Money
from kotinos.kernel.place import Place
from kotinos.orders import addresses
from kotinos.orders.contracts import (
    LinkRefusedView,
    OrderLineView,
    OrderStatus,
    OrderStep,
    OrderView,
    ShipmentView,
)
from kotinos.orders.decide import StateName, Totals, status
from kotinos.orders.links import ORDER_PURPOSE
from kotinos.orders.models import Order, OrderLine, Shipment, State
from kotinos.orders.pages import (
    amount,
    product_path,
    seller_names,
    time_text,
    totals_view,
)
from kotinos.orders.wording import say
from kotinos.payments import api as payments
from kotinos.payments.contracts import PaymentStatus
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

REFRESH_SECONDS = 3
# What a buyer may still pay for; a lapsed order may not be paid any more.
PAYABLE = {PaymentStatus.OPEN, PaymentStatus.DECLINED}


def read_order_link(token: str, *, now: datetime, language: str) -> UUID | LinkRefusedView:
    """The order a link opens, or what to tell whoever holds a link that opens none."""
    read = tokens.read(purpose=ORDER_PURPOSE, token=token, now=now)
    if isinstance(read, tokens.Valid):
        return UUID(read.payload["order"])
    return refused_link("expired" if isinstance(read, tokens.Expired) else "forged", language)


def refused_link(kind: str, language: str) -> LinkRefusedView:
    """What is said of a link that is expired or forged."""
    return LinkRefusedView(
        kind=kind,
        headline=say(f"link-{kind}-headline", language),
        sentence=say(f"link-{kind}", language),
    )


def order_status(order: Order) -> OrderStatus:
    """What an order is now, from its rows."""
    shipments = Shipment.objects.filter(order=order)
    return status(
        states=frozenset(State.objects.filter(order=order).values_list("name", flat=True)),
        shipments=shipments.count(),
        dispatched=shipments.filter(dispatch__isnull=False).count(),
    )


def order_view(order_id: UUID, *, language: str, now: datetime, pay_url: str = "") -> OrderView:
    """All of an order's page. `pay_url` is shown only while there is something to pay."""
    order = Order.objects.get(id=order_id)
    states = dict(State.objects.filter(order=order).values_list("name", "at"))
    current = order_status(order)
    payment = payments.payment(order.intent_id)
    declined = payment is not None and payment.status is PaymentStatus.DECLINED
    waiting = current is OrderStatus.AWAITING_PAYMENT
    payable = waiting and payment is not None and payment.status in PAYABLE
    can_pay = payable and now < order.hold_until
    return OrderView(
        order_id=order.id,
        number=order.number,
        status=current,
        headline=say(f"status-{current}", language),
        explanation=_explanation(order, current, language, declined=declined and can_pay),
        placed_at=order.placed_at,
        email=order.email,
        address_lines=address_lines(order, language),
        shipments=_shipments(order, language),
        totals=totals_view(_totals(order), language),
        steps=_steps(order, states, language),
        pay_url=pay_url if can_pay else "",
        hold_until=order.hold_until if waiting else None,
        # A bank that declined has answered: the next step is the reader's.
        refresh_seconds=REFRESH_SECONDS if _is_moving(current, now, order) and not declined else 0,
    )


def _is_moving(current: OrderStatus, now: datetime, order: Order) -> bool:
    """Whether something is about to happen without the reader."""
    if current in {OrderStatus.PAID, OrderStatus.REFUNDING}:
        return True
    return current is OrderStatus.AWAITING_PAYMENT and now < order.hold_until


def _explanation(order: Order, current: OrderStatus, language: str, *, declined: bool) -> str:
    key = "explain-declined" if declined else f"explain-{current}"
    return say(key, language, time=time_text(order.hold_until, language))


def address_lines(order: Order, language: str) -> tuple[str, ...]:
    """The address as on a label."""
    return addresses.lines(
        order.address,
        territory=order.territory,
        territory_name=games.territory_name(order.territory, language),
    )


def _totals(order: Order) -> Totals:
    currency = order.currency
    return Totals(
        goods=Money(order.goods_minor, currency),
        shipping=Money(order.shipping_minor, currency),
        tax=Money(order.tax_minor, currency),
        tax_included=order.tax_included,
        total=Money(order.total_minor, currency),
    )


def _shipments(order: Order, language: str) -> tuple[ShipmentView, ...]:
    rows = list(Shipment.objects.filter(order=order).select_related("dispatch").order_by("id"))
    names = seller_names(row.seller_id for row in rows)
    lines = OrderLine.objects.filter(order=order).order_by("position", "id")
    views: dict[UUID, list[OrderLineView]] = {row.id: [] for row in rows}
    for line in lines:
        views[line.shipment_id].append(_line_view(order, line, names, language))
    return tuple(_shipment_view(row, names, tuple(views[row.id])) for row in rows)


def _shipment_view(
    row: Shipment, names: Mapping[UUID, str], lines: tuple[OrderLineView, ...]
) -> ShipmentView:
    dispatch = row.dispatch if hasattr(row, "dispatch") else None
    places = {place.id: place.name for place in stock.locations(row.seller_id)}
    return ShipmentView(
        shipment_id=row.id,
        seller_name=names.get(row.seller_id, ""),
        from_name=places.get(row.location_id, ""),
        lines=lines,
        shipped_at=dispatch.at if dispatch else None,
        carrier=dispatch.carrier if dispatch else "",
        tracking=dispatch.tracking if dispatch else "",
    )


def _line_view(
    order: Order, line: OrderLine, names: Mapping[UUID, str], language: str
) -> OrderLineView:
    price = Money(line.unit_price_minor, order.currency)
    place = Place(language, order.territory)
    return OrderLineView(
        title=line.title,
        options=line.options,
        units=line.units,
        unit_price=amount(price, language),
        line_total=amount(price * line.units, language),
        seller_name=names.get(line.seller_id, ""),
        product_url=product_path(place, line.handle),
        picture=Picture(line.picture_key, line.title) if line.picture_key else None,
        decision=say("stamp", language, territory=games.territory_name(order.territory, language)),
    )


def _steps(order: Order, states: Mapping[str, datetime], language: str) -> tuple[OrderStep, ...]:
    """The story so far, and of a living order what is still to come."""
    done = [("placed", order.placed_at), *sorted(states.items(), key=lambda item: item[1])]
    shipped = (
        Shipment.objects.filter(order=order, dispatch__isnull=False)
        .order_by("-dispatch__at")
        .values_list("dispatch__at", flat=True)
        .first()
    )
    if shipped is not None:
        done.append(("shipped", shipped))
    ended = {StateName.LAPSED, StateName.CANCELLED, StateName.REFUNDING} & set(states)
    names = {name for name, _ in done}
    expected = [] if ended else ["paid", "confirmed", "shipped"]
    ahead = [(name, None) for name in expected if name not in names]
    return tuple(OrderStep(name, say(f"step-{name}", language), at) for name, at in (*done, *ahead))
