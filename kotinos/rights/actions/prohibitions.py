"""What an owner forbids, whatever has been granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.rights import models
from kotinos.rights.actions.frame import may_act, record, settle, take_book
from kotinos.rights.actions.grants import NUMBER_LENGTH_MAX, known_names
from kotinos.rights.loading import load_book
from kotinos.rights.queries import next_prohibition_number
from kotinos.rights.results import BadTerms, Changed, NotFound, NotYours, Problem, Unchanged
from kotinos.rights.terms import Columns, read_scope

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.results import ChangeOutcome
    from kotinos.rights.terms import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class ProhibitionTerms:
    """What is forbidden, by whom, and to whom (`grantee` None: everybody). Codes as in grants."""

    grantor: str
    property: str
    acts: str = "*"
    outlets: str = "*"
    territory: str = "WORLD"
    grantee: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    note: str = ""
    number: str | None = None


@transaction.atomic
def prohibit(*, terms: ProhibitionTerms, now: datetime, actor: UUID | None = None) -> ChangeOutcome:
    """Forbid; in force at once where its window says so."""
    now = take_book(now)
    outcome = prohibit_held(terms=terms, now=now, actor=actor, known=known_names(now=now))
    if not isinstance(outcome, Changed):
        return outcome
    row = models.Prohibition.objects.get(id=outcome.id)
    works = settle(property_ids=[row.property_id], now=now, cause="prohibited", subject=row.number)
    return Changed(row.id, works)


def prohibit_held(
    *, terms: ProhibitionTerms, now: datetime, actor: UUID | None, known: Known
) -> ChangeOutcome:
    """As `prohibit`, inside a transaction that holds the book and settles afterwards."""
    columns = _columns(terms, known)
    if columns.problems:
        return BadTerms(tuple(columns.problems))
    grantor_id = columns.values["grantor_id"]
    if not may_act(actor=actor, organisation_id=grantor_id, now=now):
        return NotYours(grantor_id)
    known_row = models.Prohibition.objects.filter(number=terms.number).first()
    if known_row is not None:
        return Unchanged(f"{known_row.number} stands")
    property_id = columns.values["property_id"]
    if not load_book(now=now, property_ids=[property_id]).owns(grantor_id, property_id):
        return BadTerms((Problem("grantor", "owns neither the property nor what it is part of"),))
    row = models.Prohibition.objects.create(
        number=terms.number or next_prohibition_number(),
        person_id=actor,
        recorded_at=now,
        **columns.values,
    )
    _log(row, verb="prohibit", actor=actor, now=now)
    return Changed(row.id, 0)


@transaction.atomic
def revoke_prohibition(
    *, prohibition_id: UUID, now: datetime, at: datetime | None = None, actor: UUID | None = None
) -> ChangeOutcome:
    """Take a prohibition back from `at` on: what grants say counts again."""
    at, now = at or now, take_book(now)
    row = models.Prohibition.objects.select_for_update().filter(id=prohibition_id).first()
    if row is None:
        return NotFound("prohibition", str(prohibition_id))
    if not may_act(actor=actor, organisation_id=row.grantor_id, now=now):
        return NotYours(row.grantor_id)
    if models.ProhibitionRevocation.objects.filter(prohibition=row).exists():
        return Unchanged(f"{row.number} is revoked")
    models.ProhibitionRevocation.objects.create(
        prohibition=row, person_id=actor, at=at, recorded_at=now
    )
    _log(row, verb="revoke", actor=actor, now=now)
    works = settle(
        property_ids=[row.property_id], now=now, cause="prohibition-revoked", subject=row.number
    )
    return Changed(row.id, works)


def _columns(terms: ProhibitionTerms, known: Known) -> Columns:
    found = Columns()
    read_scope(
        found, acts=terms.acts, outlets=terms.outlets, territory=terms.territory, known=known
    )
    for name, key, table in (
        ("grantor", terms.grantor, known.organisations),
        ("property", terms.property, known.properties),
        ("grantee", terms.grantee, known.organisations),
    ):
        if key is not None and key not in table:
            found.fail(name, f"{key!r} is not known")
        found.values[f"{name}_id"] = table.get(key) if key is not None else None
    if terms.starts_at and terms.ends_at and terms.ends_at <= terms.starts_at:
        found.fail("until", "is not after the beginning")
    if terms.number is not None and not (
        0 < len(terms.number) <= NUMBER_LENGTH_MAX and terms.number.isprintable()
    ):
        found.fail("number", f"is not 1 to {NUMBER_LENGTH_MAX} characters")
    if "\x00" in terms.note:
        found.fail("note", "is not text")
    found.values |= {"starts_at": terms.starts_at, "ends_at": terms.ends_at, "note": terms.note}
    return found


def _log(row: models.Prohibition, *, verb: str, actor: UUID | None, now: datetime) -> None:
    record(
        actor=actor,
        organisation_id=row.grantor_id,
        verb=verb,
        subject_kind="prohibition",
        subject=row.number,
        now=now,
    )
