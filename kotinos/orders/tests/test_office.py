"""The shop's side of the back office: a seller's people, their orders, products and stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from kotinos.games import api as games
from kotinos.kernel import changelog, clock
from kotinos.orders.tests.buyer import state_names

if TYPE_CHECKING:
    from kotinos.orders.models import Order
    from kotinos.orders.tests.buyer import Buyer
    from kotinos.orders.tests.world import World


def _at_work(organisation: str, role: str) -> Client:
    email = f"{role}@{organisation.lower()}.example"
    person_id = games.ensure_person(email=email, name="", password=None)
    found = games.organisation(organisation)
    assert found is not None
    games.give_role(
        person_id=person_id,
        organisation_id=found.id,
        role=games.RoleName(role),
        actor=None,
        now=clock.now(),
    )
    client = Client()
    person: Any = get_user_model()._default_manager.get(pk=person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def order(buyer: Buyer) -> Order:
    """A scarf of SHOP, paid."""
    buyer.add()
    placed = buyer.order()
    buyer.pay(placed)
    assert "confirmed" in state_names(placed.id)
    return placed


def test_a_seller_sees_its_parcels_and_marks_them_as_shipped(order: Order) -> None:
    person = _at_work("SHOP", "orders")
    assert order.number in person.get(reverse("office:orders")).content.decode()
    shipment = order.shipments.get()
    address = reverse("office:dispatch", args=[shipment.id])
    assert person.post(address, {"carrier": "Post", "tracking": "RR1"}).status_code == 302
    assert shipment.dispatch.carrier == "Post"
    (line,) = changelog.history(subject_kind="shipment", subject=str(shipment.id))
    assert line.actor_id == shipment.dispatch.by_id is not None


def test_another_sellers_orders_are_not_there(order: Order) -> None:
    person = _at_work("RIVAL", "orders")
    assert order.number not in person.get(reverse("office:orders") + "?show=all").content.decode()
    shipment = order.shipments.get()
    dispatch = reverse("office:dispatch", args=[shipment.id])
    assert person.post(dispatch, {"carrier": "Post"}).status_code == 404
    refund = reverse("office:refund", args=[order.id])
    assert person.get(refund).status_code == 404
    assert person.post(refund, {"confirm": order.number, "reason": "no"}).status_code == 404
    assert person.get(reverse("admin:orders_order_change", args=[order.id])).status_code == 404
    assert "refunding" not in state_names(order.id)


@pytest.mark.parametrize("role", ["rights-manager", "catalogue", "viewer"])
def test_a_buyers_address_is_only_for_those_who_ship(order: Order, role: str) -> None:
    person = _at_work("SHOP", role)
    assert person.get(reverse("office:orders")).status_code == 404
    answer = person.get(reverse("admin:orders_order_change", args=[order.id]))
    assert answer.status_code in {403, 404}
    assert order.email not in answer.content.decode()
    shipper = _at_work("SHOP", "orders")
    page = shipper.get(reverse("admin:orders_order_change", args=[order.id]))
    assert order.email in page.content.decode()


def test_a_refund_asks_for_the_orders_number(order: Order) -> None:
    person, address = _at_work("SHOP", "orders"), reverse("office:refund", args=[order.id])
    assert person.post(address, {"confirm": "K-1", "reason": "torn"}).status_code == 422
    assert "refunding" not in state_names(order.id)
    given = {"confirm": order.number.lower(), "reason": "torn"}
    assert person.post(address, given).status_code == 302
    assert "refunded" in state_names(order.id)


def test_products_and_stock_are_shown_to_their_owner_only(world: World) -> None:
    owner, rival = _at_work("SHOP", "catalogue"), _at_work("RIVAL", "catalogue")
    for name in ("admin:catalog_product_changelist", "admin:catalog_variant_changelist"):
        assert "scarf" in owner.get(reverse(name)).content.decode()
        assert "scarf" not in rival.get(reverse(name)).content.decode()
    variant = reverse("admin:catalog_variant_change", args=[world.variants["scarf"]])
    assert owner.get(variant).status_code == 200
    assert rival.get(variant).status_code == 404


def test_an_open_product_says_where_it_may_be_sold(world: World) -> None:
    del world
    person = _at_work("SHOP", "catalogue")
    page = person.get(reverse("admin:catalog_product_changelist"), {"q": "scarf"})
    (row,) = page.context["cl"].result_list
    product = reverse("admin:catalog_product_change", args=[row.pk])
    assert "3 territories" in person.get(product).content.decode()


def test_why_finds_a_product_by_its_sku(world: World) -> None:
    del world
    query = {"work": "scarf", "territory": "US", "seller": "anybody", "act": "sell"}
    page = _at_work("SHOP", "viewer").get(
        reverse("rights_office:why"), query | {"outlet": "own-shop"}
    )
    assert page.context["work_title"] == "Scarf"
    assert not page.context["is_cleared"]


def test_payments_are_for_operators(order: Order) -> None:
    del order
    listed = reverse("admin:payments_intent_changelist")
    assert _at_work("SHOP", "orders").get(listed).status_code == 403
    assert _at_work("IOC", "operator").get(listed).status_code == 200
