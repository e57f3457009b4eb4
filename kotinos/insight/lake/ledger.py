"""Of everything that was accepted: where it is now. To the event, or it is a fault."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F

from kotinos.insight.lake import segments
from kotinos.insight.models import Ledger
from kotinos.insight.statements import read_balance
from kotinos.kernel import rich

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Line = tuple[str, str, date]
"""Edition, source and the UTC day of coming."""


@dataclass(slots=True)
class Counts:
    """accepted = queryable + duplicates + dead + erased + expired."""

    accepted: int = 0
    queryable: int = 0
    duplicates: int = 0
    dead: int = 0
    erased: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """All lines together, and what waits in the log: `accepted` includes it."""

    accepted: int
    queryable: int
    duplicates: int
    dead: int
    erased: int
    expired: int
    backlog: int

    @property
    def is_even(self) -> bool:
        """Whether every accepted event is somewhere."""
        known = self.queryable + self.duplicates + self.dead + self.erased + self.expired
        return self.accepted == known + self.backlog


NAMES = tuple(field.name for field in fields(Counts))


def new_counts() -> dict[Line, Counts]:
    """Counts by line, all at nothing."""
    return defaultdict(Counts)


def add(counts: Mapping[Line, Counts]) -> None:
    """Add to the lines, in the caller's transaction; lines in one order, so that two can wait."""
    for (edition, source, day), found in sorted(counts.items()):
        row, _ = Ledger.objects.get_or_create(edition=edition, source=source, day=day)
        more = {name: F(name) + getattr(found, name) for name in NAMES}
        Ledger.objects.filter(id=row.id).update(**more)


def balance(*, log: Path | None = None, edition: str = "") -> Balance:
    """How it stands: the log as it is, then the database at one moment.

    With an edition the log is left out: its segments hold the rows of all.
    """
    waiting = {} if edition else segments.backlog(log or segments.folder())
    (sums,) = rich.read(read_balance, edition=edition, segments=list(waiting))
    backlog = sum(rows for name, rows in waiting.items() if name not in sums.consumed)
    return Balance(
        accepted=sums.accepted + backlog,
        queryable=sums.queryable,
        duplicates=sums.duplicates,
        dead=sums.dead,
        erased=sums.erased,
        expired=sums.expired,
        backlog=backlog,
    )
