"""Run a Statement on an async psycopg connection in autocommit: one statement, one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from psycopg.errors import CheckViolation, UniqueViolation
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import AsyncConnection

    from kotinos.kernel.statement import Param, Statement

RowT = TypeVar("RowT")
Pool = AsyncConnectionPool[Any]
RECONNECT_SECONDS_MAX = 0.5


# A hot statement is prepared once and looks up a few hundred rows by their keys, in tables that
# may have had no statistics yet: the planner must not take a walk through all of a table, or a
# join of everything that shares a variant, for cheap because the table was small that day.
PLANNER = "-c enable_seqscan=off -c enable_mergejoin=off"


def pool(dsn: str, *, size: int) -> Pool:
    """A pool of autocommit connections, not yet open: the lane opens it inside its event loop."""
    return AsyncConnectionPool(
        dsn,
        min_size=1,
        max_size=size,
        open=False,
        kwargs={"autocommit": True, "options": PLANNER},
        timeout=5.0,
    )


async def run(
    conn: AsyncConnection[Any], statement: Statement[RowT], **params: Param
) -> list[RowT]:
    """Every row, read. What only a twin made impossible is tried once more (see `rich`).

    Inside a transaction it is not: that has failed as a whole, and its opener tries again.
    """
    try:
        return await _run(conn, statement, params)
    except (UniqueViolation, CheckViolation):
        if conn.info.transaction_status is not TransactionStatus.IDLE:
            raise
        return await _run(conn, statement, params)


async def run_one(conn: AsyncConnection[Any], statement: Statement[RowT], **params: Param) -> RowT:
    """The only row; ValueError where there is none or more than one."""
    (row,) = await run(conn, statement, **params)
    return row


async def _run(
    conn: AsyncConnection[Any], statement: Statement[RowT], params: dict[str, Param]
) -> list[RowT]:
    written = {
        name: array_text(value) if isinstance(value, list) else value
        for name, value in params.items()
    }
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.text.encode(), written)
        if cursor.description is None:
            return []
        return [statement.read(row) for row in await cursor.fetchall()]


def array_text(values: list[Any]) -> str | list[Any]:
    """An array as PostgreSQL writes it (manual, 8.15.2), for a parameter that is cast.

    The driver would look up how to write each element; one kind for all of them takes a quarter
    of the time, and a batch has thousands. What is not of one of the common kinds is left to it.
    """
    kind = next((type(value) for value in values if value is not None), None)
    write = _WRITERS.get(kind) if kind else None
    if write is None:
        return values
    return "{" + ",".join(["NULL" if value is None else write(value) for value in values]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITERS: dict[type, Callable[[Any], str]] = {
    int: str,
    str: _quoted,
    UUID: lambda value: f"{value.int:032x}",
    datetime: datetime.isoformat,
}
