"""Many buyers, few units, the hot path on two processes: nobody too many, nobody too few."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db.models import Sum

from bench.chaos_buyer import Buyer
from kotinos.kernel import clock
from kotinos.orders.tests.buyer import state_names
from kotinos.stock import api as stock
from kotinos.stock.models import Hold, Movement
from tests.races.drop_stage import (
    Act,
    Stage,
    at_once,
    let_time_pass,
    open_holds,
    orders_of,
    staged,
    units_confirmed,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from bench.chaos_buyer import Answer

pytestmark = pytest.mark.django_db
ACTS = (
    Act("hundred", 100),
    Act("fifty", 50),
    Act("once", 50),
    Act("limited", 500, limit=3),
    Act("returned", 9, limit=3),
)
HANDS = 64
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def stage(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    del django_db_setup
    with (
        django_db_blocker.unblock(),
        staged(tmp_path_factory.mktemp("stage"), ACTS, sites=2) as made,
    ):
        yield made


def _buy(stage: Stage, buyer: Buyer, at: int, *, pays: bool = True) -> Answer:
    answer = buyer.order(stage.wire(at))
    if answer.is_good and pays:
        assert buyer.pay(stage.wire(at + 1)).is_good
    return answer


def _assert_rightly_refused(answers: list[Answer]) -> None:
    """While nothing comes back: once anybody was refused, nothing is free for who asks later."""
    refused = [answer for answer in answers if not answer.is_good]
    assert {(answer.status, answer.code) for answer in refused} == {(409, "sold-out")}
    assert {answer.body["units_free"] for answer in refused} == {0}
    first = min(answer.heard_s for answer in refused)
    late = [answer for answer in answers if answer.is_good and answer.asked_s > first]
    assert late == []


def test_units_that_were_not_paid_for_are_sold_again_and_none_is_left(stage: Stage) -> None:
    offer, unpaid = stage.offers["hundred"], set(range(0, 500, 5))
    buyers = [Buyer(offer) for _ in range(500)]
    began = time.monotonic()
    answers = at_once(
        lambda at: _buy(stage, buyers[at], at, pays=at not in unpaid), range(500), hands=HANDS
    )
    print(f"500 buyers for 100 units: {time.monotonic() - began:.1f} s")
    assert sum(answer.is_good for answer in answers) == 100
    _assert_rightly_refused(answers)
    back = open_holds(offer)
    assert units_confirmed(offer) + back == 100
    assert back > 0

    sold = threading.Event()

    def come_again(at: int) -> None:
        wish, patience_s = buyers[at].again(), time.monotonic() + PATIENCE_SECONDS
        while not sold.is_set() and time.monotonic() < patience_s:
            answer = _buy(stage, wish, at)
            if answer.is_good:
                return
            assert (answer.status, answer.code) == (409, "sold-out"), answer
            time.sleep(0.1)

    refused = [at for at in range(500) if not answers[at].is_good]
    with ThreadPoolExecutor(16) as pool:
        coming = [pool.submit(come_again, at) for at in refused]
        assert let_time_pass(offer, clock.now()) == back
        until(lambda: units_confirmed(offer) == 100, seconds_max=PATIENCE_SECONDS)
        sold.set()
        for one in coming:
            one.result()
    assert (units_confirmed(offer), open_holds(offer)) == (100, 0)
    assert stock.ledger_gap() == 0


def test_two_thousand_over_eight_connections_get_fifty_units(stage: Stage) -> None:
    offer = stage.offers["fifty"]
    buyers = [Buyer(offer) for _ in range(2_000)]
    began = time.monotonic()
    answers = at_once(lambda at: _buy(stage, buyers[at], at), range(2_000), hands=8)
    print(f"2,000 buyers for 50 units: {time.monotonic() - began:.1f} s")
    assert Counter(answer.status for answer in answers) == {201: 50, 409: 1_950}
    _assert_rightly_refused(answers)
    assert units_confirmed(offer) == len(orders_of(offer)) == 50
    assert stock.available([offer.variant_id]) == {offer.variant_id: 0}
    assert stock.ledger_gap() == 0


@pytest.mark.parametrize("turn", range(5))
def test_one_key_sent_by_many_hands_to_two_processes_has_one_outcome(
    stage: Stage, turn: int
) -> None:
    offer, key, identity = stage.offers["once"], uuid4(), uuid4().hex
    before = len(orders_of(offer))
    buyers = [Buyer(offer, identity, key=key, is_first=at % 2 == turn % 2) for at in range(32)]
    answers = at_once(lambda at: buyers[at].order(stage.wire(at)), range(32), hands=32)
    assert Counter(answer.status for answer in answers) == {201: 1, 200: 31}
    for name in ("number", "total_minor", "hold_until"):
        assert len({answer.body[name] for answer in answers}) == 1
    assert len(orders_of(offer)) == before + 1
    order_id = buyers[0].order_id
    assert Hold.objects.filter(key=order_id).count() == 1
    notice = buyers[0].notice()
    paid = at_once(lambda at: buyers[0].pay(stage.wire(at), notice), range(32), hands=32)
    assert Counter(answer.body["again"] for answer in paid) == {False: 1, True: 31}
    assert sorted(state_names(order_id)) == ["confirmed", "paid"]
    assert Movement.objects.filter(key=order_id, kind="taken").count() == 1
    late = buyers[0].order(stage.wire())
    assert (late.status, late.body["number"]) == (200, answers[0].body["number"])
    assert stock.ledger_gap() == 0


def test_a_key_of_somebody_else_never_meets_their_order(stage: Stage) -> None:
    offer, key = stage.offers["once"], uuid4()
    answers = [Buyer(offer, key=key).order(stage.wire(at)) for at in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert len({answer.body["number"] for answer in answers}) == 2


def test_many_keys_on_two_processes_never_pass_a_buyers_limit(stage: Stage) -> None:
    offer, fans = stage.offers["limited"], [uuid4().hex for _ in range(12)]
    wishes = [
        Buyer(offer, fan, units=1 + at % 2, is_first=at % 3 == 0)
        for at in range(12)
        for fan in fans
    ]
    answers = at_once(lambda at: wishes[at].order(stage.wire(at)), range(len(wishes)), hands=48)
    refused = {(answer.status, answer.code) for answer in answers if not answer.is_good}
    assert refused == {(409, "limit")}
    holds = Hold.objects.filter(variant_id=offer.variant_id)
    per_buyer = dict(holds.values_list("holder").annotate(units=Sum("units")))
    assert len(per_buyer) == len(fans)
    assert set(per_buyer.values()) <= {2, 3}
    placed = [wish.units for wish, one in zip(wishes, answers, strict=True) if one.is_good]
    assert sum(placed) == sum(per_buyer.values())
    assert len(orders_of(offer)) == len(placed)
    assert stock.ledger_gap() == 0


def test_what_an_unpaid_hold_gives_back_its_buyer_may_have_again(stage: Stage) -> None:
    offer, fan = stage.offers["returned"], Buyer(stage.offers["returned"], units=3)
    assert fan.hold(stage.wire()).is_good
    assert fan.again().hold(stage.wire(1)).code == "limit"
    let_time_pass(offer, clock.now(), key=fan.order_id)
    until(lambda: fan.again().hold(stage.wire(1)).is_good, seconds_max=PATIENCE_SECONDS)
    assert fan.order(stage.wire()).code == "hold-over"
