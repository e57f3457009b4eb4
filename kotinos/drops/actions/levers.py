"""What whoever watches a drop does to its line: pause, go on, slow down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.drops import queries
from kotinos.drops.actions.frame import SUBJECT, may_manage
from kotinos.drops.contracts import Phase
from kotinos.drops.terms import Changed, NotFound, NotYours, Unchanged
from kotinos.kernel import changelog
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.contracts import DropView

FACTORS = (1.0, 0.5, 0.25, 0.1)
"""Shares of the rate that a watcher may choose; the conductor finds the rate itself."""

LeverOutcome = Changed | NotYours | NotFound | Unchanged


def pause_line(*, drop_id: UUID, now: datetime, actor: UUID | None = None) -> LeverOutcome:
    """Call nobody until the line goes on; who was called may still come in and buy."""
    return _pull(drop_id, "pause line", now=now, actor=actor)


def resume_line(*, drop_id: UUID, now: datetime, actor: UUID | None = None) -> LeverOutcome:
    """Go on calling from this moment."""
    return _pull(drop_id, "resume line", now=now, actor=actor)


def slow_line(
    *, drop_id: UUID, factor: float, now: datetime, actor: UUID | None = None
) -> LeverOutcome:
    """Call at a share of the rate, one of `FACTORS`; ValueError for another."""
    if factor not in FACTORS:
        raise ValueError(f"a line goes at one of {FACTORS} of its rate, not at {factor}")
    return _pull(drop_id, "slow line", now=now, actor=actor, factor=factor)


@transaction.atomic
def _pull(
    drop_id: UUID, verb: str, *, now: datetime, actor: UUID | None, factor: float = 1.0
) -> LeverOutcome:
    drop = queries.drop_by_id(drop_id)
    if drop is None:
        return NotFound()
    seller_id = _owner(drop).seller_id
    if not may_manage(seller_id=seller_id, actor=actor, now=now):
        return NotYours(seller_id)
    if drop.phase(now) not in {Phase.COMING, Phase.OPEN}:
        return Unchanged("nobody is waiting")
    match verb:
        case "pause line":
            moved = waitingroom.pause(room_id=drop.room_id, now=now)
        case "resume line":
            moved = waitingroom.resume(room_id=drop.room_id, now=now)
        case _:
            moved = waitingroom.slow_down(room_id=drop.room_id, factor=factor)
    if not moved:
        return Unchanged("it was so already")
    changelog.record(
        actor=actor,
        organisation=seller_id,
        verb=verb,
        subject_kind=SUBJECT,
        subject=drop.slug,
        detail={"share": f"{factor:.0%}"} if verb == "slow line" else None,
        now=now,
    )
    return Changed(drop)


def _owner(drop: DropView) -> DropView:
    """A rehearsal's own seller has no people: whoever has the original holds its levers."""
    return (queries.drop_by_id(drop.rehearsal_of) if drop.rehearsal_of else None) or drop
