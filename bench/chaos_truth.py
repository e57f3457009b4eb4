"""What the database holds, read past the application, beside what the crowd was told.

Every reading is one snapshot, so it may be taken while buyers buy: what was told before it is in
it, and every sum in it must be right at that instant.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import psycopg
from psycopg import IsolationLevel

from kotinos.stock.statements import ledger_gap

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bench.chaos_crowd import Told
    from bench.drop_world import HotOffer

LATE_AFTER = timedelta(seconds=1)
WATCH_SECONDS = 0.05
_ORDERS = """
SELECT
    orders_order.id, number, line.units,
    ARRAY(SELECT name FROM orders_state WHERE order_id = orders_order.id)::text[],
    EXISTS (SELECT FROM payments_capture WHERE intent_id = orders_order.intent_id)
FROM orders_order JOIN orders_orderline AS line ON line.order_id = orders_order.id
WHERE line.variant_id = %s
"""
_LEFT = "SELECT key, -units FROM stock_movement WHERE variant_id = %s AND kind = 'taken'"
_RECEIVED = """
SELECT coalesce(sum(units), 0)::int FROM stock_movement WHERE variant_id = %s AND kind <> 'taken'
"""
_HELD = """
SELECT coalesce(sum(units), 0)::int FROM stock_hold WHERE variant_id = %s AND ended_as IS NULL
"""
_OVER_LIMIT = """
SELECT coalesce(sum(units - %s), 0)::int
FROM (
    SELECT sum(units) AS units
    FROM stock_hold
    WHERE variant_id = %s AND (ended_as IS NULL OR ended_as = 'taken')
    GROUP BY holder
) AS buyer
WHERE units > %s
"""
_RELEASED = "SELECT key FROM stock_hold WHERE key = ANY(%s) AND ended_as = 'released'"
_OVERDUE = """
SELECT id, expires_at, clock_timestamp()
FROM stock_hold WHERE ended_as IS NULL AND expires_at < clock_timestamp() - interval '1 second'
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An order as it stands."""

    number: str
    units: int
    states: frozenset[str]
    is_captured: bool

    @property
    def is_confirmed(self) -> bool:
        return "confirmed" in self.states


@dataclass(frozen=True, slots=True)
class Finding:
    """One reading. All but the first three must be 0; `lost_words` says what was lost."""

    received: int
    confirmed: int
    held: int
    oversold: int
    homeless: int  # units that left and are in no confirmed order: nobody has them
    lost: int
    over_limit: int
    ledger_gap: int
    lost_words: tuple[str, ...] = ()


@dataclass(slots=True)
class Truth:
    """Readings of one offer; what was once confirmed is remembered."""

    url: str
    offer: HotOffer
    limit: int = 2
    orders: dict[UUID, Row] = field(default_factory=dict)
    _confirmed: set[UUID] = field(default_factory=set)

    def read(self, told: Told) -> Finding:
        """Compare. `told` must have been copied before."""
        variant = self.offer.variant_id
        with psycopg.connect(self.url) as conn:
            conn.isolation_level = IsolationLevel.REPEATABLE_READ
            self.orders = {
                row[0]: Row(row[1], row[2], frozenset(row[3]), row[4])
                for row in conn.execute(_ORDERS, [variant])
            }
            left: dict[UUID, int] = dict(conn.execute(_LEFT, [variant]).fetchall())
            received, held = (_one(conn, text, variant) for text in (_RECEIVED, _HELD))
            over = _one(conn, _OVER_LIMIT, self.limit, variant, self.limit)
            gap = _one(conn, ledger_gap.text)
            given = list(told.given_back)
            released = {row[0] for row in conn.execute(_RELEASED, [given])}
        lost = self._lost(told, released)
        return Finding(
            received=received,
            confirmed=self._units_confirmed(),
            held=held,
            oversold=self._oversold(left, received, held),
            homeless=self._homeless(left),
            lost=len(lost),
            over_limit=over,
            ledger_gap=gap,
            lost_words=tuple(lost[:5]),
        )

    def captured_in_vain(self) -> list[UUID]:
        """Orders of the last reading that were paid for and are not at their end."""
        ends = {"confirmed", "refunded"}
        return [
            id_ for id_, row in self.orders.items() if row.is_captured and not row.states & ends
        ]

    def _units_confirmed(self) -> int:
        return sum(row.units for row in self.orders.values() if row.is_confirmed)

    def _oversold(self, left: dict[UUID, int], received: int, held: int) -> int:
        """Units promised beyond what there is, and units of confirmed orders that never left."""
        beyond = max(0, sum(left.values()) + held - received, self._units_confirmed() - received)
        return beyond + sum(
            abs(row.units - left.get(id_, 0) - left.get(uuid5(id_, "late"), 0))
            for id_, row in self.orders.items()
            if row.is_confirmed
        )

    def _homeless(self, left: dict[UUID, int]) -> int:
        confirmed = {id_ for id_, row in self.orders.items() if row.is_confirmed}
        homes = confirmed | {uuid5(id_, "late") for id_ in confirmed}
        return sum(units for key, units in left.items() if key not in homes)

    def _lost(self, told: Told, released: Collection[UUID]) -> list[str]:
        words = [f"{id_} was placed, then {said} was said" for id_, said in told.changed.items()]
        for id_, said in told.orders.items():
            row = self.orders.get(id_)
            if row is None or (row.number, row.units) != said:
                words.append(f"{id_} was placed as {said}, and is {row}")
        states = {id_: row.states for id_, row in self.orders.items()}
        for kept, name in ((told.in_time, "paid in time"), (self._confirmed, "confirmed before")):
            words += [
                f"{id_} was {name}, and is {states.get(id_)}"
                for id_ in kept
                if "confirmed" not in states.get(id_, frozenset())
            ]
        captured = {id_ for id_, row in self.orders.items() if row.is_captured}
        words += [f"the payment of {id_} is not on record" for id_ in told.paid - captured]
        words += [f"{key} was given back" for key in told.given_back - set(released)]
        self._confirmed |= {id_ for id_, row in self.orders.items() if row.is_confirmed}
        return words


def _one(conn: psycopg.Connection[Any], text: str, *values: object) -> int:
    row = conn.execute(text.encode(), values or None).fetchone()
    assert row is not None
    return int(row[0])


class Watch:
    """Looks for holds that outlive their time by more than a second while the sale is up."""

    def __init__(self, url: str) -> None:
        self.late: dict[UUID, float] = {}  # seconds beyond the promised one, by hold
        self._url = url
        self._up_since: datetime | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)

    def is_up(self, since: datetime) -> None:
        """The sale answers again. What ended while it was down has a second from here."""
        self._up_since = since

    def is_down(self) -> None:
        self._up_since = None

    def _watch(self) -> None:
        while not self._stop.wait(WATCH_SECONDS):
            with suppress(psycopg.Error), psycopg.connect(self._url, autocommit=True) as conn:
                while not self._stop.wait(WATCH_SECONDS):
                    self._look(conn)

    def _look(self, conn: psycopg.Connection[Any]) -> None:
        since = self._up_since
        rows = conn.execute(_OVERDUE).fetchall()
        if since is None or since != self._up_since:
            return  # it went down meanwhile: nobody was there to give the units back
        for hold, expires_at, seen_at in rows:
            over = seen_at - max(expires_at, since) - LATE_AFTER
            if over > timedelta(0):
                self.late[hold] = over.total_seconds()
