"""Kills the application and the database of a drop at random instants, and looks for damage.

Buyers buy without pause from two server processes on one durable PostgreSQL. Each kill is SIGKILL;
after each, whatever died is started again and the database is compared with everything that
buyers were told. In the end all holds run out and the rest is sold: exactly what arrived.
Times are real but the hold's, which is seconds instead of minutes.
"""

from __future__ import annotations

import os
import random
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from bench.chaos_crowd import Crowd, wait_for
from bench.chaos_parts import App, Database, database_behind, free_ports, troubles
from bench.chaos_truth import Finding, Truth, Watch
from bench.drop_world import open_drop
from bench.shop import temporary_shop
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.drop_world import HotOffer

KILLS, KILLS_FULL = 8, 56
APPS, HANDS = 2, 12
TRANCHE = 250  # units that arrive when fewer are left: enough to sell, few enough to sell out
HOLD_SECONDS = 2
ALIVE_SECONDS = (0.1, 1.6)  # between a restart and the next kill
END_SECONDS_MAX = 120.0

Figures = dict[str, float | int | dict[str, float] | None]


class Kill(Enum):
    """What dies."""

    DATABASE = "database"
    APPLICATION = "application"  # all its processes
    PROCESS = "process"  # one of them; the other sells on
    ALL = "all"


def main(full: bool) -> Figures:  # noqa: FBT001 - the bench's one switch
    """Figures of one run; RuntimeError where something did not come back."""
    seed = int(os.environ.get("KOTINOS_CHAOS_SEED") or secrets.randbits(32))
    kills = KILLS_FULL if full else KILLS
    print(f"{kills} kills, seed {seed} (KOTINOS_CHAOS_SEED={seed} does the same again)")
    with temporary_shop(durable=True) as folder:
        offer = open_drop(folder, units=TRANCHE)
        shorten_holds(offer)
        database = database_behind(os.environ["DATABASE_URL"])
        if database is None:
            raise RuntimeError("the bench's PostgreSQL is not where it should be")
        crowd = Crowd(offer, free_ports(APPS), hands=HANDS, seed=seed)
        chaos = Chaos(offer, database, random.Random(seed), crowd, folder / "servers.log")
        return chaos.run(kills)


