"""The floor: what a fast-lane process knows of the drops that matter now, without Django.

`tick` reads the drops and their free units and writes what was counted since the last one;
between ticks every answer comes from memory. What is noted counts to the second of the next
tick, so the hot path never asks the clock for it.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kotinos.drops import latency, statements
from kotinos.drops.contracts import ERROR_CODES, SIGNAL_SECONDS, DropView, FloorSignals
from kotinos.kernel import fast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from psycopg import AsyncConnection

    from kotinos.drops.statements import FreeRow, RecentRow
    from kotinos.kernel.fast import Pool
    from kotinos.kernel.statement import Param

KEPT_AFTER_CLOSE = timedelta(hours=1)
"""Payments of the last holds still arrive after a drop has closed."""
PULSE_SECONDS_KEPT = 3  # Seconds before that are written and do not change any more.


@dataclass(slots=True)
class Seen:
    """What this process counted of one drop in one second (or since the last tick)."""

    arrivals: int = 0
    admissions: int = 0
    holds: int = 0
    orders: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    latency: Counter[int] = field(default_factory=Counter)
    units_free: int = 0
    units_held: int = 0

    def add(self, other: Seen) -> None:
        self.arrivals += other.arrivals
        self.admissions += other.admissions
        self.holds += other.holds
        self.orders += other.orders
        self.refused += other.refused
        self.latency += other.latency


class Floor:
    """Drops in memory and counters about them, for one process. One event loop uses it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._process = secrets.randbits(31)  # Two machines may have one process number.
        self._drops: dict[UUID, DropView] = {}
        self._free: dict[tuple[UUID, UUID], dict[UUID, int]] = {}
        self._held: Counter[UUID] = Counter()
        self._lines: dict[UUID, tuple[int, int]] = {}
        self._done: list[tuple[UUID, str]] = []
        self._told: dict[UUID, tuple[int, int]] = {}
        self._new: dict[UUID, Seen] = {}
        self._seconds: dict[tuple[UUID, int], Seen] = {}
        self._signals: dict[UUID, FloorSignals] = {}

    async def tick(self, *, now: datetime) -> None:
        """Read drops, units and everybody's pulses; write ours. Every half second.

        Raises what the database raises; memory then stays as it was, and nothing noted is lost.
        """
        second = int(now.timestamp())
        async with self._pool.connection() as conn:
            drops = await fast.run(
                conn,
                statements.read_drops,
                ids=None,
                slugs=None,
                live_after=now - KEPT_AFTER_CLOSE,
            )
            ids: list[UUID] = [drop.id for drop in drops]
            if ids:
                self._learn_units(await fast.run(conn, statements.free_units, ids=ids))
            self._drops = {drop.id: drop for drop in drops}
            await self._flush(conn, second)
            if ids:
                recent = await fast.run(
                    conn, statements.recent_pulses, ids=ids, second=second, seconds=SIGNAL_SECONDS
                )
                self._signals = {row.drop_id: self._signal(row) for row in recent}

    # What is known.

    def drops(self) -> tuple[DropView, ...]:
        """Every published drop that is coming, open, or closed within the last hour."""
        return tuple(self._drops.values())

    def drop(self, drop_id: UUID) -> DropView | None:
        """The drop with this id, when it is among them."""
        return self._drops.get(drop_id)

    def drop_called(self, slug: str) -> DropView | None:
        """The drop of this slug, when it is among them."""
        return next((drop for drop in self._drops.values() if drop.slug == slug), None)

    def units_free(self, drop_id: UUID, variant_id: UUID) -> int:
        """Free units of one variant as of the last tick or the last answer of the database."""
        return sum(self._free.get((drop_id, variant_id), {}).values())

    def units_free_of(self, drop_id: UUID) -> int:
        """Free units of all variants of a drop."""
        drop = self._drops.get(drop_id)
        if drop is None:
            return 0
        return sum(self.units_free(drop_id, variant.id) for variant in drop.variants)

    def sold_out(self, drop_id: UUID, variant_id: UUID, location_id: UUID) -> bool:
        """Whether nothing of a variant is free at a place: the answer that costs no statement.

        By drop as well as variant, because a rehearsal sells the same variant from other shelves.
        """
        return self._free.get((drop_id, variant_id), {}).get(location_id, 0) <= 0

    def signals(self, drop_id: UUID) -> FloorSignals:
        """What all processes saw of a drop, for the conduct of its room; all 0 before any."""
        return self._signals.get(drop_id) or FloorSignals(
            self.units_free_of(drop_id), 0.0, 0.0, 0.0, 0.0, 0.0
        )

    # What is noted.

    def note_free(
        self, drop_id: UUID, variant_id: UUID, location_id: UUID, units_free: int
    ) -> None:
        """The database just said what is left somewhere: do not wait for the tick."""
        self._free.setdefault((drop_id, variant_id), {})[location_id] = units_free

    def note_line(self, room_id: UUID, *, joins: int, admissions: int) -> None:
        """What the room of a drop has counted in this process since it started."""
        before = self._lines.get(room_id, (0, 0))
        self._lines[room_id] = (joins, admissions)
        for drop in self._drops.values():
            if drop.room_id == room_id and (joins, admissions) != before:
                seen = self._seen(drop.id)
                seen.arrivals += joins - before[0]
                seen.admissions += admissions - before[1]

    def note_hold(self, drop_id: UUID, identity: str) -> None:
        """Units were set aside for somebody, alone or as part of an order."""
        self._seen(drop_id).holds += 1
        drop = self._drops.get(drop_id)
        if drop is not None:
            self._done.append((drop.room_id, identity))

    def take_done(self) -> list[tuple[UUID, str]]:
        """Who has got units since this was last asked, by room: no unit need wait for them."""
        done, self._done = self._done, []
        return done

    def note_order(self, drop_id: UUID, count: int = 1) -> None:
        """An order was placed."""
        self._seen(drop_id).orders += count

    def note_refusal(self, drop_id: UUID, code: str) -> None:
        """A write was answered with no; the code is the answer's."""
        self._seen(drop_id).refused[code] += 1

    def note_latency(self, drop_id: UUID, seconds: float) -> None:
        """A write took so long, from its last byte in to its first byte out."""
        self._seen(drop_id).latency[latency.bucket(seconds)] += 1

    def _seen(self, drop_id: UUID) -> Seen:
        found = self._new.get(drop_id)
        if found is None:
            found = self._new[drop_id] = Seen()
        return found

    # What a tick does.

    def _learn_units(self, rows: Iterable[FreeRow]) -> None:
        free: dict[tuple[UUID, UUID], dict[UUID, int]] = {}
        held: Counter[UUID] = Counter()
        for row in rows:
            free.setdefault((row.drop_id, row.variant_id), {})[row.location_id] = row.free
            held[row.drop_id] += row.held
        self._free, self._held = free, held

    async def _flush(self, conn: AsyncConnection[Any], second: int) -> None:
        fresh, self._new = self._new, {}
        for drop_id, seen in fresh.items():
            self._seconds.setdefault((drop_id, second), Seen()).add(seen)
        for drop in self._drops.values():
            # Units that moved without traffic (a hold ran out) are news as well.
            units = (self.units_free_of(drop.id), self._held[drop.id])
            if units != self._told.get(drop.id):
                self._seconds.setdefault((drop.id, second), Seen())
                self._told[drop.id] = units
        for (drop_id, at), seen in self._seconds.items():
            if at == second:  # What an earlier second saw of the shelves stays as it was.
                seen.units_free = self.units_free_of(drop_id)
                seen.units_held = self._held[drop_id]
        if self._seconds:
            await fast.run(conn, statements.flush_pulses, **self._pulses())
        oldest = second - PULSE_SECONDS_KEPT
        self._seconds = {key: seen for key, seen in self._seconds.items() if key[1] > oldest}

    def _pulses(self) -> dict[str, Param]:
        rows: Sequence[tuple[UUID, int, Seen]] = [
            (drop_id, second, seen) for (drop_id, second), seen in self._seconds.items()
        ]
        return {
            "process": self._process,
            "drop_id": [drop_id for drop_id, _, _ in rows],
            "second": [second for _, second, _ in rows],
            "arrivals": [seen.arrivals for _, _, seen in rows],
            "admissions": [seen.admissions for _, _, seen in rows],
            "holds": [seen.holds for _, _, seen in rows],
            "orders": [seen.orders for _, _, seen in rows],
            "refused": [json.dumps(seen.refused) for _, _, seen in rows],
            "latency": [json.dumps(seen.latency) for _, _, seen in rows],
            "units_free": [seen.units_free for _, _, seen in rows],
            "units_held": [seen.units_held for _, _, seen in rows],
        }

    def _signal(self, row: RecentRow) -> FloorSignals:
        times = latency.merged(pulse.latency for pulse in row.recent)
        refused: Counter[str] = Counter()
        for pulse in row.recent:
            refused.update(pulse.refused)
        errors = sum(refused[code] for code in ERROR_CODES)
        return FloorSignals(
            units_free=self.units_free_of(row.drop_id),
            completions_per_s=sum(pulse.orders for pulse in row.recent) / SIGNAL_SECONDS,
            refusals_per_s=sum(refused.values()) / SIGNAL_SECONDS,
            errors_per_s=errors / SIGNAL_SECONDS,
            p50_ms=latency.quantile_ms(times, 0.5),
            p99_ms=latency.quantile_ms(times, 0.99),
        )
