"""What is older than a source's DVR window goes, unless it is to be recorded or shown late."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.channel.contracts import SEGMENT_FILE
from kotinos.channel.live.encoding import RUNGS
from kotinos.channel.live.places import live_folder
from kotinos.channel.models import Job, LiveSegment, LiveSession
from kotinos.channel.store import LIVE, store

if TYPE_CHECKING:
    from datetime import datetime

KEPT_AT_LEAST = timedelta(hours=2)
"""A linear channel lists an hour, 30 minutes late in some territories, and counts from before."""
RECORDED_AT_MOST = timedelta(hours=12)
"""A source on air for longer is recorded from what is left of it: a disk is finite."""
SEGMENTS_AT_ONCE = 2_000
STRAY_SECONDS = 600.0


def sweep(*, now: datetime) -> None:
    """Remove old segments, files first: a row without its file is swept again, not the reverse."""
    unfinished = set(
        Job.objects.filter(kind="record", done_at=None).values_list("programme_id", flat=True)
    )
    old = LiveSegment.objects.filter(starts_at__lt=now - KEPT_AT_LEAST)
    sessions = LiveSession.objects.filter(id__in=old.values("session_id").distinct())
    for session in sessions.select_related("source").order_by("began_at"):
        kept = max(KEPT_AT_LEAST, timedelta(minutes=session.source.dvr_minutes))
        awaited = session.recorded_id is None and session.source.records
        if awaited or session.recorded_id in unfinished:
            kept = max(kept, RECORDED_AT_MOST)
        _sweep_session(session, before=now - kept)
    _sweep_strays()


def _sweep_session(session: LiveSession, *, before: datetime) -> None:
    rows = LiveSegment.objects.filter(session=session, starts_at__lt=before)
    numbers = list(rows.order_by("number").values_list("number", flat=True)[:SEGMENTS_AT_ONCE])
    if not numbers:
        return
    names = [f"{rung}/{SEGMENT_FILE.format(number)}" for number in numbers for rung in RUNGS]
    store().remove_live(session.id, names)
    LiveSegment.objects.filter(session=session, number__in=numbers).delete()
    if session.ended_at and not LiveSegment.objects.filter(session=session).exists():
        store().remove_live(session.id)


def _sweep_strays() -> None:
    """Folders of runs that never became a session, left by a kill while they listened.

    Where the store is elsewhere, those of sessions that are over too: all of it is there.
    """
    root, before = live_folder(), time.time() - STRAY_SECONDS
    if not root.is_dir():
        return
    found = {path.name: path for path in root.iterdir() if path.stat().st_mtime < before}
    known = LiveSession.objects.filter(id__in=[UUID(name) for name in found if _is_id(name)])
    if store().local_path(LIVE) is None:
        known = known.filter(ended_at=None)
    kept = {str(each) for each in known.values_list("id", flat=True)}
    for name in found.keys() - kept:
        shutil.rmtree(found[name], ignore_errors=True)


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
