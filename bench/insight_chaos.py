"""Kills collector, follower and database at random instants while two official SDKs send.

Each kill is SIGKILL; whatever died is started again. In the end the lake is read past everything
that serves it: every event an SDK saw acknowledged is there exactly once, and of all that was
accepted the ledger says where it is, to the event.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from bench import collect_world
from bench.chaos_parts import App, Database, database_behind, free_ports, troubles
from bench.serving import ROOT
from bench.shop import temporary_shop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bench.insight_senders import Senders, Told

KILLS, KILLS_FULL = 12, 100
ALIVE_SECONDS = (0.1, 2.5)  # between a restart and the next kill
SEND_SECONDS = 1.0  # after the last kill

Figures = dict[str, float | int]


class Kill(Enum):
    """What dies."""

    COLLECTOR = "collector"
    FOLLOWER = "follower"
    DATABASE = "database"
    COLLECTORS = "both collectors"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the lake holds, against what was said."""

    rows: int
    dead: int
    missing: frozenset[str]
    twice: int
    strange: frozenset[str]


def main(full: bool) -> Figures:  # noqa: FBT001 - the bench's one switch
    """Figures of one run; RuntimeError where something did not come back."""
    seed = int(os.environ.get("KOTINOS_CHAOS_SEED") or secrets.randbits(32))
    kills = KILLS_FULL if full else KILLS
    print(f"{kills} kills, seed {seed} (KOTINOS_CHAOS_SEED={seed} does the same again)")
    with temporary_shop(durable=True) as folder:
        key = collect_world.prepare()
        database = database_behind(os.environ["DATABASE_URL"])
        if database is None:
            raise RuntimeError("the bench's PostgreSQL is not where it should be")
        chaos = Chaos(key, database, folder, dict(os.environ), seed)
        return chaos.run(kills)


@dataclass(slots=True)
class Follower:
    """The process that brings the log into the lake, in a process group of its own."""

    log: Path
    environ: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "bench.insight_follower"],
                cwd=ROOT,
                env={**self.environ, "PYTHONPATH": str(ROOT)},
                start_new_session=True,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """SIGKILL; RuntimeError where it had ended by itself. Nothing where none runs."""
        if self._process is None:
            return
        ended = self._process.poll()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        if ended is not None:
            raise RuntimeError(f"the follower ended by itself with {ended}: see {self.log}")


@dataclass(slots=True)
class Chaos:
    """One run. `folder`: where what is started says what it says."""

    key: str
    database: Database
    folder: Path
    environ: Mapping[str, str]
    seed: int
    apps: list[App] = field(init=False)
    follower: Follower = field(init=False)
    senders: Senders = field(init=False)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        from bench.insight_senders import Senders  # noqa: PLC0415 - the SDKs are for this alone

        ports = free_ports(2)
        self.chance = random.Random(self.seed)
        self.apps = [App(port, self.folder / "servers.log", self.environ) for port in ports]
        self.follower = Follower(self.folder / "follower.log", self.environ)
        self.senders = Senders((ports[0], ports[1]), self.key, seed=self.seed)

    def run(self, kills: int) -> Figures:
        """Kill so often, then look."""
        began = time.monotonic()
        try:
            self._start(self.apps)
            self.follower.start()
            self.senders.start()
            for kind in self._kinds(kills):
                self._once(kind)
            time.sleep(SEND_SECONDS)
            self.senders.stop()
            collect_world.wait_until_taken()
            figures = self._figures(kills)
        finally:
            self.follower.kill()
            for app in self.apps:
                app.kill()
        return figures | {"seconds": round(time.monotonic() - began, 1)}

    def _kinds(self, kills: int) -> Iterator[Kill]:
        """Each kind equally often, in any order."""
        kinds = [list(Kill)[at % len(Kill)] for at in range(kills)]
        self.chance.shuffle(kinds)
        yield from kinds

    def _once(self, kind: Kill) -> None:
        time.sleep(self.chance.uniform(*ALIVE_SECONDS))
        dying = {
            Kill.COLLECTOR: [self.chance.choice(self.apps)],
            Kill.COLLECTORS: self.apps,
            Kill.ALL: self.apps,
        }.get(kind, [])
        for app in dying:
            app.kill()
        if kind in {Kill.FOLLOWER, Kill.ALL}:
            self.follower.kill()
        if kind in {Kill.DATABASE, Kill.ALL}:
            self.database.kill()
            time.sleep(self.chance.uniform(0.0, 0.5))
            self.database.restart()
            _forget_connection()
        if kind in {Kill.FOLLOWER, Kill.ALL}:
            self.follower.start()
        self._start(dying)
        told = self.senders.told
        print(f"{kind.value:<16}{len(told.acknowledged):>9,} of {len(told.sent):,} acknowledged")

    def _start(self, apps: list[App]) -> None:
        for app in apps:
            app.start()
        for app in self.apps:
            app.wait()

    def _figures(self, kills: int) -> Figures:
        found, stands = look(self.senders.told), collect_world.balance()
        for log in (self.folder / "servers.log", self.folder / "follower.log"):
            for trouble, count in Counter(troubles(log)).items():
                print(f"unexpected {count} times: {trouble}")
        known = stands.queryable + stands.duplicates + stands.dead
        known += stands.erased + stands.expired + stands.backlog
        uncounted = abs(stands.accepted - known)
        uncounted += abs(stands.queryable - found.rows) + abs(stands.dead - found.dead)
        if found.strange:
            raise RuntimeError(f"{len(found.strange)} events are there that nobody sent")
        return {
            "kills": kills,
            "accepted": stands.accepted,
            "queryable": stands.queryable,
            "duplicates": stands.duplicates,
            "dead": stands.dead,
            "erased": stands.erased,
            "expired": stands.expired,
            "backlog": stands.backlog,
            "lost": len(found.missing) + uncounted,
            "twice": found.twice,
            "acknowledged": len(self.senders.told.acknowledged),
        }


def look(told: Told) -> Finding:
    """Read the files that count, and compare their ids with what was sent and acknowledged."""
    from kotinos.insight.tables import DEAD, EVENTS  # noqa: PLC0415 - after django.setup

    rows = list(_ids(EVENTS.name))
    there = frozenset(rows)
    return Finding(
        rows=len(rows),
        dead=len(list(_ids(DEAD.name))),
        missing=frozenset(told.acknowledged - there),
        twice=len(rows) - len(there),
        strange=there - told.sent,
    )


def _ids(table: str) -> Iterator[str]:
    from kotinos.insight.lake import manifest  # noqa: PLC0415 - after django.setup
    from kotinos.insight.lake.store import lake  # noqa: PLC0415 - the same

    for file in manifest.current(table=table):
        found = pq.read_table(pa.BufferReader(lake().read(file.key)), columns=["id"])
        if found.num_rows != file.rows:
            raise RuntimeError(f"{file.key} has {found.num_rows} rows, not {file.rows}")
        yield from found["id"].to_pylist()


def _forget_connection() -> None:
    """Ours was to a server that was killed; the next word makes another."""
    from django.db import connection  # noqa: PLC0415 - after django.setup

    connection.close()
