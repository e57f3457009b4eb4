"""`kotinos channel ...`: import a video, see the work, and do it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kotinos.channel.ingest import house, leases, worker
from kotinos.channel.live.words import live
from kotinos.channel.models import Programme
from kotinos.channel.queries import jobs as job_rows
from kotinos.kernel import clock

if TYPE_CHECKING:
    from uuid import UUID


@click.group()
def channel() -> None:
    """The channel: videos, jobs, live."""


channel.add_command(live)


@channel.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", "code", required=True, help="The programme's code")
@click.option("--now", "at_once", is_flag=True, help="Package it in this process, now")
def import_file(*, file: Path, code: str, at_once: bool) -> None:
    """Package a video file for a programme: queued for the worker, or done at once."""
    now = clock.now()
    programme = Programme.objects.filter(code=code).first()
    if programme is None:
        raise click.ClickException(f"there is no programme {code}")
    job_id = leases.ask(
        programme_id=programme.id, kind="package", path=file, upload_id=None, now=now
    )
    if not at_once:
        click.echo(f"{job_id} waits for the worker")
        return
    lease = leases.take(holder=worker.holder(), now=now, job_id=job_id)
    if lease is None:
        click.echo(f"{job_id} was taken by a worker that runs")
        return
    bad = worker.work(lease, stop=threading.Event(), tell=_tell, yields_to_live=False)
    if bad is not None:
        raise click.ClickException(str(bad))
    click.echo(f"{job_id} is ready")


@channel.command("jobs")
@click.option("--cancel", type=click.UUID, help="End this one, running or waiting")
@click.option("--retry", type=click.UUID, help="Put this one back, failed or cancelled")
@click.option("--history", type=click.UUID, help="What happened to this one")
def list_jobs(*, cancel: UUID | None, retry: UUID | None, history: UUID | None) -> None:
    """The work that takes a while: what waits, what runs and how far, what failed and why."""
    now = clock.now()
    if cancel is not None and not leases.cancel(job_id=cancel, now=now):
        raise click.ClickException(f"{cancel} is not a job that waits or runs")
    if retry is not None and not leases.retry(job_id=retry, now=now):
        raise click.ClickException(f"{retry} is not a job that failed")
    if history is not None:
        for note in job_rows.notes(job_id=history):
            click.echo(f"{note.at:%Y-%m-%d %H:%M:%S}  {note.text}")
        return
    for job in job_rows.jobs(now=now):
        click.echo(
            f"{job.id}  {job.kind:<8} {job.state:<17} {job.progress:>3} %"
            f"  {job.programme_code:<32} {job.reason}"
        )


@channel.command("run")
def run() -> None:
    """Package what is waiting and listen to live signals, until Ctrl-C; `up` does it itself."""
    asyncio.run(house.serve_until_told())


def _tell(percent: int) -> None:
    click.echo(f"  {percent:>3} %")
