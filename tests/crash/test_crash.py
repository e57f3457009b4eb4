"""The application killed between payment and confirmation: confirmed or given back."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from kotinos.kernel import clock
from kotinos.orders import api as orders
from kotinos.orders.models import Order, State
from kotinos.orders.tests.buyer import ADDRESSES, Buyer, payment_of, state_names
from kotinos.orders.tests.world import build_world
from kotinos.payments.contracts import PaymentStatus
from kotinos.payments.models import SandboxEntry
from kotinos.stock import api as stock
from tests.crash.steps import POINTS
from tests.races.site import ROOT, Browser, Fan, Site, child_environment, start_site

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from kotinos.orders.tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
SCARVES = 200
SELL_SECONDS_MAX = 60
LATE = timedelta(seconds=orders.HOLD_SECONDS + 61)
ENDS_WITH_MONEY = ({"paid", "confirmed"}, {"paid", "cancelled", "refunding", "refunded"})


def _assert_no_third_state(world: World) -> None:
    """Every order at its end, money only where goods are, counters equal to ledgers."""
    taken = 0
    for order in Order.objects.all():
        states = state_names(order.id)
        status = payment_of(order).status
        if SandboxEntry.objects.filter(intent_id=order.intent_id, kind="captured").exists():
            assert states in ENDS_WITH_MONEY, (order.number, states)
            expected = "confirmed" in states
            assert status is (PaymentStatus.CAPTURED if expected else PaymentStatus.REFUNDED)
            taken += expected
        else:
            assert (states, status) == ({"lapsed"}, PaymentStatus.CANCELLED), order.number
    variant = world.variants["scarf"]
    stock.expire(now=clock.now() + LATE)
    assert stock.available([variant])[variant] == SCARVES - taken
    assert stock.ledger_gap() == 0


def _settle() -> None:
    """What the job does after the restart, now and once the holds are over."""
    now = clock.now()
    orders.settle(now=now)
    orders.settle(now=now + LATE)


def test_a_process_that_dies_at_any_step_leaves_no_third_state(tmp_path: Path) -> None:
    world = build_world(tmp_path, scarves=SCARVES)
    buyer = Buyer(Client(), world)
    died: dict[str, UUID] = {}
    for point in POINTS:
        buyer.add()
        died[point] = buyer.order().id
        words = [sys.executable, "-m", "tests.crash.steps", point, str(died[point])]
        done = subprocess.run(words, cwd=ROOT, env=child_environment(), check=False)
        assert done.returncode == -signal.SIGKILL, point
    _settle()
    _assert_no_third_state(world)
    lapsed = {point for point, order_id in died.items() if state_names(order_id) == {"lapsed"}}
    assert lapsed == {"unpaid"}


def _shop(site: Site, world: World, placed: set[str], stop: threading.Event) -> None:
    """Buy again and again until the server is gone; remember every acknowledged order."""
    form = ADDRESSES["JP"] | {"email": "fan@example.org", "territory": "JP"}
    thing = str(world.variants["scarf"]), str(world.sellers["SHOP"])
    with suppress(OSError, HTTPException, AssertionError):
        while not stop.is_set():
            fan = Fan(Browser(site.port), *thing, form)
            fan.fill()
            answer = fan.submit()
            if answer.status == 303:
                placed.add(answer.location)
                fan.approve(answer.location)


def test_a_server_killed_in_mid_sale_leaves_no_third_state(tmp_path: Path) -> None:
    world = build_world(tmp_path, scarves=SCARVES)
    placed: set[str] = set()
    chance = random.Random()
    for _ in range(3):
        site, stop = start_site(workers=1), threading.Event()
        enough = len(placed) + chance.randint(3, 10)
        deadline = time.monotonic() + SELL_SECONDS_MAX
        with ThreadPoolExecutor(8) as pool:
            for _ in range(8):
                pool.submit(_shop, site, world, placed, stop)
            while len(placed) < enough and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.0, 0.3))
            site.kill()
            stop.set()
    assert Order.objects.count() >= len(placed) > 0
    _settle()
    _assert_no_third_state(world)
    print(f"{Order.objects.count()} orders, {_confirmed()} confirmed, 3 kills")


def _confirmed() -> int:
    return State.objects.filter(name="confirmed").count()


def test_settling_twice_changes_nothing(tmp_path: Path) -> None:
    world = build_world(tmp_path, scarves=SCARVES)
    buyer = Buyer(Client(), world)
    buyer.add()
    buyer.pay(buyer.order())
    before = _rows()
    _settle()
    assert _rows() == before


def _rows() -> list[tuple[UUID, str]]:
    return sorted(State.objects.values_list("order_id", "name"))
