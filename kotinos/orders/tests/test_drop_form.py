"""The order form of a drop, as a browser without JavaScript sends it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client

from kotinos.drops import api as drops
from kotinos.kernel import clock, tokens
from kotinos.orders import api as orders
from kotinos.orders.models import Order
from kotinos.orders.tests.buyer import ADDRESSES
from kotinos.stock import api as stock
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from kotinos.drops.contracts import DropView
    from kotinos.orders.tests.world import World

BUY = "/en-jp/drops/gold/buy/"
FILLED = ADDRESSES["JP"] | {"email": "fan@example.org"}


@pytest.fixture
def drop(world: World) -> DropView:
    """Five scarves, two for each buyer, on sale since a moment ago."""
    del world
    now = clock.now()
    terms = drops.DropTerms(
        slug="gold",
        names={"en": "Gold"},
        seller="SHOP",
        products=("scarf",),
        opens_at=now - timedelta(seconds=1),
        closes_at=now + timedelta(hours=1),
        units_per_buyer=2,
    )
    scheduled = drops.schedule_drop(terms=terms, now=now)
    assert isinstance(scheduled, drops.Scheduled), scheduled
    published = drops.publish(drop_id=scheduled.drop.id, now=now)
    assert isinstance(published, drops.Changed), published
    orders.fix_quotes(drop_id=scheduled.drop.id, now=now)
    return published.drop


def _let_in(drop: DropView) -> Client:
    """A browser that carries an admission, as the room writes it."""
    client = Client()
    client.cookies[waitingroom.pass_cookie(drop.room_id)] = tokens.sign(
        purpose="waitingroom.admission",
        payload={"room": drop.room_id.hex, "who": uuid4().hex},
        expires_at=clock.now() + timedelta(minutes=10),
    )
    return client


def _form(client: Client, **changes: str) -> dict[str, str]:
    page = client.get(BUY).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    variant = re.search(r'name="variant" value="([^"]+)"[^>]* checked', page)
    assert key is not None, page
    assert variant is not None, page
    return FILLED | {"key": key[1], "variant": variant[1], "units": "1"} | changes


def _problem(answer: Any) -> str:
    assert answer.status_code in {409, 422}, answer.status_code
    found: str = answer.context["view"].problem
    return found


def test_who_was_not_let_in_is_led_to_the_line(drop: DropView) -> None:
    stranger = Client()
    for answer in (stranger.get(BUY), stranger.post(BUY, FILLED)):
        assert (answer.status_code, answer["Location"]) == (303, "/en-jp/drops/gold/line/")
    other = tokens.sign(
        purpose="waitingroom.admission",
        payload={"room": uuid4().hex, "who": "x"},
        expires_at=clock.now() + timedelta(minutes=10),
    )
    stranger.cookies[waitingroom.pass_cookie(drop.room_id)] = other
    assert stranger.get(BUY).status_code == 303


def test_the_form_shows_what_the_order_then_costs(drop: DropView) -> None:
    client = _let_in(drop)
    view = client.get(BUY).context["view"]
    one, two = view.groups[0].choices[0].totals
    assert one.goods.money.minor == 3000
    assert two.goods.money.minor == 6000
    answer = client.post(BUY, _form(client, units="2"))
    assert answer.status_code == 303
    assert "/sandbox/pay/" in answer["Location"]
    order = Order.objects.latest("placed_at")
    assert order.total_minor == two.total.money.minor
    assert order.email == "fan@example.org"


def test_a_form_sent_twice_places_one_order(drop: DropView) -> None:
    client = _let_in(drop)
    form = _form(client)
    first, second = client.post(BUY, form), client.post(BUY, form)
    assert first.status_code == second.status_code == 303
    assert Order.objects.count() == 1


def test_wrong_fields_are_said_beside_them_and_nothing_is_held(
    drop: DropView, world: World
) -> None:
    client = _let_in(drop)
    answer = client.post(BUY, _form(client, postal_code="x", email="nobody"))
    assert answer.status_code == 422
    assert {name for name, _ in answer.context["view"].errors} == {"email", "postal_code"}
    assert 'value="nobody"' in answer.content.decode()
    assert _free(world) == 5


def test_the_limit_is_for_all_orders_of_a_buyer_together(drop: DropView) -> None:
    client = _let_in(drop)
    assert client.post(BUY, _form(client, units="2")).status_code == 303
    answer = client.post(BUY, _form(client))
    assert _problem(answer) == "limit"
    assert answer.context["view"].fields[1].value == FILLED["name"]


def test_the_last_pieces_go_once_and_the_rest_is_told(drop: DropView, world: World) -> None:
    for units in ("2", "2"):
        client = _let_in(drop)
        assert client.post(BUY, _form(client, units=units)).status_code == 303
    late, later = _let_in(drop), _let_in(drop)
    form = _form(later)
    assert _problem(late.post(BUY, _form(late, units="2"))) == "short"
    assert late.post(BUY, _form(late)).status_code == 303
    assert _problem(later.post(BUY, form)) == "sold-out"
    assert later.get(BUY).context["view"].problem == "sold-out"
    assert _free(world) == 0


def test_where_it_is_not_sold_the_drops_page_explains(drop: DropView) -> None:
    answer = _let_in(drop).get("/en-us/drops/gold/buy/")
    assert (answer.status_code, answer["Location"]) == (303, "/en-us/drops/gold/")


@pytest.mark.parametrize(
    "changes",
    [{"key": "x"}, {"variant": "x"}, {"variant": "0caade1c-1d0e-487f-b054-98c83111e303"}],
)
def test_nonsense_orders_nothing(drop: DropView, changes: dict[str, str]) -> None:
    client = _let_in(drop)
    assert _problem(client.post(BUY, _form(client, **changes))) == "unknown"
    assert not Order.objects.exists()


def _free(world: World) -> int:
    variant = world.variants["scarf"]
    return stock.available_by_owner({variant})[variant, world.sellers["SHOP"]]
