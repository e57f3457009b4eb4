"""What a process has counted and not yet written down. Bounded by time, not by people.

Each kind is written by one statement of its own. What could not be written stays for the next
tick, so a database that is away for a while costs nothing but time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kotinos.kernel import fast
from kotinos.kernel.batcher import QueueFullError
from kotinos.waitingroom import statements

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from psycopg import AsyncConnection

    from kotinos.kernel.statement import Param, Statement
    from kotinos.waitingroom.sketch import Sketch

    Conn = AsyncConnection[Any]
    Person = tuple[UUID, str]

WAITING_MAX = 100_000  # accounts or entries between two ticks


@dataclass(slots=True)
class _Rows:
    """Rows of one kind, one for each person, that wait for their statement."""

    statement: Statement[Any]
    columns: tuple[str, ...]
    waiting: dict[Person, tuple[Any, ...]] = field(default_factory=dict)

    def put(self, person: Person, *values: object) -> None:
        """The first word about a person stands until it is written."""
        if len(self.waiting) >= WAITING_MAX:
            raise QueueFullError
        self.waiting.setdefault(person, values)

    async def write(self, conn: Conn) -> None:
        pending, self.waiting = self.waiting, {}
        rows = [(*person, *values) for person, values in pending.items()]
        try:
            await _run(conn, self.statement, self.columns, rows)
        except BaseException:
            self.waiting = {**self.waiting, **pending}
            raise


class Ledger:
    """Pending sums and rows of all rooms."""

    def __init__(self) -> None:
        self._joins: Counter[tuple[UUID, int]] = Counter()
        who = ("room_id", "identity")
        self._keepsakes = _Rows(statements.keep_first, (*who, "joined_ms"))
        self._entries = _Rows(statements.enter, (*who, "entered_at", "expires_at"))
        self._done = _Rows(statements.mark_done, (*who, "done_at"))

    def count_join(self, room_id: UUID, second: int) -> None:
        self._joins[room_id, second] += 1

    def keep(self, room_id: UUID, identity: str, joined_ms: int) -> None:
        """An account's number. QueueFullError where the database has been away too long."""
        self._keepsakes.put((room_id, identity), joined_ms)

    def enter(self, room_id: UUID, identity: str, *, now: datetime, expires_at: datetime) -> None:
        """Somebody is let in. QueueFullError where the database has been away too long."""
        self._entries.put((room_id, identity), now, expires_at)

    def finish(self, room_id: UUID, identity: str, *, now: datetime) -> None:
        """Somebody who was let in holds units. QueueFullError as above."""
        self._done.put((room_id, identity), now)

    async def write(self, conn: Conn) -> None:
        """Write everything down; what fails is kept for the next time."""
        await self._write_joins(conn)
        for rows in (self._keepsakes, self._entries, self._done):
            await rows.write(conn)

    async def _write_joins(self, conn: Conn) -> None:
        pending, self._joins = self._joins, Counter()
        rows = [(*key, joins) for key, joins in pending.items()]
        try:
            await _run(conn, statements.add_joins, ("room_id", "second", "joins"), rows)
        except BaseException:
            self._joins.update(pending)
            raise


async def write_sketch(conn: Conn, sketch: Sketch, *, room_id: UUID, part: str) -> None:
    """Merge a process's sketch with the shared one, both ways, in one transaction."""
    sketch.is_dirty = False
    try:
        async with conn.transaction():
            stored = await fast.run(
                conn, statements.lock_sketch, room_id=room_id, part=part, body=sketch.body()
            )
            for body in stored:
                sketch.merge(body)
            await fast.run(
                conn, statements.write_sketch, room_id=room_id, part=part, body=sketch.body()
            )
    except BaseException:
        sketch.is_dirty = True
        raise


async def _run(
    conn: Conn,
    statement: Statement[Any],
    columns: tuple[str, ...],
    rows: list[tuple[Any, ...]],
) -> None:
    if rows:
        values = [list(column) for column in zip(*rows, strict=True)]
        arrays: dict[str, Param] = dict(zip(columns, values, strict=True))
        await fast.run(conn, statement, **arrays)
