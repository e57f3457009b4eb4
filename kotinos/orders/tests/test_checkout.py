from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.orders import api as orders
from kotinos.orders.models import BasketLine, Order, OrderLine, Shipment
from kotinos.orders.tests.buyer import ADDRESSES, Buyer, payment_of, quote_in, state_names
from kotinos.orders.tests.world import FRANCE, KENYA, STATES, grant
from kotinos.payments.contracts import PaymentStatus
from kotinos.rights import api as rights
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from kotinos.orders.tests.world import World


def test_a_fan_buys_and_the_order_rests_on_its_decisions(buyer: Buyer) -> None:
    buyer.add(units=2)
    order = buyer.order()
    assert BasketLine.objects.count() == 0
    line = OrderLine.objects.get()
    assert (line.units, line.unit_price_minor, order.currency) == (2, 3000, "JPY")
    for decision_id in (line.sell_decision_id, line.ship_decision_id):
        proof = rights.prove(decision_id=decision_id)
        assert isinstance(proof, tuple)
        assert proof[0], proof
    assert stock.available([line.variant_id])[line.variant_id] == 3
    buyer.pay(order)
    assert state_names(order.id) == {"paid", "confirmed"}
    page = buyer.order_page(order).context["view"]
    assert (page.status, page.pay_url) == (orders.OrderStatus.CONFIRMED, "")
    assert stock.ledger_gap() == 0


def test_several_sellers_make_one_order_with_a_shipment_each(buyer: Buyer) -> None:
    buyer.add("scarf")
    buyer.add("pin", units=2)
    buyer.add("mug", seller="RIVAL")
    order = buyer.order()
    assert Shipment.objects.filter(order=order).count() == 2
    shop = Shipment.objects.get(seller_id=buyer.world.sellers["SHOP"])
    assert shop.lines.count() == 2
    assert order.total_minor == 3000 * 4 + order.shipping_minor


