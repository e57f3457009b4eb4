"""The outbox: a change and the news of it are one transaction; the relay hands the news on.

Delivery is at least once, so every event has an id and a handler must be harmless when told
twice. A handler that fails is told again with the next run; after `ATTEMPTS_MAX` the event stays
where an operator can see it and no longer holds up the others.

Analytics takes every event once, whoever else was told of it: `uncollected` locks what it answers,
and `mark_collected` belongs in the same transaction as what was made of it. An event that was
handed on and collected is deleted by `sweep` after `KEPT`; one that was not stays.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from kotinos.kernel.models import OutboxEvent

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

ATTEMPTS_MAX = 20
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Event:
    id: UUID
    kind: str
    payload: dict[str, Any]
    happened_at: datetime


Handler = Callable[[Event], None]
_handlers: dict[str, list[Handler]] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register a function for one kind of event; it must be harmless when told twice."""

    def register(function: Handler) -> Handler:
        known = _handlers.setdefault(kind, [])
        if function not in known:
            known.append(function)
        return function

    return register


def forget(kind: str) -> None:
    """Drop every handler of a kind."""
    _handlers.pop(kind, None)


def publish(*, kind: str, payload: dict[str, Any], now: datetime) -> UUID:
    """Write an event in the caller's transaction; RuntimeError where there is none."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{kind} was published outside a transaction")
    return OutboxEvent.objects.create(kind=kind, payload=payload, happened_at=now).id


def relay(*, now: datetime, events_max: int = 200) -> int:
    """Hand waiting events to their handlers, oldest first; the number handed on.

    Several relays may run at once: each event is locked by the one that delivers it.
    """
    delivered = 0
    for event_id in _waiting(events_max):
        with transaction.atomic():
            row = (
                OutboxEvent.objects.select_for_update(skip_locked=True)
                .filter(id=event_id, relayed_at__isnull=True)
                .first()
            )
            if row is not None:
                delivered += _deliver(row, now)
    return delivered


def uncollected(*, events_max: int) -> list[Event]:
    """Events that analytics has not taken, by id (older ones first), locked for the caller.

    Whoever asks meanwhile gets others, or none. RuntimeError outside a transaction: the lock is
    what keeps two takers from taking one event.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("events were taken outside a transaction")
    rows = OutboxEvent.objects.select_for_update(skip_locked=True).filter(collected_at=None)
    return [
        Event(row.id, row.kind, row.payload, row.happened_at)
        for row in rows.order_by("id")[:events_max]
    ]


def mark_collected(ids: Collection[UUID], *, now: datetime) -> int:
    """Write down that analytics has these, in the caller's transaction; how many had not been."""
    rows = OutboxEvent.objects.filter(id__in=ids, collected_at=None)
    return rows.update(collected_at=now)


def sweep(*, now: datetime, events_max: int = 10_000) -> int:
    """Delete old events that nobody waits for, so many at most; how many went."""
    old = OutboxEvent.objects.filter(
        happened_at__lt=now - KEPT, relayed_at__isnull=False, collected_at__isnull=False
    )
    return OutboxEvent.objects.filter(id__in=old.values("id")[:events_max]).delete()[0]


def _waiting(events_max: int) -> list[UUID]:
    waiting = OutboxEvent.objects.filter(relayed_at__isnull=True, attempts__lt=ATTEMPTS_MAX)
    return list(waiting.order_by("id").values_list("id", flat=True)[:events_max])


def _deliver(row: OutboxEvent, now: datetime) -> int:
    event = Event(row.id, row.kind, row.payload, row.happened_at)
    try:
        with transaction.atomic():
            for function in _handlers.get(row.kind, []):
                function(event)
    except Exception:  # noqa: BLE001 - whatever a handler raises, the event must survive it
        row.attempts += 1
        row.last_error = traceback.format_exc()[-2000:]
        row.save(update_fields=["attempts", "last_error"])
        return 0
    row.relayed_at = now
    row.save(update_fields=["relayed_at"])
    return 1
