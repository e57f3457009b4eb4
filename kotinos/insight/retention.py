"""How long rows are kept: whole days go, and the ledger says how many rows were on them.

What people did and what could not be understood goes after a while; facts of the business stay.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from kotinos.insight import keeping
from kotinos.insight.console import shelf
from kotinos.insight.lake import ids, manifest
from kotinos.insight.lake.manifest import StaleError
from kotinos.insight.lake.rewriting import move
from kotinos.insight.lake.store import lake
from kotinos.insight.tables import DEAD, EVENTS, TABLES, WATCHING
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from datetime import date, datetime

    from kotinos.insight.lake.manifest import FileRow

_COUNTED = ("edition", "source", "received_at")


def days_kept() -> dict[str, int]:
    """Days that rows of a table are kept; a table that is not named keeps them for ever."""
    settings = environment()
    return {
        EVENTS.name: settings.events_days,
        WATCHING.name: settings.events_days,
        DEAD.name: settings.dead_letter_days,
        ids.TABLE: ids.DAYS + 1,  # a day more than anybody looks back
    }


def expire(*, now: datetime) -> int:
    """Let go of every file whose day is over for good; how many rows went. Harmless to repeat."""
    gone = 0
    editions = set()
    for table, days in days_kept().items():
        for file in manifest.current(table=table, until=first_day_kept(now, days)):
            try:
                gone += _let_go(file, now)
            except StaleError:  # merged meanwhile: the next run finds it
                continue
            editions.add(file.edition)
    for edition in sorted(editions):
        keeping.forget(edition)
    shelf.forget()  # copies nobody has asked since would stay for ever
    return gone


def first_day_kept(now: datetime, days: int) -> date:
    """The UTC day before which everything goes."""
    return now.date() - timedelta(days=days)


def _let_go(file: FileRow, now: datetime) -> int:
    """One file and its lines of the ledger, in one transaction."""
    table = TABLES.get(file.table)
    rows = None
    if table is not None:
        columns = [name for name in _COUNTED if name in table.names]
        try:
            data = lake().read(file.key)
        except FileNotFoundError:
            raise StaleError from None
        rows = pq.read_table(pa.BufferReader(data), columns=columns)
    with transaction.atomic():
        manifest.commit(added=[], removed=[file], now=now)
        if table is not None and rows is not None:
            move(rows, table=table, to="expired")
    return file.rows if table is not None else 0
