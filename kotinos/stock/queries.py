"""Reads of stock: what is free where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Sum

from kotinos.kernel import rich
from kotinos.stock import statements
from kotinos.stock.contracts import HeldLine, LocationRow
from kotinos.stock.decide import FreeUnits
from kotinos.stock.models import Hold, Level, Location

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def available(variant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Free units of each variant over all locations; variants without a level are 0."""
    wanted = list(variant_ids)
    rows = (
        Level.objects.filter(variant_id__in=wanted)
        .values_list("variant_id")
        .annotate(free=Sum(F("on_hand") - F("held")))
    )
    return dict.fromkeys(wanted, 0) | dict(rows)


def available_by_owner(variant_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], int]:
    """Free units by (variant, organisation that owns the location)."""
    return dict(rich.read(statements.free_by_owner, variants=list(variant_ids)))


def free_units(variant_ids: Iterable[UUID]) -> list[FreeUnits]:
    """Free units of each variant at each location."""
    rows = Level.objects.filter(variant_id__in=list(variant_ids)).values_list(
        "variant_id", "location_id", "location__organisation_id", F("on_hand") - F("held")
    )
    return [FreeUnits(*row) for row in rows]


def holds_of(key: UUID) -> tuple[HeldLine, ...]:
    """The holds of a key that are still open."""
    rows = Hold.objects.filter(key=key, ended_as__isnull=True).order_by("id")
    return tuple(HeldLine(row.id, row.variant_id, row.location_id, row.units) for row in rows)


def locations(organisation_id: UUID | None = None) -> tuple[LocationRow, ...]:
    """Locations, of one organisation or of all, by code."""
    rows = Location.objects.order_by("code", "id")
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    return tuple(
        LocationRow(row.id, row.organisation_id, row.code, row.name, row.territory) for row in rows
    )
