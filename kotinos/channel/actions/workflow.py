"""From draft to withdrawn: each step is a row, and what pages ask for is kept with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import OuterRef, Subquery

from kotinos.channel import models
from kotinos.channel.actions.frame import programme_of, record_programme
from kotinos.channel.actions.programmes import rule_again
from kotinos.channel.contracts import Step
from kotinos.channel.results import (
    BadTerms,
    NotFound,
    NothingToShow,
    NotNow,
    NotYours,
    Problem,
    Stepped,
)
from kotinos.kernel import outbox

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.channel.models import Programme

    Outcome = Stepped | NotNow | NothingToShow | NotFound | NotYours | BadTerms

PUBLISHED, WITHDRAWN = "channel.programme-published", "channel.programme-withdrawn"
SCHEDULE_DAYS_MAX = 366
NOTE_LENGTH_MAX = 500
FOLLOWING = {
    Step.DRAFT: {Step.REVIEW, Step.SCHEDULED, Step.PUBLISHED},
    Step.REVIEW: {Step.DRAFT, Step.SCHEDULED, Step.PUBLISHED},
    Step.SCHEDULED: {Step.SCHEDULED, Step.PUBLISHED, Step.WITHDRAWN},
    Step.PUBLISHED: {Step.WITHDRAWN},
    Step.WITHDRAWN: {Step.DRAFT, Step.REVIEW, Step.SCHEDULED, Step.PUBLISHED},
}
"""Which steps may follow which. A small desk may publish without a review; the history says so."""


def step_of(programme_id: UUID, *, now: datetime) -> Step:
    """Where a programme stands: what was scheduled is published once its time has come."""
    last = models.ProgrammeStep.objects.filter(programme=programme_id).order_by("at", "id").last()
    if last is None:
        return Step.DRAFT
    step = Step(last.name)
    return Step.PUBLISHED if step is Step.SCHEDULED and last.effective_at <= now else step


def send_to_review(
    *, programme_id: UUID, now: datetime, by: UUID | None = None, note: str = ""
) -> Outcome:
    """Ask somebody else to look at it."""
    return _step(programme_id, Step.REVIEW, now, now=now, by=by, note=note)


def send_back(
    *, programme_id: UUID, now: datetime, by: UUID | None = None, note: str = ""
) -> Outcome:
    """A draft again, with a word why."""
    return _step(programme_id, Step.DRAFT, now, now=now, by=by, note=note)


def schedule_publication(
    *, programme_id: UUID, at: datetime, now: datetime, by: UUID | None = None, note: str = ""
) -> Outcome:
    """Publish at an instant to come, at most a year ahead; said again, at another instant."""
    if not now < at <= now + timedelta(days=SCHEDULE_DAYS_MAX):
        return BadTerms((Problem("at", "Choose an instant within the next year."),))
    return _step(programme_id, Step.SCHEDULED, at, now=now, by=by, note=note)


def publish(
    *,
    programme_id: UUID,
    now: datetime,
    by: UUID | None = None,
    from_at: datetime | None = None,
    note: str = "",
) -> Outcome:
    """Publish now, or (`from_at` to come) schedule it; an instant that is past is kept as given."""
    if from_at is not None and from_at > now:
        return schedule_publication(programme_id=programme_id, at=from_at, now=now, by=by)
    return _step(programme_id, Step.PUBLISHED, from_at or now, now=now, by=by, note=note)


def withdraw(
    *, programme_id: UUID, now: datetime, by: UUID | None = None, note: str = ""
) -> Outcome:
    """Show it no longer, in pages and channels alike."""
    return _step(programme_id, Step.WITHDRAWN, now, now=now, by=by, note=note)


@transaction.atomic
def _step(
    programme_id: UUID,
    step: Step,
    effective_at: datetime,
    *,
    now: datetime,
    by: UUID | None,
    note: str,
) -> Outcome:
    row = programme_of(programme_id, by=by, now=now)
    if isinstance(row, NotFound | NotYours):
        return row
    stands = step_of(row.id, now=now)
    if step not in FOLLOWING[stands]:
        return NotNow(row.id, stands)
    if step in {Step.SCHEDULED, Step.PUBLISHED} and not has_something(row):
        return NothingToShow(row.id)
    row.steps.create(
        name=step, at=now, effective_at=effective_at, by_id=by, note=note[:NOTE_LENGTH_MAX]
    )
    _keep(row, step, effective_at)
    rule_again(row.id, now=now)
    detail = {"note": note[:NOTE_LENGTH_MAX]} if note else {}
    record_programme(step.value, row, by=by, now=now, detail=detail)
    _tell(row, step, effective_at, now=now)
    return Stepped(row.id, step, effective_at)


def has_something(row: Programme) -> bool:
    """Whether there is a package, or a live source, to show."""
    return row.packages.exists() or models.LiveSource.objects.filter(programme=row).exists()


def _keep(row: Programme, step: Step, effective_at: datetime) -> None:
    """The same in two columns, because every page and both lanes ask for it."""
    if step in {Step.SCHEDULED, Step.PUBLISHED}:
        row.published_from, row.published_until = effective_at, None
    elif step is Step.WITHDRAWN:
        row.published_until = effective_at
    else:
        return
    row.save(update_fields=["published_from", "published_until"])


def _tell(row: Programme, step: Step, effective_at: datetime, *, now: datetime) -> None:
    payload = {
        "programme": str(row.id),
        "code": row.code,
        "from": effective_at.isoformat(),
        "organisation": str(row.organisation_id),
    }
    if step is Step.PUBLISHED:
        outbox.publish(kind=PUBLISHED, payload=payload, now=now)
    elif step is Step.WITHDRAWN:
        outbox.publish(kind=WITHDRAWN, payload=payload, now=now)


def publish_due(*, now: datetime) -> int:
    """Write down that scheduled programmes are published now; caches forget. How many were due."""
    last = models.ProgrammeStep.objects.filter(programme=OuterRef("pk")).order_by("-at", "-id")
    due = models.Programme.objects.annotate(step=Subquery(last.values("name")[:1])).filter(
        step=Step.SCHEDULED, published_from__lte=now
    )
    ids = list(due.order_by("id").values_list("id", flat=True))
    return sum(_publish_one(programme_id, now=now) for programme_id in ids)


@transaction.atomic
def _publish_one(programme_id: UUID, *, now: datetime) -> bool:
    row = models.Programme.objects.select_for_update().get(id=programme_id)
    last = row.steps.order_by("at", "id").last()
    if last is None or last.name != Step.SCHEDULED or last.effective_at > now:
        return False
    row.steps.create(name=Step.PUBLISHED, at=now, effective_at=last.effective_at)
    record_programme(Step.PUBLISHED, row, by=None, now=now)
    _tell(row, Step.PUBLISHED, last.effective_at, now=now)
    return True
