from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from kotinos.kernel import clock
from kotinos.orders.contracts import LINES_MAX, UNITS_MAX
from kotinos.orders.cookie import BASKET_COOKIE, read_basket_cookie, write_basket_cookie
from kotinos.orders.models import Basket, BasketLine
from kotinos.orders.tests.buyer import Buyer
from kotinos.orders.tests.world import FRANCE, JAPAN, KENYA, STATES
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from kotinos.orders.tests.world import World


def test_looking_at_a_basket_sets_no_cookie_and_writes_nothing(buyer: Buyer) -> None:
    view = buyer.basket()
    assert (view.lines, view.totals, view.can_check_out) == ((), None, False)
    assert buyer.client.cookies.output() == ""
    assert Basket.objects.count() == 0


def test_adding_sets_the_cookie_and_shows_price_tax_and_shipping(buyer: Buyer) -> None:
    answer = buyer.add(units=2)
    assert answer.status_code == 303
    cookie = answer.cookies[BASKET_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    view = buyer.basket()
    (line,) = view.lines
    assert (line.unit_price.money.minor, line.line_total.money.minor) == (3000, 6000)
    assert view.totals.tax_included
    assert view.totals.total.money.minor == 6000 + view.totals.shipping.money.minor
    assert view.can_check_out


def test_adding_again_adds_units_to_the_same_line_up_to_the_limit(buyer: Buyer) -> None:
    buyer.add("pin", units=15)
    buyer.add("pin", units=5)
    assert buyer.add("pin", units=1)["Location"].endswith("notice=units")
    assert BasketLine.objects.get().units == UNITS_MAX


def test_a_basket_holds_a_bounded_number_of_lines(buyer: Buyer) -> None:
    buyer.add("pin")
    line = BasketLine.objects.get()
    BasketLine.objects.filter(id=line.id).update(position=LINES_MAX)
    buyer.add("scarf")
    assert BasketLine.objects.get(variant_id=buyer.world.variants["scarf"]).position == 1


@pytest.mark.parametrize("units", ["0", "-1", "21", "2.5", "٣", "", "9" * 30, "DROP"])
def test_nonsense_units_are_refused_with_a_sentence(buyer: Buyer, units: str) -> None:
    form = {
        "variant": str(buyer.world.variants["pin"]),
        "seller": str(buyer.world.sellers["SHOP"]),
        "units": units,
    }
    answer = buyer.client.post(buyer.url("basket/add"), form)
    expected = "added" if units == "" else "units"
    assert answer["Location"].endswith(f"notice={expected}")


@pytest.mark.parametrize("variant", ["", "x", "0caade1c-1d0e-487f-b054-98c83111e303", "0" * 500])
def test_an_unknown_thing_cannot_be_added(buyer: Buyer, variant: str) -> None:
    form = {"variant": variant, "seller": str(buyer.world.sellers["SHOP"])}
    answer = buyer.client.post(buyer.url("basket/add"), form)
    assert answer["Location"].endswith("notice=unknown")
    assert Basket.objects.count() == 0


def test_a_refused_thing_leads_to_its_explanation_and_is_counted_once(buyer: Buyer) -> None:
    buyer.place = STATES
    for _ in range(2):
        answer = buyer.add(units=3)
        assert answer["Location"] == "/en-us/products/scarf/"
    assert BasketLine.objects.count() == 0
    (row,) = rights.denied_demand(by="territory")
    assert (row.key, row.refusals) == (("US",), 1)


def test_another_territory_reprices_and_explains_what_it_refuses(buyer: Buyer) -> None:
    buyer.add("scarf")
    buyer.add("mug", seller="RIVAL")
    buyer.place = FRANCE
    view = buyer.basket()
    scarf, mug = view.lines
    assert scarf.unit_price.money.currency == "EUR"
    assert mug.problem is not None
    assert mug.problem.sentence
    assert mug.problem.page_url == "/en-fr/products/mug/"
    assert "Japan" in view.moved_sentence
    assert (view.problems, view.can_check_out) == (1, False)
    assert view.totals.goods.money.minor == 2000
    buyer.client.post(buyer.url("basket/prune"))
    assert [line.title for line in buyer.basket().lines] == ["Scarf"]


def test_more_than_there_is_is_said_before_the_checkout(buyer: Buyer) -> None:
    buyer.add("scarf", units=6)
    (line,) = buyer.basket().lines
    assert line.problem is not None
    assert line.problem.code == "short"
    assert "5" in line.problem.sentence


def test_units_change_and_lines_leave(buyer: Buyer) -> None:
    buyer.add("pin")
    line = str(BasketLine.objects.get().id)
    buyer.client.post(buyer.url("basket/change"), {"line": line, "units": "7"})
    assert BasketLine.objects.get().units == 7
    refused = buyer.client.post(buyer.url("basket/change"), {"line": line, "units": "21"})
    assert refused["Location"].endswith("notice=units")
    buyer.client.post(buyer.url("basket/change"), {"line": line, "units": "0"})
    assert BasketLine.objects.count() == 0


def test_another_browsers_basket_is_out_of_reach(buyer: Buyer, world: World) -> None:
    buyer.add("pin")
    line = str(BasketLine.objects.get().id)
    stranger = Buyer(Client(), world)
    stranger.add("pin")
    stranger.client.post(stranger.url("basket/change"), {"line": line, "units": "0"})
    assert BasketLine.objects.filter(id=line).exists()
    assert len(stranger.basket().lines) == 1


@pytest.mark.parametrize("cookie", ["", "x", "a.b", "é", "x" * 9000])
def test_a_forged_cookie_is_no_basket(buyer: Buyer, cookie: str) -> None:
    buyer.add("pin")
    buyer.client.cookies[BASKET_COOKIE] = cookie
    assert buyer.basket().lines == ()


def test_an_expired_cookie_is_no_basket() -> None:
    now = clock.now()
    old = write_basket_cookie(uuid4(), now=now - timedelta(days=61))
    assert read_basket_cookie(old, now=now) is None


def test_a_form_from_another_site_is_refused(buyer: Buyer) -> None:
    form = {"variant": str(buyer.world.variants["pin"])}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = buyer.client.post(buyer.url("basket/add"), form, headers=headers)
        assert answer.status_code == 403
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert buyer.client.post(buyer.url("basket/add"), form, headers=own).status_code == 303


def test_personal_pages_are_never_cached(buyer: Buyer) -> None:
    assert "no-store" in buyer.client.get(buyer.url("basket/"))["Cache-Control"]


def test_places_have_their_own_currency(buyer: Buyer) -> None:
    for place, currency in ((JAPAN, "JPY"), (KENYA, "EUR")):
        buyer.place = place
        buyer.add("pin")
        assert buyer.basket().totals.total.money.currency == currency
