"""SQL that must be one statement, bound to readers. Each file's first line is its promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

PACKAGE = "kotinos.rights"


@dataclass(frozen=True, slots=True)
class Around:
    """Ids of all that decides about some properties."""

    grants: list[UUID]
    properties: list[UUID]


@dataclass(frozen=True, slots=True)
class TouchedSet:
    """A property set that must be compiled again, and its members in order."""

    id: UUID
    properties: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SpanOverlap:
    """Where a draft's span meets a signed one; the sets are PostgreSQL multirange text."""

    grant_id: UUID
    property_id: UUID
    acts: str
    outlets: str
    territories: str
    from_at: datetime | None
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spending:
    """What became of a spending: short of units under these grants, or done."""

    is_repeat: bool
    short: list[UUID]
    now_spent: list[UUID]


@dataclass(frozen=True, slots=True)
class ClearanceRow:
    """One compiled row; `uses` and `mask` as ints whose bit numbers are stored ones."""

    seller_id: UUID
    uses: int
    from_at: datetime | None
    until_at: datetime | None
    mask: int
    delay_minutes: int
    chain: tuple[UUID, ...]
    law: str | None


def _clearance(row: Mapping[str, Any]) -> ClearanceRow:
    return ClearanceRow(
        seller_id=row["seller_id"],
        uses=int.from_bytes(bytes(row["uses"]), "little"),
        from_at=row["from_at"],
        until_at=row["until_at"],
        mask=int.from_bytes(bytes(row["mask"]), "little"),
        delay_minutes=row["delay_minutes"],
        chain=tuple(row["chain"]),
        law=row["law"],
    )


def _grant_and_property(row: Mapping[str, Any]) -> tuple[UUID, UUID]:
    return row["id"], row["property_id"]


def _id(row: Mapping[str, Any]) -> int:
    return int(row["id"])


def _nothing(row: Mapping[str, Any]) -> None:
    del row


book_clock: Statement[datetime] = Statement.load(
    PACKAGE, "book_clock.sql", lambda row: row["recorded_at"]
)
around: Statement[Around] = Statement.load(PACKAGE, "around.sql", lambda row: Around(**row))
subtree: Statement[tuple[UUID, ...]] = Statement.load(
    PACKAGE, "subtree.sql", lambda row: tuple(row["properties"])
)
grants_below: Statement[tuple[UUID, UUID]] = Statement.load(
    PACKAGE, "grants_below.sql", _grant_and_property
)
touched_sets: Statement[TouchedSet] = Statement.load(
    PACKAGE,
    "touched_sets.sql",
    lambda row: TouchedSet(row["property_set_id"], tuple(row["properties"])),
)
take_book: Statement[datetime] = Statement.load(
    PACKAGE, "take_book.sql", lambda row: row["recorded_at"]
)
insert_exclusives: Statement[int] = Statement.load(PACKAGE, "insert_exclusives.sql", _id)
overlaps_of_exclusives: Statement[SpanOverlap] = Statement.load(
    PACKAGE, "overlaps_of_exclusives.sql", lambda row: SpanOverlap(**row)
)
cut_exclusives: Statement[None] = Statement.load(PACKAGE, "cut_exclusives.sql", _nothing)
clear_sets: Statement[None] = Statement.load(PACKAGE, "clear_sets.sql", _nothing)
copy_clearances: Statement[None] = Statement.load(PACKAGE, "copy_clearances.sql", _nothing)
notify_sets: Statement[None] = Statement.load(PACKAGE, "notify_sets.sql", _nothing)
clearances_of_set: Statement[ClearanceRow] = Statement.load(
    PACKAGE, "clearances_of_set.sql", _clearance
)
spend_quota: Statement[Spending] = Statement.load(
    PACKAGE, "spend_quota.sql", lambda row: Spending(**row)
)
release_quota: Statement[tuple[UUID, bool]] = Statement.load(
    PACKAGE, "release_quota.sql", lambda row: (row["grant_id"], row["was_spent"])
)
quota_gap: Statement[int] = Statement.load(PACKAGE, "quota_gap.sql", lambda row: int(row["gap"]))
record_refusal: Statement[int] = Statement.load(PACKAGE, "record_refusal.sql", _id)
