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
    from collections.abc import Collection

    from psycopg import AsyncConnection

    from kotinos.kernel.batcher import Arrays
    from kotinos.kernel.statement import Scalar
    from kotinos.orders.statements import PlacedRow
    from kotinos.payments.statements import NoticeRow
    from kotinos.stock.statements import HoldRow

SELL = use_bit(Act.SELL, Outlet.OWN_SHOP)
SHIP = use_bit(Act.SHIP, Outlet.OWN_SHOP)
_OF_INTENTS = {"description", "return_url"}


async def hold(conn: AsyncConnection[Any], arrays: Arrays) -> list[tuple[int, HoldRow]]:
    """Set units aside, never more than a holder's limit."""
    held = {name: values for name, values in arrays.items() if name != "scope"}
    async with conn.transaction():
        await fast.run(conn, stock.lock_scopes, scope=arrays["scope"])
        return await fast.run(conn, stock.hold_units, **held)


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


async def place(conn: AsyncConnection[Any], arrays: Arrays) -> list[tuple[int, PlacedRow | None]]:
    """Write orders, and an intent for each new one."""
    written = {name: values for name, values in arrays.items() if name not in _OF_INTENTS}
    async with conn.transaction():
        rows = await fast.run(conn, orders.place_orders, **written, sell_use=SELL, ship_use=SHIP)
        fresh = [(at - 1, row) for at, row in rows if row is not None and not row.again]
        if fresh:
            await fast.run(conn, payments.write_intents, **_intents(fresh, arrays))
    return rows


def _intents(fresh: list[tuple[int, PlacedRow]], arrays: Arrays) -> Arrays:
    """What new orders ask money for, as `write_intents` takes it."""
    at = [position for position, _ in fresh]
    keys: list[Scalar] = [str(arrays["key"][each]) for each in at]
    return {
        "id": [row.intent_id for _, row in fresh],
        "key": keys,
        "reference": keys,
        "provider": ["sandbox"] * len(fresh),
        "amount_minor": [row.total.minor for _, row in fresh],
        "currency": [row.total.currency for _, row in fresh],
        "description": [arrays["description"][each] for each in at],
        "language": [arrays["language"][each] for each in at],
        "return_url": [arrays["return_url"][each] for each in at],
        "created_at": [arrays["placed_at"][each] for each in at],
    }


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
    """All of them, or all but those whose units are not held any more."""
    try:
        return await _confirm_held(conn, paid, arrays)
    except _SomeNotHeldError as rest:
        held = paid - rest.orders
        return await _confirm_held(conn, held, arrays) if held else set()


async def _confirm_held(
    conn: AsyncConnection[Any], paid: Collection[UUID], arrays: Arrays
) -> set[UUID]:
    now = max(arrays["received_at"])  # type: ignore[type-var]  # all are moments
    async with conn.transaction():  # a savepoint
        confirmed = await fast.run(conn, orders.confirm_orders, orders=sorted(paid), now=now)
        # Last, because the level's row is the one that others wait for.
        taken = await fast.run(conn, stock.take_holds, key=confirmed, at=[now] * len(confirmed))
        left = {confirmed[at - 1] for at, row in taken if not row.fresh}
        if left:
            raise _SomeNotHeldError(left)
    return set(confirmed)
