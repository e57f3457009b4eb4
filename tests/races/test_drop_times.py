"""What comes at the wrong moment in a drop: a hold's end, a notice, a withdrawn right."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bench.chaos_buyer import Buyer
from kotinos.kernel import clock
from kotinos.orders import api as orders
from kotinos.orders.models import Order
from kotinos.orders.tests.buyer import state_names
from kotinos.payments.contracts import NoticeKind
from kotinos.rights import api as rights
from kotinos.stock import api as stock
from kotinos.stock.models import Movement
from tests.races.drop_stage import (
    Act,
    Stage,
    at_once,
    beside,
    let_time_pass,
    open_holds,
    orders_of,
    staged,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from pytest_django import DjangoDbBlocker

    from bench.chaos_buyer import Answer

pytestmark = pytest.mark.django_db
ACTS = (
    Act("timed", 1),
    Act("doubled", 30),
    Act("declined", 5),
    Act("late", 4),
    Act("mixed", 40),
    Act("suspended", 20_000, limit=20, seller="RIVAL"),
)
PATIENCE_SECONDS = 30.0
FREE_AGAIN_SECONDS_MAX = 1.0
# The buyer who finds it out asks every few milliseconds, and asking takes its own time.
ASKING_SECONDS = 0.1
CONFIRMED = {"paid", "confirmed"}
GIVEN_BACK = {"paid", "cancelled", "refunding", "refunded"}


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


# The promised second.


def _seconds_until_free(stage: Stage, at: int) -> float:
    """From the end of the only unit's hold until somebody else can have it, at some server."""
    offer = stage.offers["timed"]
    first = Buyer(offer)
    until(lambda: first.hold(stage.wire(at)).is_good, seconds_max=PATIENCE_SECONDS)
    ends_at = clock.now() + timedelta(seconds=0.3)
    assert let_time_pass(offer, ends_at) == 1
    second = Buyer(offer)
    while not second.hold(stage.wire(at + 1)).is_good:
        assert clock.now() < ends_at + timedelta(seconds=PATIENCE_SECONDS)
        second = second.again()
        time.sleep(0.01)
    seconds = (clock.now() - ends_at).total_seconds()
    assert seconds >= 0, "a unit was sold before its hold had ended"
    second.release(stage.wire())
    return seconds


def test_units_are_free_again_within_a_second_of_their_holds_end(stage: Stage) -> None:
    """From memory as well: the buyer asks the process that said "sold out", or the other one."""
    measured = [_seconds_until_free(stage, at) for at in range(4)]
    print("free again after", ", ".join(f"{seconds:.2f}" for seconds in measured), "s")
    if max(measured) > FREE_AGAIN_SECONDS_MAX + ASKING_SECONDS:
        # Once more: on a busy machine one process may wait its turn for longer than a tick.
        measured = [_seconds_until_free(stage, at) for at in range(4)]
    assert max(measured) <= FREE_AGAIN_SECONDS_MAX + ASKING_SECONDS


# Notices.


def test_a_notice_sent_twice_and_one_of_each_kind_too_late_confirm_once(stage: Stage) -> None:
    offer = stage.offers["doubled"]
    buyers = [Buyer(offer) for _ in range(10)]
    early = buyers[0].pay(stage.wire())
    assert (early.status, early.body["recorded"]) == (404, False)
    assert all(at_once(lambda one: one.order(stage.wire()).is_good, buyers, hands=8))

    def told_much(buyer: Buyer) -> list[Answer]:
        captured, other = buyer.notice(), buyer.notice("-other")
        declined = buyer.notice("-declined", kind=NoticeKind.DECLINED)
        words = [captured, declined, captured, other, captured, declined, other]
        return [buyer.pay(stage.wire(at), word) for at, word in enumerate(words)]

    answers = at_once(told_much, buyers, hands=8)
    assert {answer.status for one in answers for answer in one} == {200}
    for buyer in buyers:
        assert state_names(buyer.order_id) == CONFIRMED
        assert Movement.objects.filter(key=buyer.order_id, kind="taken").count() == 1
    assert stock.available([offer.variant_id]) == {offer.variant_id: 30 - len(buyers)}
    assert stock.ledger_gap() == 0