def test_submitting_twice_places_one_order(buyer: Buyer) -> None:
    buyer.add()
    quote = buyer.quote()
    answers = [buyer.submit(quote) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert all("/sandbox/pay/" in answer["Location"] for answer in answers)
    assert Order.objects.count() == 1


def test_a_submission_after_the_payment_leads_to_the_order(buyer: Buyer) -> None:
    buyer.add()
    quote = buyer.quote()
    buyer.submit(quote)
    buyer.pay(Order.objects.get())
    assert "/order/" in buyer.submit(quote)["Location"]
    assert Order.objects.count() == 1


def test_nothing_typed_is_lost_and_every_fault_is_said(buyer: Buyer) -> None:
    buyer.add()
    answer = buyer.submit(email="nobody", postal_code="12", name="", city="Kyoto <b>")
    assert answer.status_code == 422
    view = answer.context["view"]
    assert {name for name, _ in view.errors} == {"email", "postal_code", "name"}
    values = {field.name: field.value for field in view.fields}
    assert (values["email"], values["city"]) == ("nobody", "Kyoto <b>")
    assert "Kyoto <b>" not in answer.content.decode()
    assert Order.objects.count() == 0
    assert buyer.submit(quote_in(answer.content.decode())).status_code == 303


@pytest.mark.parametrize(
    "nonsense",
    [
        {"email": "a" * 300 + "@example.org"},
        {"email": "a@example.org\nBcc: all@example.org"},
        {"name": "x" * 5000},
        {"phone": "call me"},
        {"territory": "ZZ"},
        {"territory": "<script>"},
        {"name": "\x00\x00", "line1": "\u202e"},
    ],
)
def test_nonsense_is_refused_without_an_order(buyer: Buyer, nonsense: dict[str, str]) -> None:
    buyer.add()
    assert buyer.submit(**nonsense).status_code == 422
    assert Order.objects.count() == 0


def test_a_forged_or_old_quote_shows_the_form_again(buyer: Buyer) -> None:
    buyer.add()
    for quote in ("", "x", buyer.quote()[:-3], "x" * 9000):
        answer = buyer.submit(quote)
        assert answer.status_code == 409
        assert answer.context["view"].changes
    assert Order.objects.count() == 0


def test_anothers_quote_places_nothing(buyer: Buyer, world: World) -> None:
    buyer.add()
    stranger = Buyer(Client(), world)
    stranger.add("pin")
    assert stranger.submit(buyer.quote()).status_code == 409
    assert Order.objects.count() == 0


def test_a_changed_basket_is_shown_before_it_is_ordered(buyer: Buyer) -> None:
    buyer.add()
    quote = buyer.quote()
    buyer.add("pin")
    answer = buyer.submit(quote)
    assert answer.status_code == 409
    assert buyer.submit(quote_in(answer.content.decode())).status_code == 303


def test_rights_lost_meanwhile_are_said_and_nothing_is_held(buyer: Buyer) -> None:
    buyer.add("scarf")
    buyer.add("mug", seller="RIVAL")
    quote = buyer.quote()
    rights.suspend(grant_id=buyer.world.grants["RIVAL"], now=clock.now(), reason="test")
    answer = buyer.submit(quote)
    assert answer.status_code == 409
    view = answer.context["view"]
    assert [change.page_url for change in view.changes] == ["/en-jp/products/mug/"]
    assert BasketLine.objects.count() == 2
    assert stock.available([buyer.world.variants["scarf"]]) == {buyer.world.variants["scarf"]: 5}
    assert [row.key for row in rights.denied_demand(by="territory")] == [("JP",)]


def test_a_grant_suspended_after_the_order_does_not_undo_it(buyer: Buyer) -> None:
    buyer.add()
    order = buyer.order()
    rights.suspend(grant_id=buyer.world.grants["SHOP"], now=clock.now(), reason="test")
    buyer.pay(order)
    assert "confirmed" in state_names(order.id)


def test_the_last_units_go_to_whoever_holds_them_first(buyer: Buyer, world: World) -> None:
    slow = Buyer(Client(), world)
    slow.add(units=3)
    quote = slow.quote()
    buyer.add(units=3)
    buyer.order()
    answer = slow.submit(quote)
    assert answer.status_code == 409
    assert "2" in answer.context["view"].changes[0].sentence
    assert BasketLine.objects.get().units == 3
    assert stock.available([world.variants["scarf"]])[world.variants["scarf"]] == 2


def test_a_basket_with_nothing_left_to_sell_says_so_on_its_own_page(buyer: Buyer) -> None:
    buyer.add("mug", seller="RIVAL")
    quote = buyer.quote()
    rights.suspend(grant_id=buyer.world.grants["RIVAL"], now=clock.now(), reason="test")
    answer = buyer.submit(quote)
    assert answer["Location"] == "/en-jp/basket/?notice=gone"
    assert buyer.basket().lines[0].problem.code == "suspended"


def test_an_address_elsewhere_is_offered_as_a_switch(buyer: Buyer) -> None:
    buyer.add()
    answer = buyer.submit(territory="FR")
    assert answer.status_code == 422
    switch = answer.context["view"].switch
    assert (switch.url, switch.territory) == ("/en-fr/checkout/", "FR")
    quote = quote_in(answer.content.decode())
    buyer.place = FRANCE
    shown = buyer.submit(quote)
    assert shown.status_code == 409
    assert shown.context["view"].totals.total.money.currency == "EUR"
    assert buyer.submit(quote_in(shown.content.decode())).status_code == 303
    assert Order.objects.get().territory == "FR"


def test_the_form_has_each_countrys_own_order(buyer: Buyer) -> None:
    def names() -> list[str]:
        page = buyer.client.get(buyer.url("checkout/"))
        return [field.name for field in page.context["view"].fields]

    buyer.add("pin")
    japan = names()
    buyer.place = KENYA
    kenya = names()
    assert japan.index("postal_code") < japan.index("line1")
    assert kenya.index("postal_code") > kenya.index("line1")


def test_tax_is_added_where_the_market_expects_it(buyer: Buyer) -> None:
    grant("SHOP", "US", clock.now())
    buyer.place = STATES
    buyer.add()
    order = buyer.order()
    assert not order.tax_included
    assert order.total_minor == order.goods_minor + order.shipping_minor + order.tax_minor
    assert payment_of(order).intent.amount.minor == order.total_minor


def test_an_empty_basket_has_no_checkout(buyer: Buyer) -> None:
    answer = buyer.client.get(buyer.url("checkout/"))
    assert answer["Location"] == "/en-jp/basket/"


def test_a_signed_in_fan_gets_the_order_on_the_account(buyer: Buyer) -> None:
    person_id = games.ensure_person(email="fan@example.org", name="Fan", password=None)
    buyer.client.force_login(get_user_model().objects.get(pk=person_id))
    buyer.add()
    page = buyer.client.get(buyer.url("checkout/")).context["view"]
    assert page.signed_in_email == "fan@example.org"
    assert buyer.order().person_id == person_id


def test_an_order_page_opens_by_its_link_only(buyer: Buyer) -> None:
    buyer.add()
    order = buyer.order()
    path = orders.order_path_of(order.id, buyer.place, now=clock.now())
    assert Client().get(path).status_code == 200
    for forged in (path[:-4] + "/", f"/en-jp/order/{order.id}/", "/en-jp/order/x/"):
        answer = Client().get(forged)
        assert answer.status_code == 404
        assert answer.context["view"].kind == "forged"
    old = orders.order_path_of(order.id, buyer.place, now=clock.now() - timedelta(days=366))
    answer = Client().get(old)
    assert (answer.status_code, answer.context["view"].kind) == (410, "expired")


def test_a_token_for_one_thing_opens_no_other(buyer: Buyer) -> None:
    buyer.add()
    quote = buyer.quote()
    basket = buyer.client.cookies["kotinos_basket"].value
    for token in (quote, basket):
        assert Client().get(f"/en-jp/order/{token}/").status_code == 404


def test_declined_can_be_tried_again_from_the_order_page(buyer: Buyer) -> None:
    buyer.add()
    order = buyer.order()
    buyer.pay(order, "decline")
    page = buyer.order_page(order).context["view"]
    assert page.status is orders.OrderStatus.AWAITING_PAYMENT
    assert "declined" in page.explanation
    again = buyer.client.post(page.pay_url)
    assert "/sandbox/pay/" in again["Location"]
    buyer.client.post(again["Location"], {"choice": "approve"})
    assert payment_of(order).status is PaymentStatus.CAPTURED
    assert "confirmed" in state_names(order.id)


@pytest.mark.parametrize("territory", sorted(ADDRESSES))
def test_every_example_address_is_taken(buyer: Buyer, territory: str) -> None:
    buyer.place = type(buyer.place)("fr", territory)
    if territory == "US":
        grant("SHOP", "US", clock.now())
    buyer.add("pin")
    order = buyer.order()
    lines = buyer.order_page(order).context["view"].address_lines
    assert lines[-1] == games.territory_name(territory, "fr")
