from __future__ import annotations

from datetime import datetime, timedelta, timezone
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from kotinos.kernel import outbox
from kotinos.kernel.models import OutboxEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

NOW = datetime(2030, 7, 19, 12, tzinfo=timezone.utc)


@pytest.fixture
def heard() -> Iterator[list[outbox.Event]]:
    """What a handler of the kind `test.heard` was told."""
    events: list[outbox.Event] = []
    outbox.handler("test.heard")(events.append)
    yield events
    outbox.forget("test.heard")


@pytest.mark.django_db(transaction=True)
def test_news_without_a_transaction_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox.publish(kind="test.heard", payload={}, now=NOW)


@pytest.mark.django_db
def test_an_event_is_handed_on_once_and_in_order(heard: list[outbox.Event]) -> None:
    for number in range(3):
        outbox.publish(kind="test.heard", payload={"number": number}, now=NOW)
    assert outbox.relay(now=NOW) == 3
    assert outbox.relay(now=NOW) == 0
    assert [event.payload["number"] for event in heard] == [0, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_change_rolled_back_is_no_news(heard: list[outbox.Event]) -> None:
    with transaction.atomic():
        outbox.publish(kind="test.heard", payload={}, now=NOW)
        transaction.set_rollback(True)
    assert outbox.relay(now=NOW) == 0
    assert heard == []


@pytest.mark.django_db
def test_a_handler_that_fails_holds_up_nobody_and_is_told_again(
    heard: list[outbox.Event],
) -> None:
    fails = [True]

    def stumble(_event: outbox.Event) -> None:
        if fails:
            fails.pop()
            raise ConnectionError("down for a moment")

    outbox.handler("test.stumble")(stumble)
    outbox.publish(kind="test.stumble", payload={}, now=NOW)
    outbox.publish(kind="test.heard", payload={}, now=NOW)
    assert outbox.relay(now=NOW) == 1
    assert "down for a moment" in OutboxEvent.objects.get(kind="test.stumble").last_error
    assert outbox.relay(now=NOW) == 1
    assert len(heard) == 1
    outbox.forget("test.stumble")


@pytest.mark.django_db
def test_analytics_takes_every_event_once_told_or_not(heard: list[outbox.Event]) -> None:
    for number in range(3):
        outbox.publish(kind="test.heard", payload={"number": number}, now=NOW)
    first = outbox.uncollected(events_max=2)
    assert [event.payload["number"] for event in first] == [0, 1]
    assert outbox.mark_collected([event.id for event in first], now=NOW) == 2
    assert outbox.mark_collected([event.id for event in first], now=NOW) == 0
    assert outbox.relay(now=NOW) == len(heard) == 3
    assert [event.payload["number"] for event in outbox.uncollected(events_max=9)] == [2]


@pytest.mark.django_db(transaction=True)
def test_events_are_taken_inside_a_transaction_only() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox.uncollected(events_max=1)


@pytest.mark.django_db(transaction=True)
def test_what_a_taker_lost_in_its_fall_is_taken_by_the_next() -> None:
    with transaction.atomic():
        outbox.publish(kind="test.heard", payload={}, now=NOW)
    with transaction.atomic():
        (event,) = outbox.uncollected(events_max=9)
        outbox.mark_collected([event.id], now=NOW)
        transaction.set_rollback(True)
    with transaction.atomic():
        assert outbox.uncollected(events_max=9) == [event]


@pytest.mark.django_db(transaction=True)
def test_two_takers_at_once_never_take_one_event() -> None:
    with transaction.atomic():
        for number in range(200):
            outbox.publish(kind="test.heard", payload={"number": number}, now=NOW)
    both_are_inside = Barrier(2, timeout=20)
    taken: list[list[UUID]] = []

    def take() -> None:
        while True:
            with transaction.atomic():
                ids = [event.id for event in outbox.uncollected(events_max=30)]
                if not taken:
                    both_are_inside.wait()
                taken.append(ids)
                outbox.mark_collected(ids, now=NOW)
            if not ids:
                break
        connection.close()

    takers = [Thread(target=take) for _ in range(2)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    found = [each for ids in taken for each in ids]
    assert len(found) == len(set(found)) == 200
    assert not OutboxEvent.objects.filter(collected_at=None).exists()


@pytest.mark.django_db
def test_what_nobody_waits_for_goes_after_a_month(heard: list[outbox.Event]) -> None:
    del heard
    old, later = [
        outbox.publish(kind="test.heard", payload={}, now=NOW + timedelta(days=day))
        for day in (0, 1)
    ]
    after = NOW + outbox.KEPT + timedelta(hours=1)
    assert outbox.sweep(now=after) == 0, "it was neither handed on nor collected"
    outbox.relay(now=NOW)
    assert outbox.sweep(now=after) == 0, "analytics has not taken it"
    outbox.mark_collected([old, later], now=NOW)
    assert outbox.sweep(now=after) == 1
    assert list(OutboxEvent.objects.values_list("id", flat=True)) == [later]