def test_a_decline_before_the_capture_does_not_stop_it(stage: Stage) -> None:
    buyer = Buyer(stage.offers["declined"])
    buyer.order(stage.wire())
    declined = buyer.notice("-declined", kind=NoticeKind.DECLINED)
    assert buyer.pay(stage.wire(1), declined).is_good
    assert state_names(buyer.order_id) == set()
    assert buyer.pay(stage.wire(), buyer.notice()).is_good
    assert state_names(buyer.order_id) == CONFIRMED


def _lapsed(stage: Stage, buyers: list[Buyer]) -> None:
    """Orders of these buyers whose holds are over and whose units are back."""
    offer = buyers[0].offer
    assert all(answer.is_good for answer in (one.order(stage.wire()) for one in buyers))
    let_time_pass(offer, clock.now(), key__in=[one.order_id for one in buyers])
    until(lambda: open_holds(offer) == 0, seconds_max=PATIENCE_SECONDS)


def test_a_payment_for_an_order_that_lapsed_gets_units_again_or_its_money_back(
    stage: Stage,
) -> None:
    offer = stage.offers["late"]
    lucky, late = Buyer(offer), [Buyer(offer) for _ in range(3)]
    _lapsed(stage, [lucky, *late])
    others = [Buyer(offer, is_first=False) for _ in range(3)]
    assert all(one.order(stage.wire()).is_good for one in others)
    for buyer in (lucky, *late, *others):
        assert buyer.pay(stage.wire(), buyer.notice()).is_good
    assert all(state_names(one.order_id) == CONFIRMED for one in others)
    assert state_names(lucky.order_id) == set()
    beside(lambda: orders.settle(now=clock.now()))
    ends = Counter(frozenset(state_names(one.order_id)) for one in (lucky, *late))
    assert ends == {frozenset(CONFIRMED): 1, frozenset(GIVEN_BACK): 3}
    assert stock.available([offer.variant_id]) == {offer.variant_id: 0}
    assert stock.ledger_gap() == 0


def test_lapsed_orders_in_a_batch_do_not_stop_the_others(stage: Stage) -> None:
    offer = stage.offers["mixed"]
    gone, held = [Buyer(offer) for _ in range(12)], [Buyer(offer) for _ in range(12)]
    _lapsed(stage, gone)
    assert all(at_once(lambda one: one.order(stage.wire()).is_good, held, hands=8))
    mixed = [one for pair in zip(gone, held, strict=True) for one in pair]
    paid = at_once(lambda one: one.pay(stage.wire(), one.notice()), mixed, hands=24)
    assert all(answer.is_good for answer in paid)
    assert all(state_names(one.order_id) == CONFIRMED for one in held)
    beside(lambda: orders.settle(now=clock.now()))
    assert all(state_names(one.order_id) == CONFIRMED for one in gone)
    assert stock.ledger_gap() == 0


# Rights.


def _sell_on(stage: Stage, at: int, stop: threading.Event) -> Counter[str]:
    """Order again and again, whatever the answer; how often each answer came."""
    said: Counter[str] = Counter()
    while not stop.is_set():
        answer = Buyer(stage.offers["suspended"]).order(stage.wire(at))
        said[answer.code or str(answer.status)] += 1
    return said


def _suspended(grant_id: UUID) -> datetime:
    changed = rights.suspend(grant_id=grant_id, now=clock.now(), reason="test")
    assert isinstance(changed, rights.Changed), changed
    return clock.now()


def test_not_one_order_is_placed_after_a_suspension_is_committed(stage: Stage) -> None:
    """From that commit on: each order's time, read before its rights are asked, lies before it."""
    offer, stop = stage.offers["suspended"], threading.Event()
    with ThreadPoolExecutor(16) as pool:
        crowd = [pool.submit(_sell_on, stage, at, stop) for at in range(16)]
        until(lambda: len(orders_of(offer)) > 100, seconds_max=PATIENCE_SECONDS)
        gone_at = beside(lambda: _suspended(stage.world.grants["RIVAL"]))
        answers_before = len(orders_of(offer))
        time.sleep(1.0)  # more than two ticks, so memory has followed as well
        stop.set()
        said = sum((one.result() for one in crowd), Counter[str]())
    print(f"{said} and {answers_before} orders at the suspension")
    assert set(said) == {"201", "rights"}
    assert not Order.objects.filter(id__in=orders_of(offer), placed_at__gt=gone_at).exists()
    assert said["201"] == len(orders_of(offer))
    assert open_holds(offer) == said["201"]
    assert stock.ledger_gap() == 0
