"""Who works on which job: leases in PostgreSQL, renewed while the work goes on.

A job is worked on by whoever holds its lease. A worker that dies stops renewing it, and the next
one takes the job over. The package has the job's id, so that a job makes one package at most.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from kotinos.channel.ingest.faults import Bad, Fault
from kotinos.channel.models import Job, JobNote, Package
from kotinos.channel.queries.jobs import CANCELLED
from kotinos.channel.store import upload_folder
from kotinos.kernel import outbox, pagecache

if TYPE_CHECKING:
    from uuid import UUID

LEASE = timedelta(seconds=30)
ATTEMPTS_MAX = 3
WAIT = timedelta(seconds=20)  # after the first failure; after the second four times as long
PACKAGE_READY = "channel.package-ready"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job for a while, and what the work is."""

    job_id: UUID
    programme_id: UUID
    kind: str
    upload_id: UUID | None
    path: Path
    holder: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Lost:
    """The lease is somebody else's by now, or the job was cancelled."""

    cancelled: bool


def ask(
    *, programme_id: UUID, kind: str, path: Path | None, upload_id: UUID | None, now: datetime
) -> UUID:
    """Put a job into the queue. Give the file's path, or the upload's id."""
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            programme_id=programme_id,
            upload_id=upload_id,
            source_path=str(path.resolve()) if path else "",
            asked_at=now,
            ready_at=now,
        )
        _note(job.id, "asked for", now)
    return job.id


def take(*, holder: str, now: datetime, job_id: UUID | None = None, kind: str = "") -> Lease | None:
    """The job that has waited longest (or the one named, or of one kind), leased; None where
    nothing waits.

    One whose workers died too often is not taken again: it fails, with the reason.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    with transaction.atomic():
        waiting = Job.objects.filter(free, done_at=None, failed_at=None, ready_at__lte=now)
        if kind:
            waiting = waiting.filter(kind=kind)
        if job_id is not None:
            waiting = waiting.filter(id=job_id)
        job = waiting.select_for_update(skip_locked=True).order_by("ready_at", "id").first()
        if job is None:
            return None
        if job.attempts >= ATTEMPTS_MAX:
            _give_up(job, Bad(Fault.INTERRUPTED, "its workers ended too often"), now)
            return None
        job.leased_by, job.leased_until = f"{holder} {uuid.uuid4().hex[:8]}", now + LEASE
        job.attempts += 1
        job.progress = 0
        job.save(update_fields=["leased_by", "leased_until", "attempts", "progress"])
        _note(job.id, f"begun by {holder}, attempt {job.attempts}", now)
    return _lease(job)


def beat(lease: Lease, *, progress: int, now: datetime) -> bool:
    """Renew the lease and tell how far the work is; False where it is not ours any more."""
    renewed: int = _ours(lease).update(leased_until=now + LEASE, progress=progress)
    return renewed == 1


def finish(lease: Lease, *, said: dict[str, Any], now: datetime) -> Lost | None:
    """The package is in the store: write its row and close the job, in one transaction.

    `said` is what the package's own file says: `ticks`, `bytes`, `facts`.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().get(id=lease.job_id)
        if job.done_at is not None:
            return None
        if job.failed_at is not None or job.leased_by != lease.holder:
            return Lost(cancelled=job.failed_at is not None)
        package = Package.objects.create(
            id=job.id,
            programme_id=job.programme_id,
            ticks=said["ticks"],
            facts=said["facts"],
            bytes=said["bytes"],
            ready_at=now,
        )
        job.done_at, job.leased_until, job.progress, job.reason = now, None, 100, ""
        job.save(update_fields=["done_at", "leased_until", "progress", "reason"])
        _note(job.id, "done", now)
        payload = {
            "package": str(package.id),
            "programme": str(package.programme_id),
            "organisation": str(package.programme.organisation_id),
        }
        outbox.publish(kind=PACKAGE_READY, payload=payload, now=now)
        pagecache.changed("channel")
    return None


def fail(lease: Lease, *, bad: Bad, now: datetime) -> None:
    """Close the job with its reason, or put it back for a later attempt where that may help."""
    with transaction.atomic():
        job = _ours(lease).select_for_update().first()
        if job is None:
            return
        if not bad.may_pass or job.attempts >= ATTEMPTS_MAX:
            _give_up(job, bad, now)
            return
        job.ready_at, job.leased_until = now + WAIT * 4 ** (job.attempts - 1), None
        job.reason = str(bad)[:500]
        job.save(update_fields=["ready_at", "leased_until", "reason"])
        _note(job.id, f"attempt {job.attempts} failed, {bad}", now)


def release(lease: Lease, *, now: datetime) -> None:
    """Give the job back as if it had not been begun: we are ending, it is not its fault."""
    with transaction.atomic():
        if _ours(lease).update(leased_until=None, attempts=F("attempts") - 1, progress=0):
            _note(lease.job_id, "given back, the worker ends", now)


def cancel(*, job_id: UUID, now: datetime) -> bool:
    """End a job, running or waiting; False where it has ended already."""
    with transaction.atomic():
        open_jobs = Job.objects.filter(id=job_id, done_at=None, failed_at=None)
        if not open_jobs.update(failed_at=now, leased_until=None, reason=CANCELLED):
            return False
        _note(job_id, CANCELLED, now)
    return True


def retry(*, job_id: UUID, now: datetime) -> bool:
    """Put a failed or cancelled job back, with all its attempts; False where it is not one."""
    with transaction.atomic():
        ended = Job.objects.filter(id=job_id, failed_at__isnull=False)
        again = ended.update(failed_at=None, ready_at=now, attempts=0, progress=0, reason="")
        if again:
            _note(job_id, "asked for again", now)
    return again == 1


def active() -> set[str]:
    """Folder names of the attempts that somebody holds a lease on, lapsed or not."""
    held = Job.objects.filter(done_at=None, failed_at=None, leased_until__isnull=False)
    return {f"{job.id}.{job.attempts}" for job in held}


def _ours(lease: Lease) -> Any:
    return Job.objects.filter(
        id=lease.job_id, leased_by=lease.holder, done_at=None, failed_at=None
    ).exclude(leased_until=None)


def _give_up(job: Job, bad: Bad, now: datetime) -> None:
    job.failed_at, job.leased_until, job.reason = now, None, str(bad)[:500]
    job.save(update_fields=["failed_at", "leased_until", "reason"])
    _note(job.id, f"failed, {bad}", now)


def _lease(job: Job) -> Lease:
    path = upload_folder() / str(job.upload_id) if job.upload_id else Path(job.source_path)
    return Lease(
        job_id=job.id,
        programme_id=job.programme_id,
        kind=job.kind,
        upload_id=job.upload_id,
        path=path,
        holder=job.leased_by,
        attempt=job.attempts,
    )


def _note(job_id: UUID, text: str, now: datetime) -> None:
    JobNote.objects.create(job_id=job_id, at=now, text=text[:500])
