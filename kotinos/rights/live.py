"""A snapshot that keeps itself up to date: it hears of every change.

PostgreSQL delivers the news after the commit and to every listener, so a process that asks
`refresh` before it answers is never behind a change it could have heard of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from kotinos.kernel import rich
from kotinos.rights import statements
from kotinos.rights.compiling import CHANNEL
from kotinos.rights.contracts import Clearance, Law
from kotinos.rights.loading import load_book
from kotinos.rights.queries import all_sets
from kotinos.rights.snapshot import Snapshot, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.statements import ClearanceRow


class LiveSnapshot:
    """Compiled answers in memory. `dsn` names the database; the listening connection is ours."""

    def __init__(self, dsn: str, *, now: datetime) -> None:
        # Listening comes before reading: what changes in between is then read twice, never missed.
        self._listener = psycopg.connect(dsn, autocommit=True)
        self._is_changed = False
        self._listener.add_notify_handler(self._hear)
        self._listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        self.snapshot = _read_all(now)

    def refresh(self, *, now: datetime) -> bool:
        """Read again where anything was said to have changed; whether it was.

        All of it: duties and consents, which rows do not carry, may have moved with any change.
        """
        # A round trip: PostgreSQL sends all news committed before it ahead of its answer.
        self._listener.execute("")
        if not self._is_changed:
            return False
        self._is_changed = False
        self.snapshot = _read_all(now)
        return True

    def _hear(self, notice: psycopg.Notify) -> None:
        del notice
        self._is_changed = True

    def close(self) -> None:
        self._listener.close()


def _read_all(now: datetime) -> Snapshot:
    snapshot = Snapshot(Surroundings.of(load_book(now=now)))
    for each in all_sets():
        rows = rich.run(statements.clearances_of_set, set=each.id, seller=None)
        snapshot.put(each.id, _clearances(each.properties, rows))
    return snapshot


def _clearances(members: tuple[UUID, ...], rows: Iterable[ClearanceRow]) -> list[Clearance]:
    return [
        Clearance(
            properties=members,
            seller_id=row.seller_id,
            uses=row.uses,
            from_at=row.from_at,
            until_at=row.until_at,
            mask=row.mask,
            delay_minutes=row.delay_minutes,
            chain=row.chain,
            law=Law(row.law) if row.law else None,
        )
        for row in rows
    ]
