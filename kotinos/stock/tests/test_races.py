"""The promises about units, with many buyers at the same moment."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import connections

from kotinos.stock import api as stock
from kotinos.stock.tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Shelve = Callable[..., tuple[UUID, UUID]]

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16


def _race(buy: Callable[[int], object], buyers: int) -> list[object]:
    def one(number: int) -> object:
        try:
            return buy(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(buyers)))


def _count(outcomes: Iterable[object], kind: type) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


def _buy(variant: UUID, key: UUID | None = None) -> object:
    key = key or uuid4()
    outcome = stock.hold(key=key, lines=[(variant, None, 1)], seconds=60, now=NOW)
    if isinstance(outcome, stock.Held):
        return stock.take(key=key, now=NOW)
    return outcome


def test_five_hundred_buyers_get_exactly_the_hundred_units(shelve: Shelve) -> None:
    variant, _ = shelve(100)
    outcomes = _race(lambda _: _buy(variant), 500)
    assert _count(outcomes, stock.Taken) == 100
    assert _count(outcomes, stock.SoldOut) == 400
    assert stock.available([variant]) == {variant: 0}
    assert stock.ledger_gap() == 0


def test_competitors_who_fail_to_pay_do_not_keep_units_from_others(shelve: Shelve) -> None:
    variant, _ = shelve(9)
    for _ in range(9):
        stock.hold(key=uuid4(), lines=[(variant, None, 1)], seconds=1, now=NOW)
    later = NOW + timedelta(seconds=2)

    def buy(number: int) -> object:
        key = uuid4()
        outcome = stock.hold(key=key, lines=[(variant, None, 1)], seconds=60, now=later)
        if isinstance(outcome, stock.Held) and number % 2:
            stock.release(key=key, now=later)
            return None
        return stock.take(key=key, now=later) if isinstance(outcome, stock.Held) else outcome

    sold = 0
    for _ in range(4):
        sold += _count(_race(buy, 40), stock.Taken)
    assert sold == 9
    assert stock.ledger_gap() == 0


def test_one_key_pressed_twenty_times_takes_once(shelve: Shelve) -> None:
    variant, _ = shelve(10)
    key = uuid4()
    outcomes = _race(lambda _: _buy(variant, key), 20)
    assert stock.available([variant]) == {variant: 9}
    assert _count(outcomes, stock.Taken) + _count(outcomes, stock.HoldOver) == 20
    assert stock.ledger_gap() == 0


def test_baskets_in_any_order_never_wait_in_a_circle(shelve: Shelve) -> None:
    variants = [shelve(50)[0] for _ in range(4)]

    def buy(number: int) -> object:
        order = random.Random(number).sample(variants, 3)
        key = uuid4()
        outcome = stock.hold(key=key, lines=[(v, None, 1) for v in order], seconds=60, now=NOW)
        if number % 3 == 0:
            stock.release(key=key, now=NOW)
        elif number % 3 == 1:
            stock.expire(now=NOW + timedelta(minutes=5))
        else:
            stock.take(key=key, now=NOW)
        return outcome

    outcomes = _race(buy, 120)
    assert _count(outcomes, stock.Held) + _count(outcomes, stock.SoldOut) == 120
    assert stock.ledger_gap() == 0


def test_taking_and_expiring_the_same_hold_has_one_winner(shelve: Shelve) -> None:
    variant, _ = shelve(40)
    keys = [uuid4() for _ in range(40)]
    for key in keys:
        stock.hold(key=key, lines=[(variant, None, 1)], seconds=1, now=NOW)
    later = NOW + timedelta(seconds=5)

    def act(number: int) -> object:
        if number % 4 == 0:
            return stock.expire(now=later)
        return stock.take(key=keys[number % 40], now=later)

    outcomes = _race(act, 160)
    taken = sum(isinstance(o, stock.Taken) and not o.again for o in outcomes)
    assert stock.available([variant]) == {variant: 40 - taken}
    assert stock.ledger_gap() == 0