@dataclass(slots=True)
class Chaos:
    """One run."""

    offer: HotOffer
    database: Database
    chance: random.Random
    crowd: Crowd
    log: Path
    findings: list[Finding] = field(default_factory=list)
    apps: list[App] = field(init=False)
    truth: Truth = field(init=False)
    watch: Watch = field(init=False)
    back_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.apps = [App(port, self.log) for port in self.crowd.ports]
        self.truth = Truth(self.database.url, self.offer)
        self.watch = Watch(self.database.url)

    def run(self, kills: int) -> Figures:
        began = time.monotonic()
        try:
            self._start(self.apps)
            self.crowd.start()
            self.watch.start()
            for kind in self._kinds(kills):
                self._once(kind)
            rest = self._sell_the_rest()
        finally:
            self.crowd.stop()
            self.watch.stop()
            for app in self.apps:
                app.kill()
        return self._figures(kills, rest, time.monotonic() - began)

    def _kinds(self, kills: int) -> Iterator[Kill]:
        """Each kind equally often, in any order."""
        kinds = [list(Kill)[at % len(Kill)] for at in range(kills)]
        self.chance.shuffle(kinds)
        yield from kinds

    def _once(self, kind: Kill) -> None:
        rest = self.truth.read(self.crowd.told.snapshot())
        if rest.received - rest.confirmed < TRANCHE:
            receive(self.offer, TRANCHE)
        time.sleep(self.chance.uniform(*ALIVE_SECONDS))
        dying = {Kill.PROCESS: [self.chance.choice(self.apps)], Kill.DATABASE: []}.get(
            kind, self.apps
        )
        if kind is Kill.PROCESS:
            self.watch.is_up(clock.now())  # the other leads within the same second
        else:
            self.watch.is_down()
        killed = time.monotonic()
        for app in dying:
            app.kill()
        if kind in {Kill.DATABASE, Kill.ALL}:
            self.database.kill()
            self.database.restart()
            forget_connection()
        self._start(dying)
        self.back_s.append(time.monotonic() - killed)
        self._check(kind.value)

    def _start(self, apps: list[App]) -> None:
        for app in apps:
            app.start()
        for app in self.apps:
            app.wait()
        self.watch.is_up(clock.now())

    def _check(self, after: str) -> None:
        told = self.crowd.told.snapshot()
        finding = self.truth.read(told)
        self.findings.append(finding)
        print(
            f"{after:<12} {finding.confirmed:>6} of {finding.received} units sold,"
            f" {finding.held} held, {len(told.orders)} orders told, {told.came_back} came back"
        )
        for words in finding.lost_words:
            print(f"  LOST: {words}")

    def _sell_the_rest(self) -> Finding:
        """Nobody leaves any more, every hold ends, late payments are dealt with: sold out."""
        from kotinos.orders import api as orders  # noqa: PLC0415 - after django.setup

        self.crowd.all_pay()
        for _ in range(3):
            wait_for(self._is_sold_out, seconds_max=END_SECONDS_MAX, what="sold out")
            self.truth.read(self.crowd.told.snapshot())
            for order_id in self.truth.captured_in_vain():
                orders.resolve(order_id=order_id, now=clock.now())
        self.crowd.stop()
        wait_for(self._is_sold_out, seconds_max=END_SECONDS_MAX, what="sold out")
        self._check("the end")
        return self.findings[-1]

    def _is_sold_out(self) -> bool:
        rest = self.truth.read(self.crowd.told.snapshot())
        return rest.held == 0 and rest.confirmed == rest.received

    def _figures(self, kills: int, rest: Finding, seconds: float) -> Figures:
        told = self.crowd.told
        for fault, count in told.faults.items():
            print(f"WRONGLY REFUSED {count} times: {fault}")
        for trouble, count in Counter(troubles(self.log)).items():
            print(f"unexpected {count} times: {trouble}")
        worst = {
            name: max(getattr(finding, name) for finding in self.findings)
            for name in ("oversold", "lost", "over_limit", "ledger_gap")
        }
        homeless = max(finding.homeless for finding in self.findings)
        return {
            "kills": kills,
            "oversold": worst["oversold"],
            "undersold": max(homeless, rest.received - rest.confirmed),
            "lost": worst["lost"],
            "ledger_gap": worst["ledger_gap"],
            "late_holds": len(self.watch.late),
            "over_limit": worst["over_limit"],
            "wrongly_refused": sum(told.faults.values()),
            "orders": len(self.truth.orders),
            "units": rest.received,
            "asked_again": told.came_back,
            "longest_away_s": round(max(self.back_s), 1),
            "seconds": round(seconds, 1),
        }


def shorten_holds(offer: HotOffer) -> None:
    """Seconds to pay instead of minutes: people may not set that, a run cannot wait."""
    from django.db import connection  # noqa: PLC0415 - after django.setup

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE drops_drop DROP CONSTRAINT drops_drop_hold")
        cursor.execute(
            "UPDATE drops_drop SET hold_seconds = %s WHERE id = %s", [HOLD_SECONDS, offer.drop_id]
        )


def receive(offer: HotOffer, units: int) -> None:
    """More units arrive where the drop sells from."""
    from kotinos.kernel.ids import new_id  # noqa: PLC0415 - after django.setup
    from kotinos.orders.models import FixedQuote  # noqa: PLC0415 - the same
    from kotinos.stock import api as stock  # noqa: PLC0415 - the same

    place = FixedQuote.objects.filter(drop_id=offer.drop_id)[0].location_id
    receipt = stock.Receipt(new_id(), offer.variant_id, place, units)
    stock.receive(receipts=[receipt], now=clock.now())


def forget_connection() -> None:
    """Ours was to a server that was killed; the next word makes another."""
    from django.db import connection  # noqa: PLC0415 - after django.setup

    connection.close()
