"""Which files of the lake count. A commit adds and removes some of them in one transaction.

Files are written first and counted afterwards: what a kill leaves behind uncounted is swept. What
a commit removes stays where it is for a while, so that whoever is reading it can finish.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Count, Max

from kotinos.insight.lake.store import lake
from kotinos.insight.models import File
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from kotinos.insight.tables import Table

KEPT_FOR_READERS = timedelta(minutes=10)
_TIME_BITS = 80  # below the milliseconds of a UUID version 7
_UNCOUNTED_MS = 3_600_000
ROWS_PER_GROUP = 131_072
_WHOLE_TEXTS = ("id", "properties", "payload")  # texts that hardly ever repeat


class StaleError(Exception):
    """A file that was to be removed is gone already: read the manifest again and try again."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is written and does not count yet."""

    table: str
    edition: str
    day: date
    key: str
    rows: int
    bytes: int
    generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow(NewFile):
    """A file that counts."""

    id: UUID


def current(
    *, table: str, edition: str = "", since: date | None = None, until: date | None = None
) -> list[FileRow]:
    """The files that count, oldest day first; of days from `since` on and before `until`."""
    files = _current(table, edition)
    if since is not None:
        files = files.filter(day__gte=since)
    if until is not None:
        files = files.filter(day__lt=until)
    return [_row(file) for file in files.order_by("day", "key")]


def version(*, table: str, edition: str) -> str:
    """A text that differs whenever other files count than before."""
    now = _current(table, edition).aggregate(Count("id"), Max("added_at"))
    gone = File.objects.filter(removed_at__isnull=False, table=table)
    if edition:
        gone = gone.filter(edition=edition)
    last = gone.aggregate(Max("removed_at"))["removed_at__max"]
    return f"{now['id__count']}.{now['added_at__max']}.{last.isoformat() if last else ''}"


def write_rows(*, table: Table, rows: pa.Table, generation: int = 0) -> list[NewFile]:
    """Write rows as files, one for each edition and day; they count once they are committed."""
    return [
        _write(table.name, edition, day, part, generation) for edition, day, part in _parts(rows)
    ]


def commit(*, added: Sequence[NewFile], removed: Sequence[FileRow] = (), now: datetime) -> None:
    """Count some files and others no longer, in the caller's transaction.

    StaleError where a file to remove does not count any more.
    """
    if removed:
        gone = File.objects.filter(id__in=[file.id for file in removed], removed_at=None)
        if gone.update(removed_at=now) != len(removed):
            raise StaleError
    File.objects.bulk_create(
        File(
            table=file.table,
            edition=file.edition,
            day=file.day,
            key=file.key,
            rows=file.rows,
            bytes=file.bytes,
            generation=file.generation,
            added_at=now,
        )
        for file in added
    )


def discard(files: Sequence[NewFile]) -> None:
    """Delete files that were written and shall not count after all."""
    for file in files:
        lake().delete(file.key)


def sweep(*, now: datetime, at_once: bool = False) -> int:
    """Delete the files that count no longer and nobody can be reading; how many there were."""
    gone = File.objects.filter(removed_at__isnull=False)
    if not at_once:
        gone = gone.filter(removed_at__lt=now - KEPT_FOR_READERS)
    rows = list(gone[:1000])
    for row in rows:
        lake().delete(row.key)
    File.objects.filter(id__in=[row.id for row in rows]).delete()
    return len(rows)


def sweep_uncounted() -> int:
    """Delete the files that no row names: their writer was killed. Only for the one who writes.

    What was written a moment ago may be somebody else's who is about to count it: files are known
    by the time in their names (UUID version 7), and the last hour's are left alone.
    """
    old = (new_id().int >> _TIME_BITS) - _UNCOUNTED_MS
    keys = [key for key in lake().every_key() if made_ms(key) < old]
    known = set(File.objects.filter(key__in=keys).values_list("key", flat=True))
    orphans = [key for key in keys if key not in known]
    for key in orphans:
        lake().delete(key)
    return len(orphans)


def made_ms(key: str) -> int:
    """When a file was made, milliseconds since 1970; far ahead for what is not ours."""
    name = key.rpartition("/")[2].lstrip(".").partition(".")[0]  # a dot: half written
    try:
        return UUID(name).int >> _TIME_BITS
    except ValueError:
        return 1 << 48


def _current(table: str, edition: str) -> QuerySet[File]:
    files = File.objects.filter(removed_at__isnull=True, table=table)
    return files.filter(edition=edition) if edition else files


def _row(file: File) -> FileRow:
    return FileRow(
        table=file.table,
        edition=file.edition,
        day=file.day,
        key=file.key,
        rows=file.rows,
        bytes=file.bytes,
        generation=file.generation,
        id=file.id,
    )


def _parts(rows: pa.Table) -> Iterator[tuple[str, date, pa.Table]]:
    """The rows of each edition and day; mostly there is only one."""
    found = rows.select(["edition", "day"]).group_by(["edition", "day"]).aggregate([])
    pairs = zip(found["edition"].to_pylist(), found["day"].to_pylist(), strict=True)
    if found.num_rows == 1:
        edition, day = next(pairs)
        yield edition, day, rows
        return
    for edition, day in pairs:
        mine = pc.and_(pc.equal(rows["edition"], edition), pc.equal(rows["day"], day))
        yield edition, day, rows.filter(mine)


def _write(table: str, edition: str, day: date, rows: pa.Table, generation: int) -> NewFile:
    sink = pa.BufferOutputStream()
    repeating = [
        field.name
        for field in rows.schema
        if pa.types.is_string(field.type) and field.name not in _WHOLE_TEXTS
    ]
    pq.write_table(
        rows,
        sink,
        compression="zstd",
        compression_level=1,
        use_dictionary=repeating,
        row_group_size=ROWS_PER_GROUP,
    )
    data = sink.getvalue()
    key = f"{table}/edition={edition}/day={day}/{new_id()}.parquet"
    lake().write(key, data)
    return NewFile(table, edition, day, key, rows.num_rows, data.size, generation)
