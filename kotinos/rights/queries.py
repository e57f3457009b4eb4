"""Reads for pages and for the engine's own store: typed rows, never models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q

from kotinos.rights import models
from kotinos.rights.statements import TouchedSet

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


def all_sets() -> list[TouchedSet]:
    """Every property set with its members in order."""
    rows = (
        models.PropertySetMember.objects.values("property_set_id")
        .annotate(members=ArrayAgg("property_id", order_by="property_id"))
        .order_by("property_set_id")
    )
    return [TouchedSet(row["property_set_id"], tuple(row["members"])) for row in rows]


def next_grant_number() -> str:
    """The next free number of our own making; imported numbers may have taken some."""
    return _next_number("rights_grant_number", "G", models.Grant)


def next_prohibition_number() -> str:
    """The next free number for a prohibition."""
    return _next_number("rights_prohibition_number", "P", models.Prohibition)


def _next_number(sequence: str, letter: str, model: type[models.Grant | models.Prohibition]) -> str:
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s::regclass)", [sequence])
            (number,) = cursor.fetchone()
        text = f"{letter}-{number:06d}"
        if not model.objects.filter(number=text).exists():
            return text


def properties_of_work(work_id: UUID, *, as_of: datetime | None = None) -> tuple[UUID, ...]:
    """The properties a work uses, or used as far as was known at a moment; empty: unknown work."""
    uses = models.WorkUse.objects.filter(work=work_id)
    if as_of is None:
        uses = uses.filter(retracted_at__isnull=True)
    else:
        uses = uses.filter(
            Q(retracted_at__isnull=True) | Q(retracted_at__gt=as_of), recorded_at__lte=as_of
        )
    sets = uses.values("property_set_id")
    members = models.PropertySetMember.objects.filter(property_set__in=sets)
    return tuple(sorted(members.values_list("property_id", flat=True)))


def set_of_work(work_id: UUID) -> UUID | None:
    """The property set a work uses now; None for an unknown work."""
    return models.Work.objects.filter(id=work_id).values_list("property_set_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property as pages and imports know it."""

    id: UUID
    code: str
    names: dict[str, str]
    kind: str
    owner_id: UUID
    parent: str | None
    home_noc: str | None


def properties() -> list[PropertyRow]:
    """Every property, by code."""
    return [
        _property(row) for row in models.Property.objects.select_related("parent").order_by("code")
    ]


def property_(code: str) -> PropertyRow | None:
    """The property with this code; None where there is none."""
    row = models.Property.objects.select_related("parent").filter(code=code).first()
    return _property(row) if row else None


def _property(row: models.Property) -> PropertyRow:
    parent = row.parent.code if row.parent else None
    return PropertyRow(
        row.id, row.code, row.names, row.kind, row.owner_id, parent, row.home_noc or None
    )
