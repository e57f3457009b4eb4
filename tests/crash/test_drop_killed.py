"""A drop whose application or database is killed in its middle: what was said stays true.

The long form, with many kills at random instants and both at once, is `bin/bench drops-chaos`.
"""

from __future__ import annotations

import random
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from bench.chaos_buyer import Buyer, Wire
from bench.chaos_crowd import Crowd, Told, wait_for
from bench.chaos_parts import App, free_ports, troubles
from bench.chaos_truth import Finding, Truth, Watch
from kotinos.kernel import clock
from kotinos.orders import api as orders
from kotinos.orders.tests.world import build_world
from kotinos.stock.models import Hold
from tests.races.drop_stage import Act, let_time_pass, make_drops
from tests.races.site import child_environment, database_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.chaos_parts import Database
    from bench.drop_world import HotOffer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
UNITS = 400
HANDS = 8
PATIENCE_SECONDS = 60.0
SELLING = timedelta(milliseconds=300)


@dataclass
class Sale:
    """A drop, its server, and somebody who looks past it into the database."""

    offer: HotOffer
    app: App
    truth: Truth
    watch: Watch

    def crowd(self, *, seed: int) -> Crowd:
        return Crowd(self.offer, [self.app.port], hands=HANDS, seed=seed)

    def start(self) -> None:
        self.app.start()
        self.app.wait()
        self.watch.is_up(clock.now())

    def assert_all_is_well(self, told: Told) -> Finding:
        found = self.truth.read(told)
        assert found.lost == 0, found.lost_words
        wrong = (found.oversold, found.homeless, found.over_limit, found.ledger_gap)
        assert wrong == (0, 0, 0, 0), found
        return found


@contextmanager
def _sale(folder: Path) -> Iterator[Sale]:
    world = build_world(folder)
    offer = make_drops(world, folder, [Act("scarce", UNITS)])["scarce"]
    (port,) = free_ports(1)
    app = App(port, folder / "server.log", child_environment())
    sale = Sale(offer, app, Truth(database_url(), offer), Watch(database_url()))
    with ExitStack() as stack:
        stack.callback(app.kill)
        stack.callback(sale.watch.stop)
        sale.start()
        sale.watch.start()
        yield sale


def _sell_until_some_are_gone(crowd: Crowd, sale: Sale) -> None:
    """A random instant in the middle of the sale."""
    crowd.start()
    wait_for(lambda: len(crowd.told.paid) > 30, seconds_max=PATIENCE_SECONDS, what="orders")
    time.sleep(random.uniform(0, SELLING.total_seconds()))
    assert sale.truth.read(Told()).confirmed < UNITS


def _assert_the_rest_is_sold(sale: Sale, crowd: Crowd) -> None:
    """No hold outlives its time by more than a second, and everything is sold in the end."""
    crowd.stop()
    told = crowd.told
    sale.assert_all_is_well(told.snapshot())
    let_time_pass(sale.offer, clock.now())
    wait_for(lambda: sale.truth.read(Told()).held == 0, seconds_max=5.0, what="holds end")
    assert sale.watch.late == {}
    for order_id in sale.truth.captured_in_vain():
        orders.resolve(order_id=order_id, now=clock.now())
    serious = Crowd(sale.offer, [sale.app.port], hands=HANDS, seed=1)
    serious.all_pay()
    serious.start()

    def is_sold_out() -> bool:
        found = sale.truth.read(Told())
        return (found.confirmed, found.held) == (UNITS, 0)

    try:
        wait_for(is_sold_out, seconds_max=PATIENCE_SECONDS, what="sold out")
    finally:
        serious.stop()
    sale.assert_all_is_well(told.snapshot())
    assert sale.assert_all_is_well(serious.told.snapshot()).confirmed == UNITS
    assert (told.faults, serious.told.faults) == ({}, {})
    assert troubles(sale.app.log) == []


def test_a_server_killed_in_mid_drop_keeps_every_word_it_gave(tmp_path: Path) -> None:
    with _sale(tmp_path) as sale:
        crowd = sale.crowd(seed=random.randrange(2**32))
        _sell_until_some_are_gone(crowd, sale)
        sale.watch.is_down()
        sale.app.kill()
        sale.assert_all_is_well(crowd.told.snapshot())
        sale.start()
        _assert_the_rest_is_sold(sale, crowd)


def test_a_server_goes_on_when_its_database_was_killed_in_mid_drop(
    tmp_path: Path, database: Database
) -> None:
    with _sale(tmp_path) as sale:
        crowd = sale.crowd(seed=random.randrange(2**32))
        _sell_until_some_are_gone(crowd, sale)
        sale.watch.is_down()
        database.kill()
        time.sleep(random.uniform(0, SELLING.total_seconds()))
        database.restart()
        connection.close()
        sale.app.wait()  # the same process as before
        sale.watch.is_up(clock.now())
        sale.assert_all_is_well(crowd.told.snapshot())
        _assert_the_rest_is_sold(sale, crowd)


def test_what_looks_for_damage_would_see_it(tmp_path: Path) -> None:
    with _sale(tmp_path) as sale:
        buyer, told = Buyer(sale.offer), Told()
        wire = Wire(sale.app.port)
        assert buyer.order(wire).is_good
        wire.close()
        told.orders = {buyer.order_id: ("K-AAAA-AAAA", 1), uuid4(): ("K-BBBB-BBBB", 1)}
        told.paid = told.in_time = {buyer.order_id}
        assert sale.truth.read(told).lost == 4
        sale.app.kill()
        Hold.objects.filter(variant_id=sale.offer.variant_id).update(expires_at=clock.now())
        wait_for(lambda: len(sale.watch.late) == 1, seconds_max=10, what="a late hold is seen")
        with psycopg.connect(sale.truth.url) as conn:
            conn.execute("UPDATE stock_level SET held = 0")
            conn.execute("UPDATE stock_movement SET units = 0")
        found = sale.truth.read(Told())
        assert (found.oversold, found.ledger_gap > 0) == (1, True)
