"""What an order's news says, by whichever lane it was confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps

from kotinos.kernel import clock
from kotinos.kernel.models import OutboxEvent
from kotinos.kernel.money import Money
from kotinos.orders import api as orders
from kotinos.orders.actions.settlement import ask_refund
from kotinos.orders.models import OrderLine
from kotinos.payments import api as payments
from kotinos.payments.contracts import Notice, NoticeKind

if TYPE_CHECKING:
    from kotinos.orders.models import Order
    from kotinos.orders.tests.buyer import Buyer
    from kotinos.orders.tests.world import World


def _told(kind: str) -> dict[str, Any]:
    """The payload of the only event of a kind."""
    payload: dict[str, Any] = OutboxEvent.objects.get(kind=kind).payload
    return payload


def _products() -> Any:
    return apps.get_model("catalog", "Product")._default_manager


def _is_of_kenya() -> None:
    _products().update(team="KEN", edition="2030")


def _as_line(line: OrderLine, world: World, **more: object) -> dict[str, object]:
    return {
        "position": line.position,
        "seller": str(world.sellers["SHOP"]),
        "noc": "KEN",
        "edition": "2030",
        "work": str(line.work_id),
        "product": "scarf",
        "sku": "scarf",
        "title": "Scarf",
        "grant": str(world.grants["SHOP"]),
        "via": "",
        "drop": "",
        "units": line.units,
        "minor": line.units * 3000,
    } | more


@pytest.mark.django_db
def test_a_confirmed_order_tells_its_lines_and_a_refunded_one_tells_them_again(
    buyer: Buyer,
) -> None:
    _is_of_kenya()
    buyer.add(units=2)
    order = buyer.order()
    buyer.pay(order)
    line = _as_line(OrderLine.objects.get(order=order), buyer.world)
    told = {
        "order": str(order.id),
        "territory": "JP",
        "minor": order.total_minor,
        "currency": "JPY",
        "edition": "2030",
        "lines": [line],
    }
    assert _told("orders.confirmed") == told
    _give_back(order)
    assert _told("orders.refunded") == told


def _give_back(order: Order) -> None:
    now = clock.now()
    assert ask_refund(order_id=order.id, reason="not liked", by_id=None, now=now)
    orders.settle(now=now + timedelta(seconds=5))


@pytest.mark.django_db
def test_goods_of_two_editions_leave_the_orders_edition_open(buyer: Buyer) -> None:
    _products().filter(handle="scarf").update(edition="2030")
    buyer.add("scarf")
    buyer.add("pin")
    buyer.pay(buyer.order())
    told = _told("orders.confirmed")
    assert [(line["product"], line["edition"]) for line in told["lines"]] == [
        ("scarf", "2030"),
        ("pin", ""),
    ]
    assert told["edition"] == ""


@pytest.mark.django_db
def test_what_was_never_sold_is_not_told_as_given_back(buyer: Buyer) -> None:
    buyer.add(units=2)
    order = buyer.order()
    now = clock.now() + timedelta(seconds=orders.HOLD_SECONDS + 61)
    orders.settle(now=now)
    buyer.add(units=5)
    buyer.pay(buyer.order())  # nothing is left
    OutboxEvent.objects.filter(kind="orders.confirmed").delete()
    amount = Money(order.total_minor, order.currency)
    word = Notice("late", order.intent_id, NoticeKind.CAPTURED, amount, now)
    payments.record_notice(word, provider="sandbox", now=now)
    orders.settle(now=now)
    orders.settle(now=now + timedelta(seconds=5))
    told = _told("orders.refunded")
    assert (told["order"], told["lines"]) == (str(order.id), [])
