"""Views that are kept under a name, shared with an organisation, and sent out by mail.

What a view shows is decided when it is looked at or sent, by who looks or whose report it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from kotinos.insight.models import Report, SavedView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from kotinos.kernel.office import Staff

VIEWS_MAX = 100
ADDRESSES_MAX = 20
HOURS, WEEKDAYS = 24, 7


@dataclass(frozen=True, slots=True)
class Saved:
    view_id: UUID


@dataclass(frozen=True, slots=True)
class NotSaved:
    """`reason`: taken (a view of this person has the name) or many."""

    reason: str


def seen(who: Staff) -> QuerySet[SavedView]:
    """A person's own views, and those shared with an organisation they work for."""
    mine = who.organisations()
    shared = Q(organisation__isnull=False) if mine is None else Q(organisation_id__in=mine)
    rows = SavedView.objects.filter(Q(owner_id=who.person_id) | shared)
    return rows.select_related("owner", "organisation").order_by("dashboard", "name", "id")


def save_view(
    *,
    who: Staff,
    name: str,
    dashboard: str,
    filters: Mapping[str, str],
    organisation_id: UUID | None,
    now: datetime,
) -> Saved | NotSaved:
    """Keep a dashboard with its filters; with an organisation its people see it too."""
    if SavedView.objects.filter(owner_id=who.person_id).count() >= VIEWS_MAX:
        return NotSaved("many")
    try:
        with transaction.atomic():
            row = SavedView.objects.create(
                owner_id=who.person_id,
                organisation_id=organisation_id,
                name=name,
                dashboard=dashboard,
                filters=dict(filters),
                made_at=now,
            )
    except IntegrityError:
        return NotSaved("taken")
    return Saved(row.id)


def delete_view(*, who: Staff, view_id: UUID) -> bool:
    """Delete one's own view with its reports; False where one has no such view."""
    deleted, _by_table = SavedView.objects.filter(id=view_id, owner_id=who.person_id).delete()
    return deleted > 0


def plan_report(
    *,
    who: Staff,
    view_id: UUID,
    to: Sequence[str],
    weekday: int | None,
    hour: int,
    now: datetime,
) -> bool:
    """Send one's own view each day or week from the next time on; False: one has no such view."""
    view = SavedView.objects.filter(id=view_id, owner_id=who.person_id).first()
    if view is None:
        return False
    assert 0 <= hour < HOURS, hour
    assert weekday is None or 0 <= weekday < WEEKDAYS, weekday
    Report.objects.create(
        view=view,
        to=list(to)[:ADDRESSES_MAX],
        weekday=weekday,
        hour=hour,
        last_sent_for=due_at(weekday=weekday, hour=hour, now=now),
    )
    return True


def end_report(*, who: Staff, report_id: UUID) -> bool:
    """Send it no more; False where one has no such report."""
    deleted, _by_table = Report.objects.filter(id=report_id, view__owner_id=who.person_id).delete()
    return deleted > 0


def due_at(*, weekday: int | None, hour: int, now: datetime) -> datetime:
    """The last time, not after now, at which a report of this day and hour of UTC is due."""
    here = now.astimezone(timezone.utc)
    due = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if due > here:
        due -= timedelta(days=1)
    if weekday is not None:
        due -= timedelta(days=(due.weekday() - weekday) % WEEKDAYS)
    return due


def claim_due(*, report_id: UUID, now: datetime) -> datetime | None:
    """Take a report's due time for oneself, in the caller's transaction; None: nothing is due.

    Of workers that ask at once one gets it. Times that were missed are not made up for: the last
    one says it all.
    """
    row = Report.objects.select_for_update().filter(id=report_id).first()
    if row is None:
        return None
    due = due_at(weekday=row.weekday, hour=row.hour, now=now)
    if row.last_sent_for is not None and row.last_sent_for >= due:
        return None
    row.last_sent_for = due
    row.save(update_fields=["last_sent_for"])
    return due


def report_ids() -> list[UUID]:
    return list(Report.objects.order_by("id").values_list("id", flat=True))
