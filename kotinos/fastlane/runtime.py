"""What runs beside the requests: memory that follows the database, and one leader for all.

Every process ticks: it reads rooms, drops and quotes and writes what it counted. One of them, at
any moment, also leads: it moves the lines forward and gives back what was held too long. The
leader is whoever has an advisory lock; when its connection dies, the next one takes over.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
from psycopg_pool import PoolTimeout

from kotinos.kernel import clock, fast
from kotinos.kernel.statements import try_lead
from kotinos.stock.statements import expire_holds
from kotinos.waitingroom.contracts import Signals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from typing import Any

    from kotinos.channel.fast import Screen
    from kotinos.drops.fast import Floor
    from kotinos.insight.fast import Collection
    from kotinos.orders.fast import HotOrders
    from kotinos.waitingroom.fast import Rooms

TICK_SECONDS = 0.5
LEAD_SECONDS = 0.25
LEADER = "fastlane.leader"
EXPIRED_AT_ONCE_MAX = 1_000
_log = logging.getLogger("kotinos.fastlane")


class Runtime:
    """Starts and ends with the server's event loop."""

    def __init__(
        self,
        dsn: str,
        *,
        rooms: Rooms,
        floor: Floor,
        orders: HotOrders,
        screen: Screen,
        collection: Collection,
    ) -> None:
        self._dsn = dsn
        self._rooms = rooms
        self._floor = floor
        self._orders = orders
        self._screen = screen
        self._collection = collection
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Know everything before the first request, then keep knowing it."""
        await _once(self._tick)
        await _once(self._collection.tick)
        # What is loaded by now lives as long as the process: the collector need not look again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        self._tasks = [
            asyncio.create_task(_forever(self._tick, TICK_SECONDS)),
            asyncio.create_task(_forever(self._lead, LEAD_SECONDS)),
            asyncio.create_task(_forever(self._collection.tick, TICK_SECONDS)),
        ]

    async def stop(self) -> None:
        """End both loops; what was counted since the last tick is written."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await _once(self._tick)
        await _once(self._collection.close)

    async def _tick(self) -> None:
        now = clock.now()
        self._tell(now)
        await self._rooms.tick(now=now)
        await self._floor.tick(now=now)
        await self._orders.tick()
        await self._screen.tick(now=now)

    def _tell(self, now: datetime) -> None:
        """What the sale and the line must know of each other."""
        for room_id, identity in self._floor.take_done():
            self._rooms.note_done(room_id, identity, now=now)
        for room_id, seen in self._rooms.counters().items():
            self._floor.note_line(room_id, joins=seen.joins, admissions=seen.admissions)

    async def _lead(self) -> None:
        """Lead for as long as this connection has the lock."""
        conn = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
        async with conn:
            if not await fast.run_one(conn, try_lead, name=LEADER):
                await asyncio.sleep(TICK_SECONDS)
                return
            while True:
                now = clock.now()
                await _expire(conn, now)
                await self._conduct(now)
                await self._screen.lead(conn, now=now)
                await asyncio.sleep(LEAD_SECONDS)

    async def _conduct(self, now: datetime) -> None:
        for drop in self._floor.drops():
            seen = self._floor.signals(drop.id)
            signals = Signals(
                units_free=seen.units_free,
                completions_per_s=seen.completions_per_s,
                p99_ms=seen.p99_ms,
                errors_per_s=seen.errors_per_s,
            )
            await self._rooms.conduct(drop.room_id, signals=signals, now=now)


async def _expire(conn: psycopg.AsyncConnection[Any], now: datetime) -> None:
    """End the holds whose time is over: their units are free again within a second."""
    while True:
        holds = await fast.run_one(
            conn, expire_holds, now=now, variants=None, holds_max=EXPIRED_AT_ONCE_MAX
        )
        if holds < EXPIRED_AT_ONCE_MAX:
            return


async def _forever(step: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Do it again and again, whatever happens: the database may be away for a while."""
    while True:
        await _once(step)
        await asyncio.sleep(seconds)


async def _once(step: Callable[[], Awaitable[None]]) -> None:
    try:
        await step()
    except (psycopg.Error, PoolTimeout, OSError) as error:
        _log.warning("the database could not be asked for a moment: %s", error)
    except Exception:  # noqa: BLE001 - a fault in one round must not end all that follow
        _log.exception("a round beside the requests failed")
