"""Background work of the shell."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from kotinos.kernel import clock
from kotinos.web import wishes
from kotinos.web.office import jobs


@app.periodic(cron="*/10 * * * *")
@app.task(name="web.tell_wishes", queueing_lock="web.tell_wishes")
def tell_wishes(timestamp: int) -> None:
    """Every ten minutes: whoever waits for something that opened hears of it."""
    del timestamp
    wishes.tell(now=clock.now())


@app.task(name="web.import_catalogue")
def import_catalogue(job_id: str, dry_run: bool) -> None:  # noqa: FBT001 - a job's arguments are JSON
    """One run of an upload to the back office; a repeat of a run that has ended does nothing."""
    jobs.run(UUID(job_id), dry_run=dry_run)
