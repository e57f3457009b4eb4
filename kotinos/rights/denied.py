"""Denied demand: what visitors wanted and rights refused, by property, territory or rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from kotinos.rights import models

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

ROWS_MAX = 500
_COLUMNS = {
    "property": ("property",),
    "territory": ("territory",),
    "reason": ("reason",),
    "rule": ("reason", "blocking"),
    "work": ("work_id", "work__title"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeniedFilters:
    """Which refusals count; None leaves a side open. `owner_id` is the refused property's owner."""

    since: datetime | None = None
    until: datetime | None = None
    property_code: str | None = None
    territory: str | None = None
    reason: str | None = None
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeniedRow:
    """Refusals of one group, in one currency: `value_minor` is what they would have brought.

    `key` holds the group's columns: a code, or a reason and the id of the blocking fact.
    """

    key: tuple[str, ...]
    currency: str
    refusals: int
    value_minor: int


def denied_demand(
    *, by: str, filters: DeniedFilters | None = None, rows_max: int = ROWS_MAX
) -> list[DeniedRow]:
    """The groups with most refusals first; bots count nowhere. KeyError for an unknown `by`.

    `by` is property, territory, reason, rule (reason and what blocked) or work.
    """
    columns = _COLUMNS[by]
    rows = (
        _met(filters or DeniedFilters())
        .values(*columns, "currency")
        .annotate(refusals=Count("id"), value=Sum("value_minor"))
        .order_by("-refusals", *columns, "currency")
    )
    return [
        DeniedRow(
            key=tuple("" if row[column] is None else str(row[column]) for column in columns),
            currency=row["currency"],
            refusals=row["refusals"],
            value_minor=row["value"],
        )
        for row in rows[:rows_max]
    ]


def served_by(
    *, set_id: UUID, territories: Collection[str], filters: DeniedFilters | None = None
) -> list[DeniedRow]:
    """The refusals that clearing a property set's works in some territories would have served."""
    rows = (
        _met(filters or DeniedFilters())
        .filter(work__property_set=set_id, territory__in=territories)
        .values("currency")
        .annotate(refusals=Count("id"), value=Sum("value_minor"))
        .order_by("currency")
    )
    return [DeniedRow((), row["currency"], row["refusals"], row["value"]) for row in rows]


def _met(filters: DeniedFilters) -> QuerySet[models.Refusal]:
    rows = models.Refusal.objects.filter(bot=False)
    if filters.since is not None:
        rows = rows.filter(met_at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(met_at__lt=filters.until)
    for column, wanted in (
        ("property", filters.property_code),
        ("territory", filters.territory),
        ("reason", filters.reason),
    ):
        if wanted is not None:
            rows = rows.filter(**{column: wanted})
    if filters.owner_id is not None:
        owned = models.Property.objects.filter(owner=filters.owner_id)
        rows = rows.filter(property__in=owned.values("code"))
    return rows
