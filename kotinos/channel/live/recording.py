"""A live signal becomes a video on demand: its segments, two by two, are the ticks of a package.

Nothing is encoded again. Sessions of one event (short gaps between them, one encoding) are joined;
an odd last segment is dropped. Sound may come up to one AAC frame (21 ms) later with every join.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from kotinos.channel.actions.programmes import put_programme
from kotinos.channel.contracts import INIT_FILE
from kotinos.channel.ingest import leases
from kotinos.channel.live.encoding import RUNGS
from kotinos.channel.live.places import init_key
from kotinos.channel.live.terms import RECORD_AFTER
from kotinos.channel.models import LiveSegment, LiveSession, LiveSource, Programme
from kotinos.channel.results import Saved
from kotinos.channel.store import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

RECORD = "record"
JOINED_WITHIN = timedelta(minutes=10)
ASKED_WITHIN = timedelta(days=1)
CODE_LENGTH_MAX = 80
_log = logging.getLogger("kotinos.channel.live")


@dataclass(frozen=True, slots=True)
class Piece:
    """Segments of a session that follow each other, from `first` on, a whole number of pairs."""

    session_id: UUID
    first: int
    ticks: int


def ask_due(*, now: datetime) -> int:
    """Ask for the recordings of all that is over; how many events are.

    What cannot be written down (its properties are gone, say) is logged and tried again for a day.
    """
    waiting = LiveSession.objects.filter(
        source__records=True, recorded=None, ended_at__isnull=False, ended_at__gt=now - ASKED_WITHIN
    )
    sources = waiting.values_list("source_id", flat=True).distinct()
    return sum(_ask(source_id, now=now) for source_id in sorted(sources))


@transaction.atomic
def _ask(source_id: UUID, *, now: datetime) -> int:
    """One source's: it is off, or has been silent for a while. Two workers do not ask twice."""
    rows = LiveSource.objects.select_for_update(of=("self",), skip_locked=True)
    source = rows.select_related("programme").filter(id=source_id).first()
    sessions = list(
        LiveSession.objects.filter(
            source=source_id, recorded=None, seen_at__gt=now - ASKED_WITHIN
        ).order_by("began_at", "id")
    )
    if source is None or not sessions or any(each.ended_at is None for each in sessions):
        return 0
    is_off = source.enabled_until is not None and source.enabled_until <= now
    last = max(each.ended_at for each in sessions if each.ended_at)
    if not is_off and now - last < RECORD_AFTER:
        return 0
    groups = [group for group in _grouped(sessions) if pieces(group)]
    for group in groups:
        _ask_for(source, group, now=now)
    return len(groups)


def _grouped(sessions: Sequence[LiveSession]) -> list[list[LiveSession]]:
    """Sessions of one event: little time between them, and the same encoding."""
    groups: list[list[LiveSession]] = []
    for session in sessions:
        before = groups[-1][-1] if groups else None
        if before is not None and _follows(before, session):
            groups[-1].append(session)
        else:
            groups.append([session])
    return groups


def _follows(before: LiveSession, session: LiveSession) -> bool:
    ended_at = before.ended_at or before.seen_at
    if session.began_at - ended_at > JOINED_WITHIN:
        return False
    keys = [(init_key(before.id, rung), init_key(session.id, rung)) for rung in RUNGS]
    return all(store().read_now(one) == store().read_now(other) for one, other in keys)


def pieces(sessions: Iterable[LiveSession]) -> list[Piece]:
    """The whole pairs of segments that are still there, in order."""
    found: list[Piece] = []
    for session in sessions:
        rows = LiveSegment.objects.filter(session=session).order_by("number")
        for first, count in _runs(list(rows.values_list("number", flat=True))):
            if count > 1:
                found.append(Piece(session.id, first, count // 2))
    return found


def pieces_of(programme_id: UUID) -> list[Piece]:
    """What is left of the sessions that a programme records."""
    sessions = LiveSession.objects.filter(recorded=programme_id)
    return pieces(sessions.order_by("began_at", "id"))


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers in order as (first, how many) of each stretch without a gap."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


def _ask_for(source: LiveSource, sessions: Sequence[LiveSession], *, now: datetime) -> None:
    """A programme in draft for what happened, and the work to fill it."""
    live, began_at = source.programme, sessions[0].began_at
    outcome = put_programme(
        code=_free_code(live.code, f"{began_at:%Y-%m-%d}"),
        kind=live.kind,
        titles=live.titles,
        synopses=live.synopses,
        organisation_id=live.organisation_id,
        properties=live.properties,
        editions=live.editions,
        nocs=live.nocs,
        sport=live.sport,
        occurred_at=began_at,
        now=now,
    )
    if not isinstance(outcome, Saved):
        _log.error("%s cannot be recorded: %s", live.code, outcome)
        return
    ids = [session.id for session in sessions]
    LiveSession.objects.filter(id__in=ids).update(recorded=outcome.id)
    leases.ask(programme_id=outcome.id, kind=RECORD, path=None, upload_id=None, now=now)


def _free_code(code: str, date: str) -> str:
    """`<code>-recording-<date>`, and a number where that is taken."""
    end = f"-recording-{date}"
    stem = code[: CODE_LENGTH_MAX - len(end) - 3].rstrip("-") + end
    taken = set(
        Programme.objects.filter(Q(code=stem) | Q(code__startswith=f"{stem}-")).values_list(
            "code", flat=True
        )
    )
    names = (stem, *(f"{stem}-{number}" for number in range(2, 100)))
    return next(name for name in names if name not in taken)


def inits(session_id: UUID) -> dict[str, bytes]:
    """A session's initialisation segments; FileNotFoundError where one is gone."""
    found = {}
    for rung in RUNGS:
        data = store().read_now(init_key(session_id, rung))
        if data is None:
            raise FileNotFoundError(f"{session_id}/{rung}/{INIT_FILE}")
        found[rung] = data
    return found
