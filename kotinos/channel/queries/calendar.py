"""Who may see a programme in the days to come, from the compiled rows of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kotinos.games import api as games
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from kotinos.rights.api import Act, ClearanceRow

DAYS = 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """Shown from one instant until another (None: beyond what is asked), so many minutes late."""

    from_at: datetime
    until_at: datetime
    delay_minutes: int


@dataclass(frozen=True, slots=True)
class Group:
    """Territories with one and the same calendar, and the calendar."""

    mask: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """Territories by what they see at this moment: at once, some minutes later, nothing."""

    shown: int
    delayed: int
    none: int


def spans(*, programme_id: UUID, seller_id: UUID, act: Act) -> list[ClearanceRow]:
    """The compiled rows for showing a programme on the internet."""
    return rights.cleared_spans(
        work_id=programme_id, seller_id=seller_id, act=act, outlet=rights.Outlet.INTERNET
    )


def groups(
    rows: Iterable[ClearanceRow], *, occurred_at: datetime | None, is_live: bool, now: datetime
) -> list[Group]:
    """Territories of the same fate together, the largest group first.

    What is live is shown a delay later; what is recorded opens when the delay has passed since
    the event, and never where nobody says when that was.
    """
    end = now + timedelta(days=DAYS)
    found: dict[tuple[Stretch, ...], int] = {}
    fates = [(row.mask, _stretch(row, occurred_at, now, end, is_live=is_live)) for row in rows]
    for bit in games.territory_bits().values():
        stretches = sorted(
            (stretch for mask, stretch in fates if stretch and mask >> bit & 1),
            key=lambda each: (each.from_at, each.delay_minutes),
        )
        key = tuple(_joined(stretches))
        found[key] = found.get(key, 0) | 1 << bit
    made = [Group(mask, stretches) for stretches, mask in found.items()]
    return sorted(made, key=lambda each: (not each.stretches, -each.mask.bit_count()))


def _stretch(
    row: ClearanceRow, occurred_at: datetime | None, now: datetime, end: datetime, *, is_live: bool
) -> Stretch | None:
    first, last = row.from_at or now, row.until_at or end
    if row.delay_minutes and not is_live:
        if occurred_at is None:
            return None
        first = max(first, occurred_at + timedelta(minutes=row.delay_minutes))
    first, last = max(first, now), min(last, end)
    delay = row.delay_minutes if is_live else 0
    return Stretch(first, last, delay) if first < last else None


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches that touch and are alike become one."""
    joined: list[Stretch] = []
    for each in stretches:
        last = joined[-1] if joined else None
        if last and last.delay_minutes == each.delay_minutes and each.from_at <= last.until_at:
            until_at = max(last.until_at, each.until_at)
            joined[-1] = Stretch(last.from_at, until_at, last.delay_minutes)
        elif each not in joined:
            joined.append(each)
    return joined


def at_moment(found: Iterable[Group], *, at: datetime) -> Now:
    """Who sees it at one moment of the calendar."""
    shown = delayed = none = 0
    for group in found:
        delays = [s.delay_minutes for s in group.stretches if s.from_at <= at < s.until_at]
        if not delays:
            none |= group.mask
        elif min(delays):
            delayed |= group.mask
        else:
            shown |= group.mask
    return Now(shown, delayed, none)
