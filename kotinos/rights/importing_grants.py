"""One row of a file of grants: drafted, or found as it stands, and signed where asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.rights import csvfile, models
from kotinos.rights.actions.grants import draft_grant, edit_grant
from kotinos.rights.actions.signing import sign_held
from kotinos.rights.results import BadTerms, Drafted, Problem, Signed, Unchanged
from kotinos.rights.terms import GrantTerms, Known, columns_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.csvfile import Row
    from kotinos.rights.results import DraftOutcome, SignOutcome


def put_grant(
    row: Row, *, known: Known, parties: Collection[str], actor: UUID | None, now: datetime
) -> tuple[DraftOutcome | SignOutcome, list[UUID]]:
    """What became of the row, and the property it touches. Raises FieldError for a bad field."""
    if not row["number"]:
        return BadTerms((Problem("number", "is missing: it is what a repeat is known by"),)), []
    terms = terms_of(row)
    drafted = _put_draft(terms, known=known, actor=actor, now=now)
    stands = models.Grant.objects.filter(number=row["number"]).first()
    if not isinstance(drafted, Drafted | Unchanged) or stands is None or not parties:
        return drafted, []
    signed = sign_held(grant_id=stands.id, now=now, actor=actor, parties=parties)
    return signed, [stands.property_id] if isinstance(signed, Signed) else []


def terms_of(row: Row) -> GrantTerms:
    """The row's fields as terms."""
    return GrantTerms(
        number=row["number"],
        grantor=row["grantor"],
        grantee=row["grantee"],
        parent=row["parent"] or None,
        property=row["property"],
        acts=row["acts"],
        outlets=row["outlets"] or "*",
        territory=row["territory"] or "WORLD",
        starts_at=csvfile.moment(row, "from"),
        ends_at=csvfile.moment(row, "until"),
        delay_minutes=csvfile.number(row, "delay_minutes") or 0,
        exclusivity=row["exclusivity"] or "non-exclusive",
        quota_units=csvfile.number(row, "quota"),
        may_sublicense=csvfile.truth(row, "may_sublicense"),
        duties=row["duties"],
        note=row["note"],
    )


def _put_draft(
    terms: GrantTerms, *, known: Known, actor: UUID | None, now: datetime
) -> DraftOutcome:
    stands = models.Grant.objects.filter(number=terms.number).first()
    if stands is None:
        return _remember(draft_grant(terms=terms, now=now, actor=actor, known=known), known)
    columns = columns_of(terms, known)
    if columns.problems:
        return BadTerms(tuple(columns.problems))
    if all(getattr(stands, name) == value for name, value in columns.values.items()):
        return Unchanged(f"{stands.number} stands")
    if stands.signatures.exists():
        return BadTerms((Problem("number", f"{stands.number} is signed with other terms"),))
    return edit_grant(grant_id=stands.id, terms=terms, now=now, actor=actor)


def _remember(outcome: DraftOutcome, known: Known) -> DraftOutcome:
    """A later row may name this one as its parent."""
    if isinstance(outcome, Drafted):
        known.parents[outcome.number] = outcome.grant_id
    return outcome
