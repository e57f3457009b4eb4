"""The one who works: takes jobs, packages, publishes; a heart beats beside it for the lease."""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from django.db import Error as DatabaseError
from django.db import connection

from kotinos.channel.ingest import leases, packaging, sweeping
from kotinos.channel.ingest.faults import Bad, Fault
from kotinos.channel.ingest.running import Order, Stopped
from kotinos.channel.live import joining, recording
from kotinos.channel.queries.jobs import Pressure, pressure
from kotinos.channel.store import store, work_folder
from kotinos.kernel import clock
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from kotinos.channel.ingest.leases import Lease

IDLE_SECONDS = 1.0
BEAT_SECONDS = 1.0
SWEEP_SECONDS = 60.0
BLIND_SECONDS_MAX = leases.LEASE.total_seconds() * 0.8
"""So long we go on without reaching the database: then the lease may soon be another's."""
_log = logging.getLogger("kotinos.channel")
Tell = Callable[[int], None]


def holder() -> str:
    """Who we are, in notes and leases."""
    return f"{socket.gethostname()}:{os.getpid()}"[:60]


@dataclass(slots=True)
class Heart:
    """Renews a lease once a second from a thread of its own, and hears what live leaves us."""

    lease: Lease
    stop: threading.Event
    yields_to_live: bool = True
    percent: int = 0
    order: Order = Order.GO
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._live, name="lease", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        assert self._thread is not None
        self._thread.join()

    def _live(self) -> None:
        reached_at = time.monotonic()
        try:
            while not self._done.wait(BEAT_SECONDS):
                try:
                    self._beat()
                    reached_at = time.monotonic()
                except DatabaseError as error:
                    _log.warning("a beat was not written: %s", error)
                    connection.close()
                if time.monotonic() - reached_at > BLIND_SECONDS_MAX:
                    self.order = Order.STOP
        finally:
            connection.close()

    def _beat(self) -> None:
        now = clock.now()
        if self.stop.is_set() or not leases.beat(self.lease, progress=self.percent, now=now):
            self.order = Order.STOP
        elif self.order is not Order.STOP:
            behind = self.yields_to_live and pressure(now=now) is Pressure.BEHIND
            self.order = Order.PAUSE if behind else Order.GO


class Worker:
    """Works on one job at a time until `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._swept_at = float("-inf")

    def run(self) -> None:
        """Until told to stop; what goes wrong with the database passes, or the next start helps."""
        while not self._stop.is_set():
            try:
                worked = self._step()
            except DatabaseError as error:
                _log.warning("the database is away: %s", error)
                connection.close()
                worked = False
            if not worked:
                self._stop.wait(IDLE_SECONDS)
        connection.close()

    def _step(self) -> bool:
        now = clock.now()
        if time.monotonic() - self._swept_at > SWEEP_SECONDS:
            sweeping.sweep(now=now)
            self._swept_at = time.monotonic()
        encodes = pressure(now=now) is Pressure.NONE
        lease = leases.take(holder=holder(), now=now, kind="" if encodes else recording.RECORD)
        if lease is None:
            return False
        work(lease, stop=self._stop)
        return True


def work(
    lease: Lease,
    *,
    stop: threading.Event,
    tell: Tell | None = None,
    yields_to_live: bool = True,
) -> Bad | None:
    """Do one job. The reason where it came to nothing; None when it is done, lost or given back."""
    folder = work_folder() / f"{lease.job_id}.{lease.attempt}"
    try:
        with Heart(lease, stop, yields_to_live) as heart:
            said = _made(lease, folder, heart, tell)
            if isinstance(said, Bad):
                leases.fail(lease, bad=said, now=clock.now())
                return said
            lost = leases.finish(lease, said=said, now=clock.now())
    except (Stopped, KeyboardInterrupt) as end:
        leases.release(lease, now=clock.now())
        if isinstance(end, KeyboardInterrupt):
            raise
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if lost is not None and lost.cancelled:
        store().remove(lease.job_id)
    elif lost is None:
        sweeping.forget_source(lease)
    return None


def _made(lease: Lease, folder: Path, heart: Heart, tell: Tell | None) -> dict[str, object] | Bad:
    """What the package says of itself; made now, or by an attempt that ended before its row."""
    whole = store().whole(lease.job_id)
    if whole is None:
        bad = _make(lease, folder, heart, tell)
        if bad is not None:
            return bad
        whole = store().whole(lease.job_id)
        assert whole is not None
    said: dict[str, object] = json.loads(whole)
    return said


def _make(lease: Lease, folder: Path, heart: Heart, tell: Tell | None) -> Bad | None:
    def beat(percent: int) -> Order:
        if tell is not None and percent > heart.percent:
            tell(percent)
        heart.percent = percent
        return heart.order

    shutil.rmtree(folder, ignore_errors=True)
    poster = sweeping.poster_path(lease.programme_id)
    order = packaging.Order(
        package_id=lease.job_id,
        programme_id=lease.programme_id,
        path=lease.path,
        poster=poster if poster.exists() else None,
        seconds_max=environment().video_hours_max * 3600,
    )
    try:
        folder.mkdir(parents=True)
        make = joining.make if lease.kind == recording.RECORD else packaging.make
        made = make(order, folder=folder, beat=beat)
        if isinstance(made, Bad):
            return made
        _publish(lease, folder, heart)
    except Stopped:
        raise
    except Exception as error:  # noqa: BLE001 - a file must not stop the work on all others
        _log.warning("packaging %s", lease.job_id, exc_info=True)
        return Bad(Fault.INTERRUPTED, f"{type(error).__name__}: {error}"[:300])
    return None


def _publish(lease: Lease, folder: Path, heart: Heart) -> None:
    if heart.order is Order.STOP:
        raise Stopped
    store().publish(lease.job_id, folder)
