"""What is left over and must go: half-made folders, uploads nobody finished, sources packaged."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kotinos.channel.ingest import leases
from kotinos.channel.models import Job, Upload
from kotinos.channel.store import store, upload_folder, work_folder
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from kotinos.channel.ingest.leases import Lease

UPLOAD_KEPT = timedelta(hours=24)
"""An upload that is not finished after this is forgotten, as its answers said (tus: expiration)."""
FAILED_KEPT = timedelta(days=7)
"""So long what failed may be tried again from the file that was sent."""


def sweep(*, now: datetime) -> int:
    """Remove all of it; the number of things removed. Harmless at any time."""
    return _half_folders() + _orphans(now) + _uploads(now)


def forget_source(lease: Lease) -> None:
    """Packaged: the file that was sent has done its service."""
    if lease.upload_id is not None:
        with suppress(OSError):
            lease.path.unlink(missing_ok=True)


def poster_path(programme_id: UUID) -> Path:
    """Where the editors' own poster of a programme waits for its packages."""
    return environment().data.absolute() / "posters" / f"{programme_id}.jpg"


def _half_folders() -> int:
    """Attempts whose lease is gone: their worker is dead, or has given up."""
    folder = work_folder()
    if not folder.is_dir():
        return 0
    found = list(folder.iterdir())  # before the leases: a folder is younger than its lease
    kept = leases.active()
    gone = [path for path in found if path.name not in kept]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return len(gone)


def _orphans(now: datetime) -> int:
    """Packages in the store whose job was cancelled after they were put there."""
    ended = Job.objects.filter(failed_at__gt=now - timedelta(hours=1))
    removed = 0
    for job_id in ended.values_list("id", flat=True):
        if store().whole(job_id) is not None:
            store().remove(job_id)
            removed += 1
    return removed


def _uploads(now: datetime) -> int:
    unfinished = Upload.objects.filter(finished_at=None, begun_at__lt=now - UPLOAD_KEPT)
    failed = Upload.objects.filter(
        id__in=Job.objects.filter(failed_at__lt=now - FAILED_KEPT).values("upload_id")
    )
    old = [*unfinished, *failed]
    for upload in old:
        upload.delete()
    return len(old) + _files_of_nobody()


def _files_of_nobody() -> int:
    """Files whose upload has no row any more; a row is always written before its file."""
    found = list(upload_folder().glob("*")) if upload_folder().is_dir() else []
    known = {str(found_id) for found_id in Upload.objects.values_list("id", flat=True)}
    gone = [path for path in found if path.name not in known]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
