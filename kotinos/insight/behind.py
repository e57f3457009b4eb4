"""The rows behind a chart: the newest of a table that a scope and a window hold.

Nothing that tells one person from another is among them.
"""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import ibis

from kotinos.insight import keeping, queueing
from kotinos.insight.contracts import Limits, TooLarge, TooLong
from kotinos.insight.lake import manifest
from kotinos.insight.lake.store import lake
from kotinos.insight.metrics.engines.duckdb import connected, view_sql
from kotinos.insight.metrics.scoped import Lake, condition
from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Scope, Window
    from kotinos.insight.tables import Column, Table

LIMITS = Limits(seconds_max=8.0, memory_mb=512, threads=1)
ROWS_MAX = 200
_AT_US = "epoch_us(occurred_at)"
_HIDDEN = {"edition", "day", "organisation"}  # the same in every row that is shown, or an id


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, newest first; `is_all` unless there are more than are shown."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    is_all: bool


def shown_columns(table: Table) -> tuple[Column, ...]:
    """What may be looked at: everything but what is personal."""
    return tuple(
        column for column in table.columns if not column.personal and column.name not in _HIDDEN
    )


def rows(
    *, name: str, scope: Scope, window: Window, narrow: Mapping[str, str]
) -> Found | TooLong | TooLarge:
    """The newest rows of a table, of those whose columns have these values."""
    table = TABLES[name]
    columns = shown_columns(table)
    files = manifest.current(
        table=name, edition=scope.edition, since=window.first_day, until=window.after_last_day
    )
    addresses = [lake().address(file.key) for file in files]
    seen = condition(scope=scope, window=window, at_us=_AT_US, dialect="duckdb")
    query = _query(table, narrow)
    with (
        queueing.slot(keeping.root()),
        tempfile.TemporaryDirectory() as spill,
        connected(LIMITS, spill=spill) as connection,
    ):
        lake().register(connection)
        stop = threading.Timer(LIMITS.seconds_max, connection.interrupt)
        stop.start()
        try:
            connection.execute(view_sql(table, addresses, seen))
            found = connection.execute(query).fetchall()
        except duckdb.InterruptException:
            return TooLong(LIMITS.seconds_max)
        except duckdb.OutOfMemoryException:
            return TooLarge(f"{LIMITS.memory_mb} MB of memory")
        finally:
            stop.cancel()
    return Found(columns, tuple(found[:ROWS_MAX]), len(found) <= ROWS_MAX)


def _query(table: Table, narrow: Mapping[str, str]) -> str:
    seen = Lake().table(table.name)
    names = {column.name for column in table.columns}
    for name, value in narrow.items():
        if name in names:
            seen = seen.filter(seen[name] == value)
    ordered = seen.order_by(ibis.desc("occurred_at"), "id").limit(ROWS_MAX + 1)
    return str(
        ibis.to_sql(
            ordered.select(*(column.name for column in shown_columns(table))), dialect="duckdb"
        )
    )
