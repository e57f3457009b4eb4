"""What people and commands do to the world's tables, one transaction each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.games import models
from kotinos.games.contracts import HomeSpan, OrganisationKind, RoleName, SetSpan
from kotinos.kernel import changelog, outbox, pagecache

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.games.tables import World

ATLAS_CHANGED = "games.atlas_changed"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were new, and how many that we knew were withdrawn."""

    added: int
    retracted: int


@transaction.atomic
def import_world(world: World, *, actor: UUID | None, now: datetime) -> Imported:
    """Bring the tables to what `world` says: add what is new, retract what it no longer says.

    Nothing is overwritten: `atlas(as_of=...)` still gives the old tables. Running it again with
    the same tables changes nothing.
    """
    _import_organisations(world)
    before = _count()
    retracted = _import_homes(world.homes, now) + _import_sets(world.sets, now)
    imported = Imported(_count() - before, retracted)
    if imported != Imported(0, 0):
        changelog.record(
            actor=actor,
            organisation=None,
            verb="import world",
            subject_kind="atlas",
            subject="world",
            detail={"added": imported.added, "retracted": imported.retracted},
            now=now,
        )
        outbox.publish(kind=ATLAS_CHANGED, payload={}, now=now)
        pagecache.changed("games")
    return imported


def _count() -> int:
    return models.HomeTerritory.objects.count() + models.TerritorySet.objects.count()


def _import_organisations(world: World) -> None:
    for code, bit in world.territories.items():
        models.Territory.objects.get_or_create(code=code, defaults={"bit": bit})
    for row in world.nocs:
        organisation_id = ensure_organisation(
            code=f"NOC-{row['noc']}", kind=OrganisationKind.NOC, name=f"NOC {row['name']}"
        )
        models.Noc.objects.update_or_create(
            code=row["noc"],
            defaults={
                "organisation_id": organisation_id,
                "association": row["association"],
                "currency": row["currency"],
            },
        )
    ensure_organisation(code="IOC", kind=OrganisationKind.IOC, name="IOC")
    for row in world.editions:
        ensure_edition(row, theme={})


def ensure_organisation(*, code: str, kind: OrganisationKind, name: str) -> UUID:
    """The organisation's id, made where it is new, renamed where its name changed."""
    row, _ = models.Organisation.objects.update_or_create(
        code=code.upper(), defaults={"kind": kind, "name": name}
    )
    return row.id


def ensure_edition(row: Mapping[str, str], *, theme: Mapping[str, str]) -> None:
    """An edition and its organising committee as a row of `editions.csv` names them."""
    organisation_id = ensure_organisation(
        code=row["organisation"],
        kind=OrganisationKind.OCOG,
        name=f"Organising Committee {row['name']}",
    )
    models.Edition.objects.update_or_create(
        code=row["edition"],
        defaults={
            "name": row["name"],
            "organisation_id": organisation_id,
            "host": row["host"],
            "starts_on": row["from"],
            "ends_on": row["until"],
            "timezone": row["timezone"],
            "theme": dict(theme),
        },
    )


def _import_homes(spans: Iterable[HomeSpan], now: datetime) -> int:
    wanted = set(spans)
    stale: list[int] = []
    for row in models.HomeTerritory.objects.filter(retracted_at__isnull=True):
        span = HomeSpan(row.noc_id, row.territory_id, row.start, row.until)
        if span in wanted:
            wanted.remove(span)
        else:
            stale.append(row.pk)
    models.HomeTerritory.objects.bulk_create(
        models.HomeTerritory(
            noc_id=span.noc,
            territory_id=span.territory,
            start=span.start,
            until=span.until,
            recorded_at=now,
        )
        for span in sorted(wanted, key=lambda span: (span.territory, span.start))
    )
    return models.HomeTerritory.objects.filter(pk__in=stale).update(retracted_at=now)


def _import_sets(spans: Iterable[SetSpan], now: datetime) -> int:
    wanted = set(spans)
    stale: list[int] = []
    for row in models.TerritorySet.objects.filter(retracted_at__isnull=True):
        span = SetSpan(row.name, row.text, row.start, row.until)
        if span in wanted:
            wanted.remove(span)
        else:
            stale.append(row.pk)
    models.TerritorySet.objects.bulk_create(
        models.TerritorySet(
            name=span.name, text=span.text, start=span.start, until=span.until, recorded_at=now
        )
        for span in sorted(wanted, key=lambda span: (span.name, span.start))
    )
    return models.TerritorySet.objects.filter(pk__in=stale).update(retracted_at=now)


@transaction.atomic
def join_consortium(*, consortium_id: UUID, member_id: UUID) -> None:
    """Make an organisation a member; nothing where it is one."""
    models.Membership.objects.get_or_create(consortium_id=consortium_id, member_id=member_id)


@transaction.atomic
def ensure_person(*, email: str, name: str, password: str | None) -> UUID:
    """The person with this address, made where they are new; an old password is kept."""
    person = models.Person.objects.filter(email__iexact=email).first()
    if person is None:
        person = models.Person.objects.create_user(email, password, name=name)
    return person.id


@transaction.atomic
def give_role(
    *, person_id: UUID, organisation_id: UUID, role: RoleName, actor: UUID | None, now: datetime
) -> None:
    """Give a person a role from now on; nothing where they hold it."""
    held, made = models.Role.objects.get_or_create(
        person_id=person_id,
        organisation_id=organisation_id,
        name=role,
        until=None,
        defaults={"since": now},
    )
    if made:
        _log_role("give role", held, actor=actor, now=now)


@transaction.atomic
def end_role(
    *, person_id: UUID, organisation_id: UUID, role: RoleName, actor: UUID | None, now: datetime
) -> bool:
    """End a role; False where the person did not hold it."""
    held = (
        models.Role.objects.select_for_update()
        .filter(person_id=person_id, organisation_id=organisation_id, name=role)
        .filter(until__isnull=True)
        .first()
    )
    if held is None:
        return False
    held.until = now
    held.save(update_fields=["until"])
    _log_role("end role", held, actor=actor, now=now)
    return True


def _log_role(verb: str, held: models.Role, *, actor: UUID | None, now: datetime) -> None:
    changelog.record(
        actor=actor,
        organisation=held.organisation_id,
        verb=verb,
        subject_kind="person",
        subject=str(held.person_id),
        detail={"role": held.name},
        now=now,
    )
