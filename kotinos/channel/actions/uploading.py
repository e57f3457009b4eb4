"""What editors do with files: send one, give a poster, end or repeat the work on a video."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.db import transaction
from PIL import ImageOps

from kotinos.channel.actions.frame import programme_of, record_programme
from kotinos.channel.ingest import leases, stills
from kotinos.channel.ingest.faults import Bad
from kotinos.channel.ingest.sweeping import poster_path
from kotinos.channel.models import Job, Package
from kotinos.channel.results import NotFound, NotYours
from kotinos.channel.store import PACKAGES, store
from kotinos.channel.uploads import sign_pass

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from PIL import Image


def allow_upload(
    *, programme_id: UUID, now: datetime, by: UUID | None = None
) -> str | NotFound | NotYours:
    """A token with which this person may send files for the programme for a day (tus)."""
    with transaction.atomic():
        row = programme_of(programme_id, by=by, now=now)
        if isinstance(row, NotFound | NotYours):
            return row
        return sign_pass(programme_id=programme_id, person_id=by, now=now)


def set_poster(
    *, programme_id: UUID, data: bytes, now: datetime, by: UUID | None = None
) -> Bad | NotFound | NotYours | None:
    """Make a picture the poster of a programme: of its newest package, and of those to come.

    Only its pixels are kept. Packages keep the addresses of their pictures; a page that must show
    the new one at once adds `facts["poster_at"]` to them.
    """
    picture = stills.read_poster(data)
    if isinstance(picture, Bad):
        return picture
    with transaction.atomic():
        row = programme_of(programme_id, by=by, now=now)
        if isinstance(row, NotFound | NotYours):
            return row
        _keep(programme_id, picture)
        package = row.packages.select_for_update().order_by("-ready_at", "-id").first()
        if package is not None:
            _repaint(package, picture, now)
        record_programme("poster set", row, by=by, now=now)
    return None


def cancel_job(
    *, job_id: UUID, now: datetime, by: UUID | None = None
) -> bool | NotFound | NotYours:
    """End a job, running or waiting; False where it has ended already."""
    refused = _not_for(job_id, by=by, now=now)
    return refused or leases.cancel(job_id=job_id, now=now)


def retry_job(*, job_id: UUID, now: datetime, by: UUID | None = None) -> bool | NotFound | NotYours:
    """Put a failed or cancelled job back; False where it is neither."""
    refused = _not_for(job_id, by=by, now=now)
    return refused or leases.retry(job_id=job_id, now=now)


def _not_for(job_id: UUID, *, by: UUID | None, now: datetime) -> NotFound | NotYours | None:
    job = Job.objects.filter(id=job_id).first()
    if job is None:
        return NotFound("job")
    with transaction.atomic():
        row = programme_of(job.programme_id, by=by, now=now)
    return row if isinstance(row, NotFound | NotYours) else None


def _keep(programme_id: UUID, picture: Image.Image) -> None:
    path = poster_path(programme_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    ImageOps.contain(picture, (2560, 1440)).save(fresh, "JPEG", quality=92)
    fresh.replace(path)


def _repaint(package: Package, picture: Image.Image, now: datetime) -> None:
    for name, drawn, options in stills.posters(picture):
        file = io.BytesIO()
        drawn.save(file, **options)
        store().put_picture(f"{PACKAGES}/{package.id}/{name}", file.getvalue())
    package.facts = {**package.facts, "poster_at": int(now.timestamp())}
    package.save(update_fields=["facts"])
