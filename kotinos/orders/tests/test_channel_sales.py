"""What the channel sold stands in the office by video and moment, for those whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from kotinos.channel import api as channel
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from kotinos.orders.tests.buyer import Buyer
    from kotinos.orders.tests.world import World

SALES = "/office/sales/"


@pytest.fixture
def sold(world: World, buyer: Buyer) -> None:
    """RIVAL's film showed two of SHOP's scarves at 1:05, and somebody bought them."""
    channel.put_programme(
        code="final",
        kind="event",
        titles={"en": "The final"},
        organisation_id=world.sellers["RIVAL"],
        properties=["GAMES"],
        now=clock.now(),
    )
    buyer.client.post(
        buyer.url("basket/add"),
        {
            "variant": str(world.variants["scarf"]),
            "seller": str(world.sellers["SHOP"]),
            "units": "2",
            "via": f"channel:final:{new_id()}:65000",
        },
    )
    buyer.pay(buyer.order())


def page(organisation: str, role: str) -> Any:
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
    return client.get(SALES)


@pytest.mark.usefixtures("sold")
def test_an_editor_sees_how_much_a_video_sold_and_a_seller_for_how_much() -> None:
    (film,) = page("RIVAL", "catalogue").context["videos"]
    assert (film.title, film.units, film.money) == ("The final", 2, [])
    assert [(moment.at, moment.units, moment.percent) for moment in film.moments] == [
        ("1:05", 2, 100)
    ]
    answer = page("SHOP", "orders")
    (film,) = answer.context["videos"]
    assert (film.title, film.units, film.is_mine) == ("final", 2, False)
    assert len(film.money) == 1
    assert film.money[0] in answer.content.decode()


@pytest.mark.usefixtures("sold")
def test_whom_it_does_not_concern_sees_nothing_of_it(world: World) -> None:
    del world
    assert page("IOC", "viewer").context["videos"] == []
    assert page("IOC", "rights-manager").status_code == 404


def test_nothing_sold_is_said(world: World) -> None:
    del world
    assert "Nothing was bought from the player yet" in page("SHOP", "orders").content.decode()
