"""Many buyers, few units, the ordinary checkout over HTTP: nobody too many, nobody too few."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from kotinos.orders.models import Order, State
from kotinos.orders.tests.buyer import ADDRESSES
from kotinos.orders.tests.world import build_world
from kotinos.stock import api as stock
from tests.races.site import Browser, Fan, running_site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.races.site import Page

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 32
# KOTINOS_RACE=full is the promise's own size; the short form has the same shape.
BUYERS, UNITS = (500, 100) if os.environ.get("KOTINOS_RACE") == "full" else (100, 20)


def _buy(fan: Fan) -> tuple[Page, Page | None]:
    answer = fan.submit()
    if answer.status == 303:
        return answer, fan.approve(answer.location)
    return answer, None


def test_every_unit_is_sold_once_and_nobody_is_wrongly_refused(tmp_path: Path) -> None:
    world = build_world(tmp_path, scarves=UNITS)
    variant, seller = world.variants["scarf"], world.sellers["SHOP"]
    form = ADDRESSES["JP"] | {"email": "fan@example.org", "territory": "JP"}
    with running_site(workers=2) as site, ThreadPoolExecutor(THREADS) as pool:
        fans = [Fan(Browser(site.port), str(variant), str(seller), form) for _ in range(BUYERS)]
        list(pool.map(Fan.fill, fans))
        began = time.monotonic()
        answers = list(pool.map(_buy, fans))
        print(f"{BUYERS} buyers for {UNITS} units: {time.monotonic() - began:.1f} s")
    placed = [page for page, _ in answers if page.status == 303]
    refused = [page for page, _ in answers if page.status != 303]
    assert len(placed) == UNITS, {page.status for page in refused}
    assert {page.status for page in refused} == {409}
    assert all("sold out" in page.text for page in refused)
    assert all(page.status == 302 for _, page in answers if page is not None)
    assert Order.objects.count() == UNITS
    assert State.objects.filter(name="confirmed").count() == UNITS
    assert stock.available([variant]) == {variant: 0}
    assert stock.ledger_gap() == 0


def test_one_form_submitted_by_many_hands_places_one_order(tmp_path: Path) -> None:
    world = build_world(tmp_path, scarves=50)
    form = ADDRESSES["JP"] | {"email": "fan@example.org", "territory": "JP"}
    with running_site(workers=2) as site, ThreadPoolExecutor(16) as pool:
        fan = Fan(
            Browser(site.port), str(world.variants["scarf"]), str(world.sellers["SHOP"]), form
        )
        fan.fill()
        answers = list(pool.map(lambda _: fan.submit(), range(32)))
    assert {answer.status for answer in answers} == {303}
    assert Order.objects.count() == 1
    assert stock.available([world.variants["scarf"]])[world.variants["scarf"]] == 49
    assert stock.ledger_gap() == 0
