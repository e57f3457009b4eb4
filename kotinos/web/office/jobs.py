"""Import jobs: a folder each, with the file, the state and the report.

The state is one small JSON file, written whole and then renamed, so that a page that asks while
the worker writes reads either the old or the new.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.catalog import api as catalog
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.environment import environment
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from django.core.files.uploadedfile import UploadedFile

    from kotinos.catalog.contracts import ImportReport, Progress, RowNote
    from kotinos.games.contracts import Organisation

FILE, STATE, REPORT = "products.csv", "state.json", "report.csv"
NOTES_SHOWN_MAX = 200
LATEST_MAX = 8
SILENT_AFTER = timedelta(minutes=2)
"""A run that has said nothing for so long is taken to have been interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One upload. `stage`: waiting, running, checked (dry run done), done, failed."""

    id: UUID
    seller_id: UUID
    seller_code: str
    seller_name: str
    file_name: str
    properties: tuple[str, ...]
    person_id: UUID
    stage: str
    dry_run: bool
    percent: int
    products: int
    rows: int
    at: datetime
    problem: str = ""
    report: dict[str, Any] | None = None
    notes: tuple[dict[str, Any], ...] = ()

    @property
    def is_working(self) -> bool:
        return self.stage in {"waiting", "running"}

    @property
    def is_silent(self) -> bool:
        """The worker has not been heard of: it is not running, or was stopped half-way."""
        return self.is_working and clock.now() - self.at > SILENT_AFTER

    @property
    def may_run(self) -> bool:
        """The dry run is done (or a run was interrupted): the real run may start."""
        return self.stage in {"checked", "failed"} or self.is_silent


def folder(job_id: UUID) -> Path:
    """Where a job's files lie."""
    return environment().data / "imports" / str(job_id)


def receive(
    upload: UploadedFile[bytes],
    *,
    name: str,
    seller: Organisation,
    properties: tuple[str, ...],
    person_id: UUID,
    now: datetime,
) -> Job:
    """Keep an uploaded file, chunk by chunk."""
    job = Job(
        id=new_id(),
        seller_id=seller.id,
        seller_code=seller.code,
        seller_name=seller.name,
        file_name=name[:100],
        properties=properties,
        person_id=person_id,
        stage="waiting",
        dry_run=True,
        percent=0,
        products=0,
        rows=0,
        at=now,
    )
    folder(job.id).mkdir(parents=True)
    with (folder(job.id) / FILE).open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    write(job)
    return job


def write(job: Job) -> None:
    path = folder(job.id) / STATE
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(job), default=str), encoding="utf-8")
    fresh.replace(path)


def read(job_id: UUID) -> Job | None:
    """The job as it stands; None where there is none."""
    try:
        raw = json.loads((folder(job_id) / STATE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    for name in ("id", "seller_id", "person_id"):
        raw[name] = UUID(raw[name])
    raw["at"] = datetime.fromisoformat(raw["at"])
    return Job(**raw | {"properties": tuple(raw["properties"]), "notes": tuple(raw["notes"])})


def latest(seller_ids: Collection[UUID]) -> list[Job]:
    """The newest jobs of these sellers. Ids sort by time."""
    base = environment().data / "imports"
    found: list[Job] = []
    for path in sorted(base.glob("*"), reverse=True) if base.exists() else ():
        job = read(UUID(path.name))
        if job is not None and job.seller_id in seller_ids:
            found.append(job)
        if len(found) == LATEST_MAX:
            break
    return found


def run_later(job_id: UUID, *, dry_run: bool) -> None:
    """Hand the run to the worker."""
    from kotinos.web import tasks  # noqa: PLC0415 - the task needs this module first

    job = read(job_id)
    assert job is not None, job_id
    write(replace(job, stage="waiting", dry_run=dry_run, percent=0, at=clock.now(), problem=""))
    tasks.import_catalogue.defer(job_id=str(job_id), dry_run=dry_run)


def run(job_id: UUID, *, dry_run: bool) -> None:
    """Do it: the state follows every handful, the report has every remark."""
    job = read(job_id)
    if job is None or not job.is_working:
        return
    (seller,) = games.organisations(ids=(job.seller_id,))
    job = replace(job, stage="running", dry_run=dry_run, at=clock.now(), notes=())
    write(job)
    notes: list[dict[str, Any]] = []

    def progress(far: Progress) -> None:
        percent = min(99, 100 * far.bytes_read // max(1, far.bytes_total))
        write(replace(job, percent=percent, products=far.products, rows=far.rows, at=clock.now()))

    with (folder(job.id) / REPORT).open("w", encoding="utf-8", newline="") as file:
        into_file = catalog.ReportFile(file)

        def sink(note: RowNote) -> None:
            into_file(note)
            if len(notes) < NOTES_SHOWN_MAX:
                notes.append(asdict(note))

        try:
            report = catalog.import_shopify(
                path=folder(job.id) / FILE,
                seller=seller,
                now=clock.now(),
                options=catalog.ImportOptions(properties=job.properties, actor=job.person_id),
                dry_run=dry_run,
                progress=progress,
                sink=sink,
            )
        except (OSError, ValueError) as error:
            write(replace(job, stage="failed", problem=str(error)[:500], at=clock.now()))
            return
    write(_ended(job, report, notes, dry_run=dry_run))


def _ended(job: Job, report: ImportReport, notes: list[dict[str, Any]], *, dry_run: bool) -> Job:
    counts = {name: value for name, value in asdict(report).items() if name != "notes"}
    return replace(
        job,
        stage="checked" if dry_run else "done",
        percent=100,
        rows=report.rows,
        products=report.products_created + report.products_updated + report.products_unchanged,
        report=counts,
        notes=tuple(notes),
        at=clock.now(),
    )
