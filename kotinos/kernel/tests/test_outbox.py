from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from kotinos.kernel import outbox
from kotinos.kernel.models import OutboxEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

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
