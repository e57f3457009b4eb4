"""What the public sees of drops."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kotinos.drops.tests.stage import staged
from kotinos.kernel import clock

if TYPE_CHECKING:
    from django.test import Client

    from kotinos.drops.tests.world import World

FRESH_SECONDS_MAX = 30


def _seconds_kept(client: Client, path: str) -> int:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert not answer.cookies, path
    found = re.fullmatch(r"public, max-age=0, s-maxage=(\d+)", answer["Cache-Control"])
    assert found is not None, answer["Cache-Control"]
    return int(found[1])


@pytest.mark.parametrize("path", ["drops/", "drops/gold/", "drops/gold/line/"])
def test_any_cache_may_keep_a_page_but_not_past_the_opening(
    world: World, client: Client, path: str
) -> None:
    left = timedelta(seconds=20) + (clock.now() - world.now)
    staged(world, "jersey", opens_in=left)
    assert 1 <= _seconds_kept(client, f"/en-ke/{path}") <= 20


def test_a_page_of_a_later_drop_is_kept_half_a_minute(world: World, client: Client) -> None:
    staged(world, "jersey", opens_in=timedelta(days=3))
    assert _seconds_kept(client, "/en-ke/drops/gold/") == FRESH_SECONDS_MAX


def test_the_page_names_the_price_the_limit_and_the_draw(world: World, client: Client) -> None:
    staged(world, "jersey", opens_in=timedelta(days=1), units_per_buyer=2)
    page = client.get("/fr-ke/drops/gold/").content.decode()
    for text in ("Or", "20,00", "jusqu’à 2 pièces", "/fr-ke/draw/gold/", "/fr-ke/drops/gold/line/"):
        assert text in page, text


def test_where_rights_refuse_the_page_says_why_and_leads_to_no_line(
    world: World, client: Client
) -> None:
    staged(world, "jersey", opens_in=timedelta(days=1))
    view = client.get("/en-us/drops/gold/").context["view"]
    assert view.refusal is not None
    assert view.refusal.sentence
    assert [one.code for one in view.refusal.sold_in] == ["FR", "JP", "KE"]
    assert "drops/gold/line/" not in client.get("/en-us/drops/gold/").content.decode()


def test_where_the_seller_did_not_open_it_the_page_says_so(world: World, client: Client) -> None:
    staged(world, "jersey", territory_mask=b"\x02" + bytes(31))  # Japan alone
    view = client.get("/en-ke/drops/gold/").context["view"]
    assert [one.code for one in view.refusal.sold_in] == ["JP"]
    assert client.get("/en-jp/drops/gold/").context["view"].refusal is None


@pytest.mark.parametrize("states", [(), ("published", "withdrawn")])
def test_what_is_not_announced_is_in_no_list(
    world: World, client: Client, states: tuple[str, ...]
) -> None:
    staged(world, "jersey", states=states)
    assert "gold" not in client.get("/en-ke/drops/").content.decode()
    status = client.get("/en-ke/drops/gold/").status_code
    assert status == (200 if states else 404)


def test_a_rehearsal_has_no_page(world: World, client: Client) -> None:
    real = staged(world, "jersey", states=())
    staged(world, "jersey", slug="again", rehearsal_of_id=real.id)
    assert client.get("/en-ke/drops/again/").status_code == 404
    assert client.get("/en-ke/drops/again/line/").status_code == 404


def test_the_front_page_shows_the_drop_that_ships_here(world: World, client: Client) -> None:
    staged(world, "jersey", opens_in=timedelta(days=1))
    assert client.get("/en-ke/").context["drop"].slug == "gold"
    assert client.get("/en-us/").context["drop"] is None


def test_a_product_kept_for_a_drop_leads_there(world: World, client: Client) -> None:
    staged(world, "jersey")
    page = client.get("/en-ke/products/jersey/").content.decode()
    assert "/en-ke/drops/gold/" in page
    assert "data-add" not in page
    assert "data-add" in client.get("/en-ke/products/pin/").content.decode()
