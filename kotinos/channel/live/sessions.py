"""What becomes of a session in the database: it begins, grows by segments, and ends for sure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from kotinos.channel.live.encoding import SEGMENT_SECONDS
from kotinos.channel.live.terms import DEAD_AFTER
from kotinos.channel.models import LiveSegment, LiveSession
from kotinos.kernel import outbox

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

LIVE_BEGAN, LIVE_ENDED = "channel.live-began", "channel.live-ended"
DATABASE_TROUBLE = (OperationalError, InterfaceError)
SEGMENT = timedelta(seconds=SEGMENT_SECONDS)


@transaction.atomic
def begin_session(
    *, session_id: UUID, source_id: UUID, began_at: datetime, facts: dict[str, Any], now: datetime
) -> datetime:
    """A source is on air; its first segment follows. What was open before it is over.

    Answers when it began: as given, but not before the end of what there is already, although a
    sender's clock may have run ahead of ours in an hour.
    """
    known = LiveSession.objects.filter(id=session_id).first()
    if known is not None:  # told twice: the answer was lost with the connection
        return known.began_at
    _end(LiveSession.objects.filter(source=source_id, ended_at=None), now=now)
    there = LiveSegment.objects.filter(session__source=source_id, starts_at__gt=began_at - SEGMENT)
    last = there.order_by("-starts_at").first()
    began_at = max(began_at, last.starts_at + SEGMENT) if last else began_at
    session = LiveSession.objects.create(
        id=session_id, source_id=source_id, began_at=began_at, seen_at=now, facts=facts
    )
    _tell(LIVE_BEGAN, session, now)
    return began_at


@transaction.atomic
def add_segments(
    *, session_id: UUID, began_at: datetime, numbers: Collection[int], now: datetime
) -> None:
    """Segments that every rung has, two seconds each; told twice is told once."""
    LiveSegment.objects.bulk_create(
        [
            LiveSegment(
                session_id=session_id,
                number=number,
                starts_at=began_at + number * SEGMENT,
                duration_ms=SEGMENT_SECONDS * 1000,
                available_at=Now(),
            )
            for number in numbers
        ],
        ignore_conflicts=True,
    )
    LiveSession.objects.filter(id=session_id, ended_at=None).update(seen_at=now)


def beat(*, session_id: UUID, health: dict[str, Any], now: datetime) -> bool:
    """A sign of life, with how the signal is; False where the session has been ended."""
    with transaction.atomic():
        rows = LiveSession.objects.select_for_update().filter(id=session_id, ended_at=None)
        session = rows.first()
        if session is None:
            return False
        session.seen_at, session.facts = now, {**session.facts, "health": health}
        session.save(update_fields=["seen_at", "facts"])
    return True


@transaction.atomic
def end_session(*, session_id: UUID, now: datetime) -> None:
    """The signal is over; nothing happens where it already was."""
    _end(LiveSession.objects.filter(id=session_id, ended_at=None), now=now)


@transaction.atomic
def end_dead_sessions(*, now: datetime) -> int:
    """End the sessions whose encoder died without a word; how many there were."""
    return _end(LiveSession.objects.filter(ended_at=None, seen_at__lt=now - DEAD_AFTER), now=now)


def _end(rows: Any, *, now: datetime) -> int:
    """A session that died ended when it was last seen, not when somebody noticed."""
    found = list(
        rows.select_for_update(of=("self",)).select_related("source__programme").order_by("id")
    )
    for session in found:
        dead = now - session.seen_at > DEAD_AFTER
        session.ended_at = session.seen_at if dead else now
        session.save(update_fields=["ended_at"])
        _tell(LIVE_ENDED, session, now)
    return len(found)


def _tell(kind: str, session: LiveSession, now: datetime) -> None:
    programme = session.source.programme
    payload = {
        "source": session.source.code,
        "session": str(session.id),
        "programme": str(programme.id),
        "organisation": str(programme.organisation_id),
    }
    outbox.publish(kind=kind, payload=payload, now=now)
