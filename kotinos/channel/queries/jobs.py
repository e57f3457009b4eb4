"""Work that takes a while, as typed rows for the office and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kotinos.channel.ingest.faults import WORDS, Fault
from kotinos.channel.models import Job, JobNote, LiveSession

if TYPE_CHECKING:
    from uuid import UUID

FRESH = timedelta(seconds=10)
SPEED_MIN = 0.98
CANCELLED = "cancelled"
_CANCELLED_WORDS = "Somebody cancelled it."


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    WAITING_FOR_LIVE = "waiting-for-live"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Pressure(StrEnum):
    """What live leaves for other work: all, nothing new, or nothing at all for the moment."""

    NONE = "none"
    ON_AIR = "on-air"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Note:
    """What happened to a job, and when."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as people see it; `reason` is a sentence, "" where there is none."""

    id: UUID
    programme_id: UUID
    programme_code: str
    kind: str
    source: str
    state: JobState
    progress: int
    attempts: int
    asked_at: datetime
    ready_at: datetime
    ended_at: datetime | None
    reason_code: str
    reason: str


def jobs(*, now: datetime, programme_id: UUID | None = None, rows_max: int = 100) -> list[JobRow]:
    """Jobs, what was asked last first; those of one programme where it is given."""
    found = Job.objects.select_related("programme", "upload").order_by("-asked_at", "-id")
    if programme_id is not None:
        found = found.filter(programme_id=programme_id)
    on_air = pressure(now=now) is not Pressure.NONE
    return [_row(job, now=now, on_air=on_air) for job in found[:rows_max]]


def notes(*, job_id: UUID) -> list[Note]:
    """The history of a job, oldest first."""
    found = JobNote.objects.filter(job_id=job_id).order_by("at", "id")
    return [Note(note.at, note.text) for note in found]


def pressure(*, now: datetime) -> Pressure:
    """Whether a live signal is on air, and whether its encoder keeps up with it."""
    on_air = LiveSession.objects.filter(ended_at__isnull=True, seen_at__gt=now - FRESH)
    facts = on_air.values_list("facts", flat=True)
    speeds = [each.get("health", {}).get("speed", 1.0) for each in facts]
    if not speeds:
        return Pressure.NONE
    return Pressure.BEHIND if min(speeds) < SPEED_MIN else Pressure.ON_AIR


def reason_text(code: str, detail: str = "") -> str:
    """A reason as a sentence; the operator's detail where the code is not known."""
    if code == CANCELLED:
        return _CANCELLED_WORDS
    try:
        return WORDS[Fault(code)]
    except ValueError:
        return detail or code


def _row(job: Job, *, now: datetime, on_air: bool) -> JobRow:
    code, _, detail = job.reason.partition(": ")
    return JobRow(
        id=job.id,
        programme_id=job.programme_id,
        programme_code=job.programme.code,
        kind=job.kind,
        source=job.upload.name if job.upload else job.source_path.rpartition("/")[2],
        state=_state(job, now=now, on_air=on_air),
        progress=job.progress,
        attempts=job.attempts,
        asked_at=job.asked_at,
        ready_at=job.ready_at,
        ended_at=job.done_at or job.failed_at,
        reason_code=code,
        reason=reason_text(code, detail) if code else "",
    )


def _state(job: Job, *, now: datetime, on_air: bool) -> JobState:
    if job.done_at is not None:
        return JobState.DONE
    if job.failed_at is not None:
        return JobState.CANCELLED if job.reason == CANCELLED else JobState.FAILED
    if job.leased_until is not None and job.leased_until > now:
        return JobState.WORKING
    return JobState.WAITING_FOR_LIVE if on_air else JobState.WAITING
