"""Grants in writing: drafted, edited while nobody has signed, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.games import api as games
from kotinos.kernel.ids import new_id
from kotinos.rights import models
from kotinos.rights.actions.frame import may_act, record, take_book
from kotinos.rights.queries import next_grant_number
from kotinos.rights.results import BadTerms, Drafted, NotFound, NotYours, Problem, Unchanged
from kotinos.rights.terms import Known, columns_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.games.contracts import Atlas
    from kotinos.rights.results import DraftOutcome
    from kotinos.rights.terms import GrantTerms

NUMBER_LENGTH_MAX = 32


def known_names(*, now: datetime, atlas: Atlas | None = None) -> Known:
    """Every name that terms may use, for one grant or for a whole import."""
    return Known(
        atlas=atlas or games.atlas(),
        organisations={row.code: row.id for row in games.organisations()},
        properties=dict(models.Property.objects.values_list("code", "id")),
        parents=dict(models.Grant.objects.values_list("number", "id")),
        now=now,
    )


@transaction.atomic
def draft_grant(
    *, terms: GrantTerms, now: datetime, actor: UUID | None = None, known: Known | None = None
) -> DraftOutcome:
    """Put a grant in writing for its grantor. A number of one's own choice must be free."""
    now = take_book(now)
    columns = columns_of(terms, known or known_names(now=now))
    if terms.number is not None:
        _check_number(terms.number, columns.problems)
    if columns.problems:
        return BadTerms(tuple(columns.problems))
    grantor_id = columns.values["grantor_id"]
    if not may_act(actor=actor, organisation_id=grantor_id, now=now):
        return NotYours(grantor_id)
    row = models.Grant.objects.create(
        id=new_id(),
        number=terms.number or next_grant_number(),
        drafted_by_id=actor,
        recorded_at=now,
        **columns.values,
    )
    _log(row, actor=actor, verb="draft", now=now)
    return Drafted(row.id, row.number)


@transaction.atomic
def edit_grant(
    *, grant_id: UUID, terms: GrantTerms, now: datetime, actor: UUID | None = None
) -> DraftOutcome:
    """Rewrite a draft; a grant that anybody has signed stands as it is."""
    now = take_book(now)
    row = models.Grant.objects.select_for_update().filter(id=grant_id).first()
    if row is None:
        return NotFound("grant", str(grant_id))
    columns = columns_of(terms, known_names(now=now))
    if columns.values.get("parent_id") == grant_id:
        columns.problems.append(Problem("parent", "is the grant itself"))
    if columns.problems:
        return BadTerms(tuple(columns.problems))
    for grantor_id in {row.grantor_id, columns.values["grantor_id"]}:
        if not may_act(actor=actor, organisation_id=grantor_id, now=now):
            return NotYours(grantor_id)
    if row.signatures.exists():
        return Unchanged(f"{row.number} is signed")
    models.Grant.objects.filter(id=grant_id).update(
        **columns.values, drafted_by_id=actor, recorded_at=now
    )
    _log(row, actor=actor, verb="edit", now=now)
    return Drafted(row.id, row.number)


@transaction.atomic
def withdraw_draft(
    *, grant_id: UUID, now: datetime, actor: UUID | None = None
) -> Drafted | NotFound | NotYours | Unchanged:
    """Throw a draft away; a grant that anybody has signed, or that others build on, stays."""
    row = models.Grant.objects.select_for_update().filter(id=grant_id).first()
    if row is None:
        return NotFound("grant", str(grant_id))
    if not may_act(actor=actor, organisation_id=row.grantor_id, now=now):
        return NotYours(row.grantor_id)
    if row.signatures.exists() or row.children.exists():
        return Unchanged(f"{row.number} is signed or others build on it")
    _log(row, actor=actor, verb="withdraw", now=now)
    row.delete()
    return Drafted(grant_id, row.number)


def _check_number(number: str, problems: list[Problem]) -> None:
    if not 0 < len(number) <= NUMBER_LENGTH_MAX or not number.isprintable():
        problems.append(Problem("number", f"is not 1 to {NUMBER_LENGTH_MAX} characters"))
    elif models.Grant.objects.filter(number=number).exists():
        problems.append(Problem("number", f"{number} is taken"))


def _log(row: models.Grant, *, actor: UUID | None, verb: str, now: datetime) -> None:
    record(
        actor=actor,
        organisation_id=row.grantor_id,
        verb=verb,
        subject_kind="grant",
        subject=row.number,
        now=now,
    )
