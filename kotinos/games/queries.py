"""Reads: the world's tables as typed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from kotinos.games import models, statements
from kotinos.games.contracts import (
    Atlas,
    Edition,
    HeldRole,
    HomeSpan,
    Noc,
    Organisation,
    OrganisationKind,
    Role,
    RoleName,
    SetSpan,
)
from kotinos.kernel import rich

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID


def organisation(code: str) -> Organisation | None:
    """The organisation with this code; None where there is none."""
    row = models.Organisation.objects.filter(code=code.upper()).first()
    return _organisation(row) if row else None


def organisations(
    *, kind: OrganisationKind | None = None, ids: tuple[UUID, ...] | None = None
) -> tuple[Organisation, ...]:
    """Every organisation, of one kind or with these ids where they are given; by code."""
    if ids is not None and kind is None:
        return tuple(rich.read(statements.organisations_by_id, ids=list(ids)))
    rows = models.Organisation.objects.order_by("code")
    if kind is not None:
        rows = rows.filter(kind=kind)
    if ids is not None:
        rows = rows.filter(id__in=ids)
    return tuple(_organisation(row) for row in rows)


def memberships() -> tuple[tuple[UUID, UUID], ...]:
    """Every (consortium, member)."""
    return tuple(models.Membership.objects.values_list("consortium_id", "member_id"))


def nocs() -> tuple[Noc, ...]:
    """Every national committee, by code."""
    return tuple(
        Noc(row.code, row.organisation_id, row.association, row.currency)
        for row in models.Noc.objects.order_by("code")
    )


def noc(code: str) -> Noc | None:
    """The committee with this three-letter code; None where there is none."""
    row = models.Noc.objects.filter(code=code.upper()).first()
    return Noc(row.code, row.organisation_id, row.association, row.currency) if row else None


def editions() -> tuple[Edition, ...]:
    """Every edition, the latest first."""
    return tuple(_edition(row) for row in models.Edition.objects.order_by("-starts_on"))


def edition_names() -> dict[str, str]:
    """Every edition's name by its code."""
    return dict(rich.read(statements.edition_names))


def edition(code: str) -> Edition | None:
    """The edition with this code; None where there is none."""
    row = models.Edition.objects.filter(code=code).first()
    return _edition(row) if row else None


def atlas(as_of: datetime | None = None) -> Atlas:
    """Territories, homes and sets as known now, or as they were known at `as_of`."""
    known = Q(retracted_at__isnull=True)
    if as_of is not None:
        known = Q(recorded_at__lte=as_of) & (known | Q(retracted_at__gt=as_of))
    homes = models.HomeTerritory.objects.filter(known).order_by("territory_id", "start")
    sets = models.TerritorySet.objects.filter(known).order_by("name", "start")
    return Atlas(
        bits=territory_bits(),
        homes=tuple(HomeSpan(row.noc_id, row.territory_id, row.start, row.until) for row in homes),
        sets=tuple(SetSpan(row.name, row.text, row.start, row.until) for row in sets),
    )


def territory_bits() -> dict[str, int]:
    """Every territory's bit, by code."""
    (bits,) = rich.read(statements.territory_bits)
    return bits


def roles_of(*, person_id: UUID, now: datetime) -> tuple[Role, ...]:
    """The roles a person has at this moment."""
    rows = models.Role.objects.filter(
        Q(until__isnull=True) | Q(until__gt=now),
        person_id=person_id,
        person__is_active=True,
        since__lte=now,
    )
    return tuple(
        Role(organisation_id, RoleName(name))
        for organisation_id, name in rows.values_list("organisation_id", "name")
    )


def person_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """The name, or else the address, of each of these people."""
    rows = models.Person.objects.filter(id__in=ids).values_list("id", "name", "email")
    return {person_id: name or email for person_id, name, email in rows}


def roles_in_force() -> tuple[HeldRole, ...]:
    """Every role that has not ended, by organisation and person."""
    rows = models.Role.objects.filter(until__isnull=True).select_related("person", "organisation")
    return tuple(
        HeldRole(
            row.id,
            row.person_id,
            row.person.email,
            row.organisation_id,
            row.organisation.name,
            RoleName(row.name),
            row.since,
        )
        for row in rows.order_by("organisation__code", "person__email", "name")
    )


def may(*, person_id: UUID, organisation_id: UUID, role: RoleName, now: datetime) -> bool:
    """Whether a person has a role in an organisation, or is an operator of the installation."""
    return any(
        held.name is RoleName.OPERATOR
        or (held.organisation_id == organisation_id and held.name is role)
        for held in roles_of(person_id=person_id, now=now)
    )


def _organisation(row: models.Organisation) -> Organisation:
    return Organisation(row.id, row.code, OrganisationKind(row.kind), row.name)


def _edition(row: models.Edition) -> Edition:
    return Edition(
        row.code,
        row.name,
        row.organisation_id,
        row.host,
        row.starts_on,
        row.ends_on,
        row.timezone,
        row.theme,
    )
