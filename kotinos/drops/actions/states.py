"""What happens to a drop as a whole: published, withdrawn, ended; each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.drops import models
from kotinos.drops.actions.checking import ground, obstacles
from kotinos.drops.actions.frame import locked, may_manage, record, view
from kotinos.drops.actions.scheduling import terms_of
from kotinos.drops.contracts import DropState
from kotinos.drops.terms import BadTerms, Changed, NotFound, NotYours, Problem, Unchanged
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

REASON_LENGTH_MAX = 200


def publishing_problems(drop_id: UUID, *, now: datetime) -> tuple[Problem, ...]:
    """What stands in the way of publishing a drop now."""
    terms = terms_of(view(drop_id))
    found = ground(terms, but=drop_id, now=now)
    return found.problems or tuple(obstacles(terms, found, but=drop_id))


@transaction.atomic
def publish(
    *, drop_id: UUID, now: datetime, actor: UUID | None = None
) -> Changed | BadTerms | NotYours | NotFound | Unchanged:
    """Announce a draft: its page, its line and the hash of its draw are public from now on.

    From this moment its variants are sold in the drop only.
    """
    row = locked(drop_id)
    refused = _refusal(row, actor=actor, now=now, states={DropState.DRAFT})
    if refused is not None or row is None:
        return refused or NotFound()
    problems = publishing_problems(drop_id, now=now)
    if problems:
        return BadTerms(problems)
    return _happened(row, DropState.PUBLISHED, actor=actor, now=now)


@transaction.atomic
def withdraw(
    *, drop_id: UUID, now: datetime, reason: str = "", actor: UUID | None = None
) -> Changed | NotYours | NotFound | Unchanged:
    """Take a drop back: no new holds; orders placed stay; its variants are sold as before."""
    row = locked(drop_id)
    states = {DropState.DRAFT, DropState.PUBLISHED}
    refused = _refusal(row, actor=actor, now=now, states=states)
    if refused is not None or row is None:
        return refused or NotFound()
    waitingroom.end(room_id=row.room_id, now=now)
    return _happened(row, DropState.WITHDRAWN, actor=actor, now=now, detail=reason)


@transaction.atomic
def end(
    *, drop_id: UUID, now: datetime, actor: UUID | None = None
) -> Changed | NotYours | NotFound | Unchanged:
    """Close a published drop for good, before its time or after it; what is left is sold on."""
    row = locked(drop_id)
    refused = _refusal(row, actor=actor, now=now, states={DropState.PUBLISHED})
    if refused is not None or row is None:
        return refused or NotFound()
    waitingroom.end(room_id=row.room_id, now=now)
    return _happened(row, DropState.ENDED, actor=actor, now=now)


@transaction.atomic
def end_those_over(*, now: datetime) -> int:
    """Write down the end of published drops whose time is over; how many."""
    rows = (
        models.Drop.objects.select_for_update(skip_locked=True)
        .filter(closes_at__lte=now, states__name=DropState.PUBLISHED)
        .exclude(states__name__in=[DropState.WITHDRAWN, DropState.ENDED])
        .order_by("id")
    )
    over = list(rows)
    for row in over:
        _happened(row, DropState.ENDED, actor=None, now=now)
    return len(over)


def _refusal(
    row: models.Drop | None, *, actor: UUID | None, now: datetime, states: set[DropState]
) -> NotYours | NotFound | Unchanged | None:
    if row is None:
        return NotFound()
    if not may_manage(seller_id=row.seller_id, actor=actor, now=now):
        return NotYours(row.seller_id)
    state = view(row.id).state
    return None if state in states else Unchanged(f"it is {state}")


def _happened(
    row: models.Drop, state: DropState, *, actor: UUID | None, now: datetime, detail: str = ""
) -> Changed:
    detail = detail.strip()[:REASON_LENGTH_MAX]
    models.State.objects.create(drop=row, name=state, at=now, by_id=actor, detail=detail)
    verb = {"published": "publish", "withdrawn": "withdraw", "ended": "end"}[state]
    said = {"reason": detail} if detail else {}
    record(f"{verb} drop", row, actor=actor, now=now, detail=said)
    return Changed(view(row.id))
