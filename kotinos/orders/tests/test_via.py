"""What led a buyer to a thing goes with it, from the basket to the sales that are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kotinos.orders import api as orders
from kotinos.orders.models import BasketLine, OrderLine
from kotinos.orders.selling_ways import via_of

if TYPE_CHECKING:
    from kotinos.orders.tests.buyer import Buyer

MOMENT = "channel:final:01a2029c-105e-70be-8d12-33a44d15d5d9:5000"


def _add(buyer: Buyer, via: str, sku: str = "scarf") -> None:
    form = {
        "variant": str(buyer.world.variants[sku]),
        "seller": str(buyer.world.sellers["SHOP"]),
        "via": via,
    }
    assert buyer.client.post(buyer.url("basket/add"), form).status_code == 303


def test_a_confirmed_order_is_counted_for_the_moment_that_led_to_it(buyer: Buyer) -> None:
    _add(buyer, MOMENT)
    _add(buyer, "", sku="pin")
    order = buyer.order()
    assert orders.sales_via("channel:") == ()
    buyer.pay(order)
    (sale,) = orders.sales_via("channel:final:")
    assert (sale.via, sale.orders, sale.units) == (MOMENT, 1, 1)
    assert (sale.goods.minor, sale.goods.currency) == (3000, "JPY")
    assert orders.sales_via("channel:other:") == ()
    seller = buyer.world.sellers
    assert orders.sales_via("channel:", seller_ids=[seller["RIVAL"]]) == ()
    assert orders.sales_via("channel:", seller_ids=[seller["SHOP"]]) == (sale,)
    assert set(OrderLine.objects.values_list("via", flat=True)) == {MOMENT, ""}


def test_the_last_way_counts_and_none_does_not_wipe_it_out(buyer: Buyer) -> None:
    _add(buyer, MOMENT)
    _add(buyer, MOMENT.replace("5000", "7000"))
    _add(buyer, "")
    assert BasketLine.objects.get().via.endswith(":7000")


def test_what_was_given_back_is_not_counted(buyer: Buyer) -> None:
    _add(buyer, MOMENT)
    order = buyer.order()
    buyer.pay(order)
    orders.refund_order(
        order_id=order.id,
        seller_ids=[buyer.world.sellers["SHOP"]],
        confirmation=order.number,
        reason="did not fit",
        by_id=None,
        now=order.placed_at,
    )
    assert orders.sales_via("channel:") == ()


@pytest.mark.parametrize(
    "text", ["", "channel", "<script>", "channel:a b", "channel:" + "x" * 300, "UPPER:case", "a:b"]
)
def test_what_is_no_way_is_dropped(text: str) -> None:
    assert via_of(text) == ""
