"""What one batch does in one transaction, statement by statement. No Django.

Each package's tables are touched by its own statements; that they are one transaction is decided
here. Order of locks: the drop (advisory), orders by id, stock levels by key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.kernel import fast
from kotinos.orders import statements as orders
from kotinos.payments import statements as payments
from kotinos.rights.contracts import Act, Outlet, use_bit
from kotinos.stock import statements as stock

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from psycopg import AsyncConnection

    from kotinos.kernel.batcher import Arrays
    from kotinos.kernel.statement import Scalar
    from kotinos.orders.statements import PlacedRow
    from kotinos.payments.statements import NoticeRow
    from kotinos.stock.statements import HoldRow

SELL = use_bit(Act.SELL, Outlet.OWN_SHOP)
SHIP = use_bit(Act.SHIP, Outlet.OWN_SHOP)
OF_HOLDS = [
    "key",
    "variant_id",
    "location_id",
    "units",
    "held_at",
    "expires_at",
    "holder",
    "holder_units_max",
]
OF_ORDERS = ["key", "number", "intent", "email", "address", "language", "person"]


async def hold(conn: AsyncConnection[Any], arrays: Arrays) -> list[tuple[int, HoldRow]]:
    """Set units aside, never more than a holder's limit."""
    async with conn.transaction():
        await fast.run(conn, stock.lock_scopes, scope=arrays["scope"])
        return await fast.run(conn, stock.hold_units, **{name: arrays[name] for name in OF_HOLDS})


async def release(conn: AsyncConnection[Any], arrays: Arrays) -> list[tuple[int, int]]:
    """Give back what keys hold, where no order rests on it."""
    ordered = set(await fast.run(conn, orders.known_orders, keys=arrays["key"]))
    rows = [at for at, key in enumerate(arrays["key"], 1) if key not in ordered]
    kept = [(at, 0) for at, key in enumerate(arrays["key"], 1) if key in ordered]
    if not rows:
        return kept
    keys, moments = [arrays["key"][at - 1] for at in rows], [arrays["at"][at - 1] for at in rows]
    freed = await fast.run(conn, stock.release_holds, key=keys, at=moments)
    return kept + [(rows[at - 1], units) for at, units in freed]


Bought = tuple["HoldRow", "PlacedRow | None"]


async def buy(conn: AsyncConnection[Any], arrays: Arrays) -> list[tuple[int, Bought]]:
    """Set units aside, or find them set aside before, and write the orders that rest on them.

    What is held and may not be ordered (its quote is closed, or its rights are gone) is given back.
    """
    async with conn.transaction():
        await fast.run(conn, stock.lock_scopes, scope=arrays["scope"])
        rows = await fast.run(conn, stock.hold_units, **{name: arrays[name] for name in OF_HOLDS})
        held = {at - 1: row for at, row in rows if row.hold_id is not None}
        placed = await _place(conn, held, arrays) if held else {}
        await _give_back(
            conn, [at for at in held if held[at].ended_as is None and at not in placed], arrays
        )
    return [(at, (row, placed.get(at - 1))) for at, row in rows]


async def _place(
    conn: AsyncConnection[Any], held: Mapping[int, HoldRow], arrays: Arrays
) -> dict[int, PlacedRow]:
    """Orders, and an intent for each new one, by position. Of a hold that has ended only an order
    placed before is found: it is asked for without a quote.
    """
    wanted = {name: [arrays[name][at] for at in held] for name in OF_ORDERS}
    wanted["quote"] = [arrays["quote"][at] if held[at].ended_as is None else None for at in held]
    wanted["units"] = [row.units for row in held.values()]
    wanted["placed_at"] = [arrays["held_at"][at] for at in held]
    wanted["hold_until"] = [row.expires_at for row in held.values()]
    found = await fast.run(conn, orders.place_orders, **wanted, sell_use=SELL, ship_use=SHIP)
    positions = list(held)
    placed = {positions[at - 1]: row for at, row in found if row is not None}
    fresh = {at: row for at, row in placed.items() if not row.again}
    if fresh:
        await fast.run(conn, payments.write_intents, **intents(fresh, arrays))
    return placed


def intents(fresh: Mapping[int, PlacedRow], arrays: Arrays) -> Arrays:
    """What new orders ask money for, as `write_intents` takes it."""
    keys: list[Scalar] = [str(arrays["key"][at]) for at in fresh]
    return {
        "id": [row.intent_id for row in fresh.values()],
        "key": keys,
        "reference": keys,
        "provider": ["sandbox"] * len(fresh),
        "amount_minor": [row.total.minor for row in fresh.values()],
        "currency": [row.total.currency for row in fresh.values()],
        "description": [arrays["description"][at] for at in fresh],
        "language": [arrays["language"][at] for at in fresh],
        "return_url": [arrays["return_url"][at] for at in fresh],
        "created_at": [arrays["held_at"][at] for at in fresh],
    }


async def _give_back(conn: AsyncConnection[Any], at: Collection[int], arrays: Arrays) -> None:
    if at:
        keys, moments = ([arrays[name][each] for each in at] for name in ("key", "held_at"))
        await fast.run(conn, stock.release_holds, key=keys, at=moments)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a notice. Confirmed: its order is, and its units have left, just now."""

    notice: NoticeRow
    is_confirmed: bool


async def settle(conn: AsyncConnection[Any], arrays: Arrays) -> list[tuple[int, Settled]]:
    """Record notices; confirm at once the orders they pay, where all is as it should be.

    Whatever else a payment meets (a lapsed hold, another amount, an order cancelled) is told by
    its event to `resolve`.
    """
    async with conn.transaction():
        rows = await fast.run(conn, payments.record_notices, **arrays)
        paid = {at: UUID(row.reference) for at, row in rows if row.is_paid and row.reference}
        done = await _confirm(conn, set(paid.values()), arrays) if paid else set()
    return [(at, Settled(row, paid.get(at) in done)) for at, row in rows]


class _SomeNotHeldError(Exception):
    """Some of these orders have no open hold: none of them was confirmed."""

    def __init__(self, orders: set[UUID]) -> None:
        super().__init__()
        self.orders = orders


async def _confirm(conn: AsyncConnection[Any], paid: set[UUID], arrays: Arrays) -> set[UUID]:
    """All of them, or all but those whose units are not held any more.

    Another hold may end between two tries; each try has fewer orders, so there is a last one.
    """
    while paid:
        try:
            return await _confirm_held(conn, paid, arrays)
        except _SomeNotHeldError as rest:
            paid = paid - rest.orders
    return set()


async def _confirm_held(
    conn: AsyncConnection[Any], paid: Collection[UUID], arrays: Arrays
) -> set[UUID]:
    now = max(arrays["received_at"])  # type: ignore[type-var]  # all are moments
    async with conn.transaction():  # a savepoint
        confirmed = await fast.run(conn, orders.confirm_orders, orders=sorted(paid), now=now)
        await fast.run(conn, orders.tell_orders, orders=confirmed, state="confirmed", now=now)
        # Last, because the level's row is the one that others wait for.
        taken = await fast.run(conn, stock.take_holds, key=confirmed, at=[now] * len(confirmed))
        left = {confirmed[at - 1] for at, row in taken if not row.fresh}
        if left:
            raise _SomeNotHeldError(left)
    return set(confirmed)
