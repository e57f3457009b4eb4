"""Many waiting requests, one set-based statement, one commit.

A row that everybody wants is slow only because every transaction waits for the one before it.
While one batch is with the database the next one gathers, so the busier it gets the larger the
batches and the fewer the commits; an idle system adds no delay, because a batch of one leaves at
once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from psycopg.errors import (
    CheckViolation,
    DataError,
    DeadlockDetected,
    IntegrityError,
    UniqueViolation,
)

from kotinos.kernel import fast
from kotinos.kernel.statement import Scalar, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg import AsyncConnection

    from kotinos.kernel.fast import Pool

RowT = TypeVar("RowT")

Arrays = dict[str, list[Scalar]]
Work = Callable[["AsyncConnection[Any]", Arrays], Awaitable[list[tuple[int, RowT]]]]
Batch = list[tuple["Mapping[str, Scalar]", "asyncio.Future[RowT]"]]
AT_ONCE_MAX = 2
# What a concurrent twin made impossible a moment ago; the second look sees what it left.
_ONCE_MORE = (UniqueViolation, CheckViolation, DeadlockDetected)


class QueueFullError(Exception):
    """More requests wait than were allowed to: answer 503 and let the caller come back."""


class Batcher(Generic[RowT]):
    """Collects calls and does one piece of work for all that wait.

    The work is a statement that takes every parameter as an array (`unnest`) and returns one row
    for each element: its position, from 1, and what became of it. Or it is a function of a
    connection and those arrays that does the same with several statements in one transaction.

    `second_from`: with so many waiting a second batch is sent while the first is under way, so
    that the database never waits for us between two. Without it one follows the other.
    """

    def __init__(
        self,
        work: Statement[tuple[int, RowT]] | Work[RowT],
        pool: Pool,
        *,
        size_max: int,
        waiting_max: int = 10_000,
        second_from: int | None = None,
    ) -> None:
        self._work = _of(work) if isinstance(work, Statement) else work
        self._pool = pool
        self._size_max = size_max
        self._waiting_max = waiting_max
        self._waiting: deque[tuple[Mapping[str, Scalar], asyncio.Future[RowT]]] = deque()
        self._second_from = second_from
        self._drains = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def call(self, **params: Scalar) -> RowT:
        """The row of one request. Raises QueueFullError, or what the database raised for it."""
        if len(self._waiting) >= self._waiting_max:
            raise QueueFullError
        future: asyncio.Future[RowT] = asyncio.get_running_loop().create_future()
        self._waiting.append((params, future))
        is_crowd = self._second_from is not None and len(self._waiting) >= self._second_from
        if self._drains < (AT_ONCE_MAX if is_crowd else 1):
            self._drains += 1
            task = asyncio.create_task(self._drain())
            self._tasks.add(task)  # kept, or it may be collected
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                size = min(self._size_max, len(self._waiting))
                await self._settle([self._waiting.popleft() for _ in range(size)])
        finally:
            # Before anybody else runs: who calls from here on must find that nobody drains.
            self._drains -= 1

    async def _settle(self, batch: Batch[RowT]) -> None:
        try:
            await self._run(batch)
        except (DataError, IntegrityError) as error:
            if len(batch) == 1:
                _fail(batch, error)
                return
            # One request the database cannot take must not cost the others theirs.
            for alone in batch:
                await self._settle([alone])
        except Exception as error:  # noqa: BLE001 - every waiting caller must hear of it
            _fail(batch, error)

    async def _run(self, batch: Batch[RowT]) -> None:
        names = batch[0][0].keys()
        arrays = {name: [params[name] for params, _ in batch] for name in names}
        async with self._pool.connection() as conn:
            try:
                rows = await self._work(conn, dict(arrays))  # its own: it may take things out
            except _ONCE_MORE:
                rows = await self._work(conn, arrays)
        for position, row in rows:
            future = batch[position - 1][1]
            if not future.done():
                future.set_result(row)


def _of(statement: Statement[tuple[int, RowT]]) -> Work[RowT]:
    async def work(conn: AsyncConnection[Any], arrays: Arrays) -> list[tuple[int, RowT]]:
        return await fast.run(conn, statement, **arrays)

    return work


def _fail(batch: Batch[RowT], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
