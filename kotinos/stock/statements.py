"""The SQL of stock bound to readers. One element of the arrays is one request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.kernel.statement import Statement
from kotinos.stock.contracts import EndKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

PACKAGE = "kotinos.stock"


@dataclass(frozen=True, slots=True)
class HoldRow:
    """What became of one line. Without a `hold_id` nothing of its key was held.

    `units_free` is what the batch left; it says nothing for a key that was served before.
    `crowded`: refused although enough is left, because earlier requests of the same batch were
    refused as well; asking again settles it. Cannot happen in a batch of one.
    `over_limit`: its holder would have had more than their limit.
    """

    variant_id: UUID
    location_id: UUID
    hold_id: UUID | None
    units: int
    expires_at: datetime | None
    again: bool
    ended_as: EndKind | None
    units_free: int
    crowded: bool
    over_limit: bool


@dataclass(frozen=True, slots=True)
class TakeRow:
    """One hold of a key; `hold_id` is None where the key has no hold."""

    fresh: bool
    hold_id: UUID | None
    variant_id: UUID
    location_id: UUID
    units: int
    ended_as: EndKind | None


def _end(row: Mapping[str, Any]) -> EndKind | None:
    return EndKind(row["ended_as"]) if row["ended_as"] else None


def _hold(row: Mapping[str, Any]) -> tuple[int, HoldRow]:
    return row["position"], HoldRow(
        row["variant_id"],
        row["location_id"],
        row["hold_id"],
        row["units"],
        row["expires_at"],
        row["again"],
        _end(row),
        row["units_free"],
        row["crowded"],
        row["over_limit"],
    )


def _take(row: Mapping[str, Any]) -> tuple[int, TakeRow]:
    return row["position"], TakeRow(
        row["fresh"],
        row["hold_id"],
        row["variant_id"],
        row["location_id"],
        row["units"],
        _end(row),
    )


def _units(row: Mapping[str, Any]) -> tuple[int, int]:
    return row["position"], row["units"]


def _fresh(row: Mapping[str, Any]) -> tuple[int, bool]:
    return row["position"], row["fresh"]


def _holds(row: Mapping[str, Any]) -> int:
    return int(row["holds"])


def _gap(row: Mapping[str, Any]) -> int:
    return int(row["units"])


hold_units: Statement[tuple[int, HoldRow]] = Statement.load(PACKAGE, "hold_units.sql", _hold)
lock_scopes: Statement[None] = Statement.load(PACKAGE, "lock_scopes.sql", lambda _: None)
take_holds: Statement[tuple[int, TakeRow]] = Statement.load(PACKAGE, "take_holds.sql", _take)
release_holds: Statement[tuple[int, int]] = Statement.load(PACKAGE, "release_holds.sql", _units)
expire_holds: Statement[int] = Statement.load(PACKAGE, "expire_holds.sql", _holds)
receive_units: Statement[tuple[int, bool]] = Statement.load(PACKAGE, "receive_units.sql", _fresh)
count_units: Statement[tuple[int, bool]] = Statement.load(PACKAGE, "count_units.sql", _fresh)
ledger_gap: Statement[int] = Statement.load(PACKAGE, "ledger_gap.sql", _gap)
free_by_owner: Statement[tuple[tuple[UUID, UUID], int]] = Statement.load(
    PACKAGE,
    "free_by_owner.sql",
    lambda row: ((row["variant_id"], row["organisation_id"]), row["free"]),
)
