"""Pure rules of stock: which locations serve a wanted line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kotinos.stock.contracts import HoldLine

Ask = tuple[UUID, UUID, int]  # variant, location, units


@dataclass(frozen=True, slots=True)
class FreeUnits:
    """What one location has free of one variant."""

    variant_id: UUID
    location_id: UUID
    organisation_id: UUID
    units: int


def locate(lines: Sequence[HoldLine], free: Sequence[FreeUnits]) -> list[Ask]:
    """Lines with locations: one that has enough, else several, else the fullest (to be refused).

    The same variant wanted twice is one ask for the sum, so that a hold never competes with
    itself. What an earlier line was given is no longer free for a later one.
    """
    left = {(row.variant_id, row.location_id): row.units for row in free}
    asks: dict[tuple[UUID, UUID], int] = {}
    for line in lines:
        for location_id, units in _serve(line, free, left):
            key = (line.variant_id, location_id)
            asks[key] = asks.get(key, 0) + units
            left[key] = left.get(key, 0) - units
    return [(variant, location, units) for (variant, location), units in asks.items()]


def _serve(
    line: HoldLine, free: Sequence[FreeUnits], left: dict[tuple[UUID, UUID], int]
) -> list[tuple[UUID, int]]:
    if line.location_id is not None:
        return [(line.location_id, line.units)]
    choices = sorted(
        (row for row in free if _may_serve(line, row)),
        key=lambda row: (-left[row.variant_id, row.location_id], row.location_id),
    )
    served: list[tuple[UUID, int]] = []
    wanted = line.units
    for row in choices:
        units = min(wanted, max(left[row.variant_id, row.location_id], 0))
        if units:
            served.append((row.location_id, units))
            wanted -= units
    if wanted and choices:
        # More is wanted than there is: ask the fullest for all, and be told what is free.
        return [(choices[0].location_id, line.units)]
    return served


def _may_serve(line: HoldLine, row: FreeUnits) -> bool:
    if row.variant_id != line.variant_id:
        return False
    return line.organisation_id is None or row.organisation_id == line.organisation_id
