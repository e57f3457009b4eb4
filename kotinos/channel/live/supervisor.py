"""Exactly one listener for each enabled source, across all workers of an installation.

Who has a source's advisory lock listens to it. The lock goes with the connection, and listeners
go with the process (PDEATHSIG), so after a kill the next worker takes over at once.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db import close_old_connections, connections

from kotinos.channel.live import recording, sessions, statements, sweeping
from kotinos.channel.live.listener import Listener
from kotinos.channel.live.places import live_folder
from kotinos.channel.live.terms import Patience, Source
from kotinos.kernel import clock, fast
from kotinos.kernel.statements import try_lead

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

DESK_THREADS = 4
_log = logging.getLogger("kotinos.channel.live")


async def run_forever(stop: asyncio.Event, *, patience: Patience | None = None) -> None:
    """Listen until `stop` is set; then end every signal in order.

    What nobody foresaw ends it too, and is raised: whoever runs it begins again.
    """
    house = Supervisor(patience or Patience())
    work = [asyncio.create_task(house.keep()), asyncio.create_task(house.sweep())]
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([told, *work], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (told, *work):
            task.cancel()
        ends = await asyncio.gather(told, *work, return_exceptions=True)
        await house.close()
    for end in ends:
        if isinstance(end, Exception):
            raise end


class Supervisor:
    """The listeners of this process."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._tasks: dict[UUID, tuple[Source, asyncio.Task[None]]] = {}
        self._threads = ThreadPoolExecutor(DESK_THREADS, "live-desk")

    async def desk(self, function: Callable[..., Any], **words: Any) -> Any:
        """Talk to the database, and to the store, in a thread: neither may hold up a signal."""
        call = partial(_at_desk, function, words)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def keep(self) -> None:
        """Follow the sources; when the database was away, hold the locks again or let go."""
        while True:
            with suppress(psycopg.Error, OSError):
                conn = await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True)
                async with conn:
                    await self._follow(conn)
            await asyncio.sleep(self._patience.sources)

    async def _follow(self, conn: psycopg.AsyncConnection[Any]) -> None:
        led: set[UUID] = set()
        while True:
            wanted = await fast.run(conn, statements.read_enabled_sources, now=clock.now())
            by_id = {source.id: source for source in wanted}
            for source_id in [*led, *self._tasks]:
                await self._let_go(conn, source_id, by_id.get(source_id), led)
            for source in wanted:
                if source.id not in led and await fast.run_one(
                    conn, try_lead, name=_lock(source.id)
                ):
                    led.add(source.id)
                if source.id not in led:
                    await self._cancel(source.id)  # another worker has it now
                elif source.id not in self._tasks:
                    self._listen(source)
            await asyncio.sleep(self._patience.sources)

    async def _let_go(
        self,
        conn: psycopg.AsyncConnection[Any],
        source_id: UUID,
        wanted: Source | None,
        led: set[UUID],
    ) -> None:
        """Stop a listener whose source is no longer wanted, or no longer the same."""
        running = self._tasks.get(source_id)
        if running is not None and (running[0] != wanted or running[1].done()):
            await self._cancel(source_id)
        if wanted is None and source_id in led:
            await fast.run_one(conn, statements.stop_leading, name=_lock(source_id))
            led.discard(source_id)

    def _listen(self, source: Source) -> None:
        listener = Listener(source, folder=live_folder(), desk=self.desk, patience=self._patience)
        self._tasks[source.id] = (source, asyncio.create_task(listener.run()))

    async def _cancel(self, source_id: UUID) -> None:
        found = self._tasks.pop(source_id, None)
        if found is None:
            return
        found[1].cancel()
        try:
            await found[1]
        except asyncio.CancelledError:
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the others go on and it begins anew
            _log.exception("the listener of %s had failed", found[0].code)

    async def sweep(self) -> None:
        """End dead sessions, ask for recordings, remove what is too old.

        Nobody is taken for dead in the first round after the database was away: while it was,
        nobody could give a sign of life.
        """
        was_reached = False
        while True:
            for work in (recording.ask_due, sweeping.sweep):
                await self._try(work)
            was_reached = await self._try(sessions.end_dead_sessions if was_reached else _reach)
            await asyncio.sleep(self._patience.sweep)

    async def _try(self, work: Callable[..., Any]) -> bool:
        try:
            await self.desk(work, now=clock.now())
        except Exception:  # noqa: BLE001 - one that fails must not stop the others
            _log.exception("%s failed; it is tried again", work.__name__)
            return False
        return True

    async def close(self) -> None:
        """End every signal, side by side."""
        await asyncio.gather(*(self._cancel(source_id) for source_id in list(self._tasks)))
        self._threads.shutdown()


def _reach(*, now: datetime) -> None:
    del now
    connections["default"].ensure_connection()


def _lock(source_id: UUID) -> str:
    return f"channel.live.{source_id}"


def _at_desk(function: Callable[..., Any], words: dict[str, Any]) -> Any:
    close_old_connections()
    try:
        return function(**words)
    except sessions.DATABASE_TROUBLE:
        connections.close_all()
        raise
