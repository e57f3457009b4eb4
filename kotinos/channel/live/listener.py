"""One source: listen, encode while somebody sends, publish each segment, and listen again.

A run lasts from listening to the end of one sender's signal, and is at most one session. What
ffmpeg has finished is there under its final name in every rung before a row says so.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from kotinos.channel.contracts import INIT_FILE, SEGMENT_FILE
from kotinos.channel.ingest import ffmpeg
from kotinos.channel.ingest.boxes import timescale
from kotinos.channel.live import encoding, places, sessions
from kotinos.channel.live.gate import Gate
from kotinos.channel.live.signs import Signs
from kotinos.channel.store import store
from kotinos.kernel import clock
from kotinos.kernel.environment import environment
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from uuid import UUID

    from kotinos.channel.live.gate import Sender
    from kotinos.channel.live.terms import Patience, Source

LIMITS = {"memory_bytes": 8_000_000_000}
TROUBLE_SECONDS = 1.0
_LINE_BYTES_MAX = 1 << 20
_log = logging.getLogger("kotinos.channel.live")


@dataclass(slots=True)
class _Run:
    """What one run knows of itself."""

    id: UUID
    folder: Path
    signs: Signs = field(default_factory=Signs)
    there: int = 0  # segments that ffmpeg has finished
    published: int = 0  # those that have a row
    began_at: datetime | None = None
    moved_at: float = 0.0  # when the last of them was seen to be finished
    beat_at: float = 0.0
    scales: dict[str, int] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    was_ended: bool = False  # by somebody who took us for dead


class Listener:
    """Keeps one source listened to until it is cancelled.

    `desk` runs a function that talks to the database away from the event loop.
    """

    def __init__(
        self,
        source: Source,
        *,
        folder: Path,
        desk: Callable[..., Awaitable[Any]],
        patience: Patience,
    ) -> None:
        self.source = source
        self._folder = folder
        self._desk = desk
        self._patience = patience
        self._has_sound = True
        self._host = environment().live_host

    async def run(self) -> None:
        """For ever; a run that fails at once is tried again after a growing pause."""
        pause = self._patience.retry_min
        while True:
            since = time.monotonic()
            try:
                if self.source.protocol == "srt":
                    await self._one_run(None)
                else:
                    await self._rtmp()
            except (OSError, ValueError) as error:
                _log.warning("%s: %r", self.source.code, error)
            quick = time.monotonic() - since < pause + 1
            pause = min(pause * 2, self._patience.retry_max) if quick else self._patience.retry_min
            await asyncio.sleep(pause)

    async def _rtmp(self) -> None:
        """The gate stays open between senders: one that comes back meets it at once."""
        gate = Gate(host=self._host, port=self.source.port, key=self.source.key)
        await gate.open()
        try:
            while True:
                sender = await gate.next_sender()
                try:
                    await self._one_run(sender)
                finally:
                    sender.close()
        finally:
            await gate.close()

    async def _one_run(self, sender: Sender | None) -> None:
        run = _Run(new_id(), self._folder)
        run.folder = self._folder / str(run.id)
        for rung in encoding.RUNGS:
            (run.folder / rung).mkdir(parents=True)
        process = await self._start(run, has_sender=sender is not None)
        try:
            await self._follow(run, process, sender)
        finally:
            await asyncio.shield(self._close(run, process))

    async def _start(self, run: _Run, *, has_sender: bool) -> Process:
        words = encoding.command(
            self.source, program=ffmpeg.binary(), host=self._host, has_sound=self._has_sound
        )
        return await asyncio.create_subprocess_exec(
            *ffmpeg.guarded(words, limits=LIMITS),
            cwd=run.folder,
            stdin=asyncio.subprocess.PIPE if has_sender else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            limit=_LINE_BYTES_MAX,
            env=os.environ | {"AV_LOG_FORCE_NOCOLOR": "1"},
        )

    async def _follow(self, run: _Run, process: Process, sender: Sender | None) -> None:
        """Until ffmpeg ends, or has to be ended."""
        reading = [
            asyncio.create_task(_hear(process.stdout, run, is_error=False)),
            asyncio.create_task(_hear(process.stderr, run, is_error=True)),
        ]
        if sender is not None:
            assert process.stdin is not None
            run.signs.connected_at = time.monotonic()
            reading.append(asyncio.create_task(sender.pump(process.stdin)))
        try:
            while process.returncode is None and not self._is_lost(run):
                await self._step(run)
                if run.began_at is None:
                    os.utime(run.folder)  # a stray folder is one that nobody touches
                await asyncio.sleep(self._patience.poll)
        finally:
            for task in reading[2:]:
                task.cancel()
            if process.returncode is None:
                await self._end(process)
            for task in reading:
                with suppress(asyncio.CancelledError):
                    await task
        self._learn(run)

    async def _end(self, process: Process) -> None:
        """In order if it can: what is encoded is written. A stopped process hears nothing."""
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), self._patience.stop)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _is_lost(self, run: _Run) -> bool:
        """Wedged: a signal is there and no segment comes of it. Or taken for dead by others."""
        since = max(run.moved_at, run.signs.connected_at or 0.0)
        wedged = bool(run.signs.connected_at) and time.monotonic() - since > self._patience.wedged
        if wedged:
            _log.warning("%s: no segment for %.0f s", self.source.code, self._patience.wedged)
        return wedged or run.was_ended

    def _learn(self, run: _Run) -> None:
        """Whether a signal has sound is known once it was there; the next run goes by it."""
        signs = run.signs
        if signs.lacks_sound:
            self._has_sound = False
        elif signs.has_sound:
            self._has_sound = True
        if not run.published and signs.connected_at:
            _log.info("%s: no session; ffmpeg said %s", self.source.code, list(signs.tail)[-3:])

    async def _step(self, run: _Run) -> None:
        """Publish what is finished and give a sign of life; database or store may be away."""
        while self._is_there(run, run.there):
            run.there += 1
            run.moved_at = time.monotonic()
        try:
            await self._publish(run)
            await self._beat(run)
        except Exception as error:  # noqa: BLE001 - database or store: the signal is not cut for it
            _log.warning("%s: %r; tried again", self.source.code, error)
            await asyncio.sleep(TROUBLE_SECONDS)

    async def _publish(self, run: _Run) -> None:
        fresh = range(run.published, run.there)
        if not fresh:
            return
        await self._desk(places.bring_to_store, session_id=run.id, numbers=fresh, to=store())
        if run.began_at is None:
            run.began_at = await self._desk(
                sessions.begin_session,
                session_id=run.id,
                source_id=self.source.id,
                began_at=_began(run.signs),
                facts={**run.facts, "health": run.signs.health(at=time.monotonic())},
                now=clock.now(),
            )
            _log.info("%s: on air", self.source.code)
        await self._desk(
            sessions.add_segments,
            session_id=run.id,
            began_at=run.began_at,
            numbers=fresh,
            now=clock.now(),
        )
        run.published = fresh.stop

    def _is_there(self, run: _Run, number: int) -> bool:
        """Whether every rung has it, under its final name and two seconds long."""
        paths = {rung: run.folder / rung / SEGMENT_FILE.format(number) for rung in encoding.RUNGS}
        if not all(path.exists() for path in paths.values()):
            return False
        if not run.scales:
            _name_inits(run.folder)
            run.scales = {
                rung: timescale((run.folder / rung / INIT_FILE).read_bytes()) for rung in paths
            }
            run.facts = encoding.facts(run.folder, init=INIT_FILE)
        heads = {rung: path.read_bytes() for rung, path in paths.items()}
        return encoding.is_whole(heads, run.scales)

    async def _beat(self, run: _Run) -> None:
        at = time.monotonic()
        moved = run.signs.moved_at or 0.0
        if run.began_at is None or at - run.beat_at < self._patience.beat:
            return
        if at - moved > self._patience.wedged:
            return  # the encoder shows no sign of life; neither do we
        run.beat_at = at
        alive = await self._desk(
            sessions.beat, session_id=run.id, health=run.signs.health(at=at), now=clock.now()
        )
        run.was_ended = not alive

    async def _close(self, run: _Run, process: Process) -> None:
        """The last finished segments, the end; or no trace where nothing came."""
        if process.returncode is None:
            process.kill()
            await process.wait()
        if run.signs.connected_at:
            await self._step(run)
        if run.began_at is None:
            shutil.rmtree(run.folder, ignore_errors=True)
            return
        with suppress(*sessions.DATABASE_TROUBLE):  # then it is found dead, and ended so
            await self._desk(sessions.end_session, session_id=run.id, now=clock.now())
        _log.info("%s: off air after %d segments", self.source.code, run.published)


async def _hear(stream: asyncio.StreamReader | None, run: _Run, *, is_error: bool) -> None:
    assert stream is not None
    with suppress(ValueError):  # a line too long to be one of ffmpeg's: stop listening to it
        while line := await stream.readline():
            text, at = line.decode("utf-8", "replace").rstrip(), time.monotonic()
            if is_error:
                run.signs.hear_error(text, at=at, unix=time.time())
            else:
                run.signs.hear(text, at=at, unix=time.time())


def _name_inits(folder: Path) -> None:
    """Initialisation segments get the name that everybody knows; ffmpeg numbers them."""
    for rung in encoding.RUNGS:
        written = folder / rung / encoding.written_init(rung)
        if written.exists():
            written.rename(folder / rung / INIT_FILE)


def _began(signs: Signs) -> datetime:
    """When media time 0 came in: the encoder's clock against ours, else a segment ago."""
    unix = signs.began_unix or time.time() - encoding.SEGMENT_SECONDS
    return datetime.fromtimestamp(unix, timezone.utc)
