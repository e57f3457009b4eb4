"""What happens to a signed grant afterwards: suspended, lifted, terminated. Each is a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.kernel import rich
from kotinos.rights import models, statements
from kotinos.rights.actions import exclusives
from kotinos.rights.actions.frame import may_act, record, settle_grants, take_book
from kotinos.rights.results import Changed, NotFound, NotYours, Unchanged

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.results import ChangeOutcome

REASON_LENGTH_MAX = 2000


@transaction.atomic
def suspend(
    *,
    grant_id: UUID,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    actor: UUID | None = None,
) -> ChangeOutcome:
    """The grantor's pause: the grant and all that rests on it give nothing from `at` on.

    What it holds exclusively stays held: a pause is not an invitation to others.
    """
    at, now = at or now, take_book(now)
    row = _signed(grant_id, now=now, actor=actor)
    if not isinstance(row, models.Grant):
        return row
    if _open_suspension(row) is not None:
        return Unchanged(f"{row.number} is suspended")
    pause = models.Suspension.objects.create(
        grant=row,
        reason=reason[:REASON_LENGTH_MAX],
        person_id=actor,
        at=at,
        recorded_at=now,
    )
    return Changed(pause.id, _settle(row, verb="suspend", reason=reason, actor=actor, now=now))


@transaction.atomic
def lift(
    *, grant_id: UUID, now: datetime, at: datetime | None = None, actor: UUID | None = None
) -> ChangeOutcome:
    """The end of the grant's suspension, from `at` on."""
    at, now = at or now, take_book(now)
    row = _signed(grant_id, now=now, actor=actor)
    if not isinstance(row, models.Grant):
        return row
    pause = _open_suspension(row)
    if pause is None:
        return Unchanged(f"{row.number} is not suspended")
    models.Lift.objects.create(
        suspension=pause, person_id=actor, at=max(at, pause.at), recorded_at=now
    )
    return Changed(pause.id, _settle(row, verb="lift", reason="", actor=actor, now=now))


@transaction.atomic
def terminate(
    *,
    grant_id: UUID,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    actor: UUID | None = None,
) -> ChangeOutcome:
    """The early end, for good, by either party. What rests on the grant has lost its parent."""
    at, now = at or now, take_book(now)
    row = _signed(grant_id, now=now, actor=actor, grantee_may=True)
    if not isinstance(row, models.Grant):
        return row
    if models.Termination.objects.filter(grant=row).exists():
        return Unchanged(f"{row.number} is terminated")
    models.Termination.objects.create(
        grant=row,
        reason=reason[:REASON_LENGTH_MAX],
        person_id=actor,
        at=at,
        recorded_at=now,
    )
    below = rich.run(statements.grants_below, grants=[row.id])
    exclusives.cut([each for each, _ in below], at=at)
    return Changed(row.id, _settle(row, verb="terminate", reason=reason, actor=actor, now=now))


def _signed(
    grant_id: UUID, *, now: datetime, actor: UUID | None, grantee_may: bool = False
) -> models.Grant | NotFound | NotYours | Unchanged:
    row = models.Grant.objects.select_for_update().filter(id=grant_id).first()
    if row is None:
        return NotFound("grant", str(grant_id))
    able = [row.grantor_id, *([row.grantee_id] if grantee_may else [])]
    if not any(may_act(actor=actor, organisation_id=each, now=now) for each in able):
        return NotYours(row.grantor_id)
    if not row.signatures.exists():
        return Unchanged(f"{row.number} is not signed")
    return row


def _open_suspension(row: models.Grant) -> models.Suspension | None:
    return row.suspensions.filter(lift__isnull=True).first()


def _settle(row: models.Grant, *, verb: str, reason: str, actor: UUID | None, now: datetime) -> int:
    record(
        actor=actor,
        organisation_id=row.grantor_id,
        verb=verb,
        subject_kind="grant",
        subject=row.number,
        detail={"reason": reason} if reason else None,
        now=now,
    )
    return settle_grants(grant_ids=[row.id], now=now, cause=f"grant-{verb}", subject=row.number)
