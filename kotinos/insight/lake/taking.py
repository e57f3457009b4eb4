"""Facts of the business: the outbox's events become rows, each once, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.insight.facts import rows_of
from kotinos.insight.lake import manifest
from kotinos.insight.lake.schema import arrow_rows
from kotinos.insight.tables import TABLES
from kotinos.kernel import outbox
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from datetime import datetime

EVENTS_MAX = 20_000


def take_facts(*, now: datetime) -> int:
    """Bring what the outbox has into the lake; how many events there were.

    The files are written first; the commit that counts them is the one that marks the events.
    """
    with transaction.atomic():
        events = outbox.uncollected(events_max=EVENTS_MAX)
        if not events:
            return 0
        for name, rows in rows_of(events, edition=environment().edition).items():
            table = TABLES[name]
            files = manifest.write_rows(table=table, rows=arrow_rows(table, rows))
            manifest.commit(added=files, now=now)
        outbox.mark_collected([event.id for event in events], now=now)
    return len(events)
