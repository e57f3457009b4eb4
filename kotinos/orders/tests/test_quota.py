"""A grant for so many units is spent by orders and given back by those that lapse."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.kernel import clock
from kotinos.orders import api as orders
from kotinos.orders.tests.buyer import state_names
from kotinos.orders.tests.world import STATES, grant
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from kotinos.orders.tests.buyer import Buyer

LATE = timedelta(seconds=orders.HOLD_SECONDS + 61)


def test_an_order_spends_the_quota_of_its_grant_and_lapsing_gives_it_back(buyer: Buyer) -> None:
    grant("SHOP", "US", clock.now(), quota_units=2)
    buyer.place = STATES
    buyer.add("pin", units=2)
    order = buyer.order()
    assert list(order.quota_units.values()) == [2]
    assert buyer.add("pin")["Location"] == "/en-us/products/pin/"
    assert rights.quota_gap() == 0
    orders.settle(now=clock.now() + LATE)
    assert state_names(order.id) == {"lapsed"}
    assert buyer.add("pin")["Location"].endswith("notice=added")
    assert rights.quota_gap() == 0


def test_more_than_the_quota_has_left_is_refused_and_nothing_is_held(buyer: Buyer) -> None:
    grant("SHOP", "US", clock.now(), quota_units=1)
    buyer.place = STATES
    buyer.add("pin", units=2)
    answer = buyer.submit()
    assert answer.status_code == 409
    assert answer.context["view"].changes
    assert rights.quota_gap() == 0
