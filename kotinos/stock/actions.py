"""What people and jobs do to stock. Promises stand in .sql files; here they get their words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.kernel import rich
from kotinos.stock import statements
from kotinos.stock.contracts import (
    Count,
    EndKind,
    Held,
    HeldLine,
    HoldLine,
    HoldOutcome,
    HoldOver,
    LocationRow,
    NotHeld,
    Receipt,
    ShortLine,
    SoldOut,
    Taken,
    TakeOutcome,
)
from kotinos.stock.decide import Ask, locate
from kotinos.stock.models import Location
from kotinos.stock.queries import free_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.stock.statements import HoldRow

LINES_MAX = 200
TRIES_MAX = 5
EXPIRED_AT_ONCE_MAX = 1_000


def hold(
    *,
    key: UUID,
    lines: Iterable[HoldLine | tuple[UUID, UUID | None, int]],
    seconds: int,
    now: datetime,
) -> HoldOutcome:
    """Set all lines aside for `seconds`, or nothing.

    A repeat of the key gets the first hold again. Holds whose time is over count as free: they
    are ended here where they stand in the way. Raises ValueError for no lines, too many, or
    units below one.
    """
    wanted = _checked(lines)
    expires_at = now + timedelta(seconds=seconds)
    outcome = _try(key, wanted, now, expires_at)
    for _ in range(TRIES_MAX):
        if not isinstance(outcome, SoldOut) or not _worth_another_try(wanted, now):
            break
        outcome = _try(key, wanted, now, expires_at)
    return outcome


def _checked(lines: Iterable[HoldLine | tuple[UUID, UUID | None, int]]) -> list[HoldLine]:
    wanted = [HoldLine(*line) for line in lines]
    if not 1 <= len(wanted) <= LINES_MAX:
        raise ValueError(f"a hold has 1 to {LINES_MAX} lines, not {len(wanted)}")
    if any(line.units < 1 for line in wanted):
        raise ValueError("a line holds at least one unit")
    return wanted


def _try(key: UUID, wanted: Sequence[HoldLine], now: datetime, expires_at: datetime) -> HoldOutcome:
    free = free_units({line.variant_id for line in wanted})
    asks = locate(wanted, free)
    nowhere = {line.variant_id for line in wanted} - {variant for variant, _, _ in asks}
    if nowhere:
        return SoldOut(
            tuple(
                ShortLine(line.variant_id, line.units, 0)
                for line in wanted
                if line.variant_id in nowhere
            )
        )
    rows = rich.run(statements.hold_units, **_hold_arrays(key, asks, now, expires_at))
    return _hold_outcome([row for _, row in rows])


def _hold_arrays(
    key: UUID, asks: Sequence[Ask], now: datetime, expires_at: datetime
) -> dict[str, list[UUID] | list[int] | list[datetime] | list[None]]:
    return {
        "key": [key] * len(asks),
        "variant_id": [variant for variant, _, _ in asks],
        "location_id": [location for _, location, _ in asks],
        "units": [units for _, _, units in asks],
        "held_at": [now] * len(asks),
        "expires_at": [expires_at] * len(asks),
        "holder": [None] * len(asks),
        "holder_units_max": [None] * len(asks),
    }


def _hold_outcome(rows: Sequence[HoldRow]) -> HoldOutcome:
    ended = next((row.ended_as for row in rows if row.ended_as), None)
    if ended:
        return HoldOver(ended)
    held = tuple(
        HeldLine(row.hold_id, row.variant_id, row.location_id, row.units)
        for row in rows
        if row.hold_id
    )
    expiries = [row.expires_at for row in rows if row.expires_at]
    if held and expiries:
        return Held(held, min(expiries), again=rows[0].again)
    return SoldOut(
        tuple(
            ShortLine(row.variant_id, row.units, row.units_free)
            for row in rows
            if row.units > row.units_free
        )
    )


def _worth_another_try(wanted: Sequence[HoldLine], now: datetime) -> bool:
    """Were holds ended that blocked us, or does another location have what this one lacked?"""
    variants = {line.variant_id for line in wanted}
    if _expire(now, sorted(variants)):
        return True
    left = {(row.variant_id, row.location_id): row.units for row in free_units(variants)}
    asks = locate(wanted, free_units(variants))
    found = {variant for variant, _, _ in asks}
    return variants <= found and all(
        left.get((variant, location), 0) >= units for variant, location, units in asks
    )


def take(*, key: UUID, now: datetime) -> TakeOutcome:
    """The units of a hold leave: all its lines, or none. A repeat says so and moves nothing."""
    rows = [row for _, row in rich.run(statements.take_holds, key=[key], at=[now])]
    held = tuple(
        HeldLine(row.hold_id, row.variant_id, row.location_id, row.units)
        for row in rows
        if row.hold_id
    )
    ends = {row.ended_as for row in rows}
    if rows and rows[0].fresh:
        return Taken(held, again=False)
    if ends == {EndKind.TAKEN}:
        return Taken(held, again=True)
    return NotHeld(next((end for end in ends if end), None))


def release(*, key: UUID, now: datetime) -> int:
    """Free what is still open of a hold; the units freed (0 for a repeat)."""
    ((_, units),) = rich.run(statements.release_holds, key=[key], at=[now])
    return units


def expire(*, now: datetime) -> int:
    """End every hold whose time is over; the number ended. Several may run at once."""
    ended = 0
    while True:
        batch = _expire(now, None)
        ended += batch
        if batch < EXPIRED_AT_ONCE_MAX:
            return ended


def _expire(now: datetime, variants: list[UUID] | None) -> int:
    return rich.run_one(
        statements.expire_holds, now=now, variants=variants, holds_max=EXPIRED_AT_ONCE_MAX
    )


def receive(*, receipts: Sequence[Receipt], now: datetime) -> int:
    """Units arrive; the number of receipts that were new. Raises ValueError below one unit."""
    if any(receipt.units < 1 for receipt in receipts):
        raise ValueError("a receipt brings at least one unit")
    rows = rich.run(statements.receive_units, **_arrival_arrays(receipts, now))
    return sum(fresh for _, fresh in rows)


def count(*, counts: Sequence[Count], now: datetime) -> int:
    """Units on hand become what was counted, never less than what is held; how many were new.

    The same key counts once, so loading one file twice does not bring sold units back.
    """
    if any(row.units < 0 for row in counts):
        raise ValueError("a count is not negative")
    rows = rich.run(statements.count_units, **_arrival_arrays(counts, now))
    return sum(fresh for _, fresh in rows)


def _arrival_arrays(
    rows: Sequence[Receipt] | Sequence[Count], now: datetime
) -> dict[str, list[UUID] | list[int] | list[datetime] | list[None]]:
    return {
        "key": [row.key for row in rows],
        "variant_id": [row.variant_id for row in rows],
        "location_id": [row.location_id for row in rows],
        "units": [row.units for row in rows],
        "at": [now] * len(rows),
    }


def open_location(*, organisation_id: UUID, code: str, name: str, territory: str) -> LocationRow:
    """The organisation's location of this code, made or renamed."""
    row, _ = Location.objects.update_or_create(
        organisation_id=organisation_id,
        code=code,
        defaults={"name": name, "territory": territory},
    )
    return LocationRow(row.id, row.organisation_id, row.code, row.name, row.territory)


def ledger_gap() -> int:
    """Units by which counters and ledgers differ: 0 is the promise."""
    return rich.run_one(statements.ledger_gap)
