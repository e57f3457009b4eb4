"""Drops as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.drops import statements
from kotinos.drops.contracts import DropState, DropView
from kotinos.kernel import rich

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from uuid import UUID

SHOWN = frozenset({DropState.PUBLISHED, DropState.ENDED})


def all_drops(*, seller_ids: Collection[UUID] | None = None) -> tuple[DropView, ...]:
    """Every drop, drafts and rehearsals too, of some sellers or (None) of all; latest first."""
    found = rich.read(statements.read_drops, ids=None, slugs=None, live_after=None)
    mine = [drop for drop in found if seller_ids is None or drop.seller_id in seller_ids]
    return tuple(sorted(mine, key=lambda drop: (drop.opens_at, drop.slug), reverse=True))


def drops() -> tuple[DropView, ...]:
    """Every drop the public may see, by its opening; over ones too, rehearsals not."""
    found = rich.read(statements.read_drops, ids=None, slugs=None, live_after=None)
    return tuple(drop for drop in found if drop.state in SHOWN and not drop.is_rehearsal)


def drop(slug: str) -> DropView | None:
    """The drop of this slug in whatever state; None where there is none."""
    rows = rich.read(statements.read_drops, ids=None, slugs=[slug], live_after=None)
    return rows[0] if rows else None


def drop_by_id(drop_id: UUID) -> DropView | None:
    """The drop with this id in whatever state; None where there is none."""
    rows = rich.read(statements.read_drops, ids=[drop_id], slugs=None, live_after=None)
    return rows[0] if rows else None


def reserved_variants(variant_ids: Iterable[UUID], now: datetime) -> dict[UUID, str]:
    """Those variants that cannot be bought the ordinary way, with the slug of their drop."""
    wanted = list(variant_ids)
    if not wanted:
        return {}
    return dict(rich.read(statements.reserved_variants, variants=wanted, now=now))


def free_units(drop_id: UUID) -> dict[UUID, tuple[int, int]]:
    """Units (free, held) of each variant of a drop over its seller's places."""
    found: dict[UUID, tuple[int, int]] = {}
    for row in rich.read(statements.free_units, ids=[drop_id]):
        free, held = found.get(row.variant_id, (0, 0))
        found[row.variant_id] = (free + row.free, held + row.held)
    return found
