"""The memory of a collecting process: write keys that follow the database, and the log. No Django.

While the database is away it goes on with the keys it knows: what is sent then is not lost.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from kotinos.insight.collect.collector import (
    Collector,
    Outcome,
    Problem,
    Sent,
    Taken,
    TooMany,
    UnknownKey,
    Unreadable,
)
from kotinos.insight.collect.keys import Key
from kotinos.insight.collect.log import NoRoomError, SegmentLog
from kotinos.insight.collect.pseudonyms import Pseudonyms
from kotinos.insight.statements import KeyRow, make_hash_key, read_keys
from kotinos.kernel import clock, fast
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import AsyncConnection

    from kotinos.kernel.fast import Pool

__all__ = [
    "Collection",
    "NoRoomError",
    "Outcome",
    "Problem",
    "Sent",
    "Taken",
    "TooMany",
    "UnknownKey",
    "Unreadable",
]
KEYS_SECONDS_MAX = 2.0
"""How long a new or revoked key may take to be known here."""
AGAIN_SECONDS_MIN = 0.25
SECRET_BYTES = 32


class Collection:
    """Starts with the server's event loop: `tick` twice a second, `close` at its end."""

    def __init__(self, pool: Pool, *, folder: Path) -> None:
        self._pool = pool
        self._log = SegmentLog(folder)
        self._collector = Collector(self._log)
        self._read_at = -KEYS_SECONDS_MAX
        self._rows: dict[str, KeyRow] = {}

    async def collect(self, sent: Sent) -> Outcome:
        """Take what can be taken: the outcome, when it is on the disk; else NoRoomError.

        A key nobody knows here may be new: the database is asked.
        """
        ready = self._collector.read(sent)
        if isinstance(ready.outcome, UnknownKey) and self._age() > AGAIN_SECONDS_MIN:
            await self._read()
            ready = self._collector.read(sent)
        del sent  # see Collector.read
        return await self._collector.keep(ready)

    async def note(self, *, table: str, edition: str, rows: list[list[Any]]) -> None:
        """Rows that are ready for the log; their second column is the instant they came."""
        await self._collector.note(table=table, frame=(edition, ""), rows=rows)

    async def tick(self) -> None:
        """Seal what is old enough; read the keys again where it is time."""
        await self._log.tick()
        if self._age() >= KEYS_SECONDS_MAX:
            await self._read()

    async def close(self) -> None:
        """Bring everything that waits to the disk."""
        await self._log.close()

    def _age(self) -> float:
        return time.monotonic() - self._read_at

    async def _read(self) -> None:
        self._read_at = time.monotonic()
        region = environment().region
        async with self._pool.connection() as conn:
            rows = await fast.run(conn, read_keys, region=region)
            lacking = {row.edition for row in rows if row.secret is None}
            if lacking:
                await _make(conn, lacking, region)
                rows = await fast.run(conn, read_keys, region=region)
        self._collector.keys = {row.key: self._key(row) for row in rows if row.secret is not None}
        self._rows = {row.key: row for row in rows}

    def _key(self, row: KeyRow) -> Key:
        """The key as it is known already, where nothing about it has changed."""
        known = self._collector.keys.get(row.key)
        if known is not None and self._rows.get(row.key) == row:
            return known
        assert row.secret is not None, "keys without one are left out"
        return Key(
            name=row.name,
            edition=row.edition,
            organisation=row.organisation,
            per_s_max=row.events_per_s_max,
            pseudonyms=Pseudonyms(bytes(row.secret)),
        )


async def _make(conn: AsyncConnection[Any], editions: set[str], region: str) -> None:
    for edition in sorted(editions):
        secret = os.urandom(SECRET_BYTES).hex()
        await fast.run(
            conn, make_hash_key, edition=edition, region=region, secret=secret, now=clock.now()
        )
