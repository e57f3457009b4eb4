"""An edition's lake as plain Parquet that anybody can read, with what every column means.

    DIR/README.md  dictionary.md  manifest.json  <table>/day=<YYYY-MM-DD>/part-<n>.parquet

It is written beside its place and renamed when it is whole. People are pseudonyms, or nowhere in
it; what was sent and could not be understood (`dead.payload`) is never handed over.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import timezone
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from kotinos.insight.dictionary import dictionary_text
from kotinos.insight.lake import manifest
from kotinos.insight.lake.manifest import ROWS_PER_GROUP
from kotinos.insight.lake.schema import arrow_rows, arrow_schema
from kotinos.insight.lake.store import lake
from kotinos.insight.models import Erasure
from kotinos.insight.tables import DEAD, TABLES, Table
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from kotinos.insight.lake.manifest import FileRow

FORMAT = 1
MANIFEST, DICTIONARY, README = "manifest.json", "dictionary.md", "README.md"
ROWS_PER_FILE_MAX = 5_000_000
_ATTEMPTS = 3
_NEVER = {(DEAD.name, "payload")}
_READ_ME = """# The lake of {edition}

Handed over {made_at} by region `{region}`: {rows:,} rows of {days} days in {files} files.

Each table is a folder, each UTC day of `occurred_at` a folder in it. Any engine reads it, e.g.

    import pyarrow.dataset as ds
    ds.dataset("sales", format="parquet").to_table()

    SELECT noc, sum(units) FROM read_parquet('sales/*/*.parquet') GROUP BY 1   -- DuckDB

Instants are UTC without a zone; amounts are in minor units of `currency`. {persons}
What each column means stands in `{dictionary}`; `{manifest}` has rows, bytes and SHA-256 of
every file: `kotinos insight hand-over --check DIR` compares them, and so does `sha256sum`.
"""
_WITH = """People are pseudonyms
(keyed hashes): the key is not handed over, so nobody's id leads to their rows."""
_WITHOUT = """Columns that tell one
person from another were left out."""


@dataclass(frozen=True, slots=True)
class HandedFile:
    """One file of a hand-over; `path` is relative to its folder."""

    path: str
    table: str
    day: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    files: tuple[HandedFile, ...]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)


@dataclass(frozen=True, slots=True)
class InTheWay:
    """The folder has something in it already."""


@dataclass(frozen=True, slots=True)
class Disturbed:
    """Somebody was erased while it was written, so it was thrown away: try again."""


def hand_over(
    *, edition: str, folder: Path, with_persons: bool, now: datetime
) -> HandedOver | InTheWay | Disturbed:
    """Write the edition's lake as it is now into a new folder."""
    if folder.exists() and any(folder.iterdir()):
        return InTheWay()
    fresh = folder.with_name(f".{folder.name}.{uuid4().hex}")
    fresh.mkdir(parents=True)
    try:
        before = _erasures(edition)
        files = tuple(_write_all(edition, fresh, with_persons=with_persons))
        _write_words(fresh, edition, files, with_persons=with_persons, now=now)
        if _erasures(edition) != before:
            return Disturbed()
        if folder.exists():
            folder.rmdir()
        fresh.rename(folder)
        return HandedOver(files)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def handed(table: Table, *, with_persons: bool) -> Table:
    """The table with the columns that are handed over."""
    columns = tuple(
        column
        for column in table.columns
        if (with_persons or not column.personal) and (table.name, column.name) not in _NEVER
    )
    return Table(table.name, table.sentence, table.source, columns)


def check(folder: Path) -> list[str]:
    """What is wrong with a hand-over; nothing where all is as it was written."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = [HandedFile(**each) for each in said["files"]]
        columns = {name: table["columns"] for name, table in said["tables"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{MANIFEST} cannot be read: {error}"]
    faults = [fault for file in files for fault in _faults(folder, file, columns)]
    named = {file.path for file in files}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    return faults + [f"{path}: not in the manifest" for path in sorted(there - named)]


def _faults(folder: Path, file: HandedFile, columns: dict[str, list[dict[str, Any]]]) -> list[str]:
    path = folder / file.path
    if not path.is_file():
        return [f"{file.path}: missing"]
    if _sha256(path) != file.sha256:
        return [f"{file.path}: its SHA-256 is another"]
    found = pq.read_metadata(path)
    faults = []
    if found.num_rows != file.rows:
        faults.append(f"{file.path}: {found.num_rows} rows, not {file.rows}")
    wanted = [column["name"] for column in columns.get(file.table, [])]
    if found.schema.to_arrow_schema().names != wanted:
        faults.append(f"{file.path}: its columns are others")
    return faults


def _erasures(edition: str) -> list[Any]:
    """What was asked and what was done of it: differs after any erasing."""
    asked = Erasure.objects.filter(edition=edition).order_by("id")
    return list(asked.values_list("id", "done_at", "rows"))


def _write_all(edition: str, folder: Path, *, with_persons: bool) -> Iterator[HandedFile]:
    for table in TABLES.values():
        plain = handed(table, with_persons=with_persons)
        days = sorted({file.day for file in manifest.current(table=table.name, edition=edition)})
        for day in days:
            yield from _write_day(plain, edition, day, folder)


def _write_day(table: Table, edition: str, day: date, folder: Path) -> list[HandedFile]:
    """A day's rows; begun again where a file was merged away while it was read."""
    place = folder / table.name / f"day={day}"
    for attempt in range(_ATTEMPTS):
        place.mkdir(parents=True, exist_ok=True)
        try:
            return [
                _described(folder, path, table, day, rows)
                for path, rows in _parts(table, edition, day, place)
            ]
        except FileNotFoundError:
            shutil.rmtree(place)
            if attempt == _ATTEMPTS - 1:
                raise
    return []


def _parts(table: Table, edition: str, day: date, place: Path) -> list[tuple[Path, int]]:
    """Files of at most about `ROWS_PER_FILE_MAX` rows, written group by group."""
    schema = arrow_schema(table)
    found: list[tuple[Path, int]] = []
    batch: list[FileRow] = []
    files = manifest.current(table=table.name, edition=edition)
    for file in (each for each in files if each.day == day):
        if batch and sum(each.rows for each in batch) + file.rows > ROWS_PER_FILE_MAX:
            found.append(_part(batch, table, schema, place / f"part-{len(found)}.parquet"))
            batch = []
        batch.append(file)
    if batch:
        found.append(_part(batch, table, schema, place / f"part-{len(found)}.parquet"))
    return found


def _part(files: list[FileRow], table: Table, schema: pa.Schema, path: Path) -> tuple[Path, int]:
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for file in files:
            for batch in _batches(file, table, schema):
                writer.write_table(batch)
                rows += batch.num_rows
    return path, rows


def _batches(file: FileRow, table: Table, schema: pa.Schema) -> Iterator[pa.Table]:
    """A file's rows in today's columns: an older file lacks the newer ones."""
    source = pq.ParquetFile(pa.BufferReader(lake().read(file.key)))
    names = [name for name in schema.names if name in source.schema_arrow.names]
    blank = arrow_rows(table, [{}])
    for batch in source.iter_batches(batch_size=ROWS_PER_GROUP, columns=names):
        rows = pa.Table.from_batches([batch])
        for name in (each for each in schema.names if each not in names):
            value = blank[name][0]
            rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
        yield rows.select(schema.names).cast(schema)


def _described(folder: Path, path: Path, table: Table, day: date, rows: int) -> HandedFile:
    return HandedFile(
        path=path.relative_to(folder).as_posix(),
        table=table.name,
        day=day.isoformat(),
        rows=rows,
        bytes=path.stat().st_size,
        sha256=_sha256(path),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_words(
    folder: Path,
    edition: str,
    files: tuple[HandedFile, ...],
    *,
    with_persons: bool,
    now: datetime,
) -> None:
    """What a reader needs beside the rows."""
    made_at = now.astimezone(timezone.utc).isoformat(timespec="seconds")
    tables = [handed(table, with_persons=with_persons) for table in TABLES.values()]
    said = {
        "format": FORMAT,
        "edition": edition,
        "region": environment().region,
        "made_at": made_at,
        "with_persons": with_persons,
        "tables": {table.name: _of_table(table, files) for table in tables},
        "files": [asdict(file) for file in files],
    }
    text = json.dumps(said, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    (folder / DICTIONARY).write_text(dictionary_text(), encoding="utf-8")
    words = _READ_ME.format(
        edition=edition,
        made_at=made_at,
        region=environment().region,
        rows=sum(file.rows for file in files),
        days=len({file.day for file in files}),
        files=len(files),
        persons=_WITH if with_persons else _WITHOUT,
        dictionary=DICTIONARY,
        manifest=MANIFEST,
    )
    (folder / README).write_text(words, encoding="utf-8")


def _of_table(table: Table, files: tuple[HandedFile, ...]) -> dict[str, Any]:
    return {
        "sentence": table.sentence,
        "rows": sum(file.rows for file in files if file.table == table.name),
        "columns": [asdict(column) for column in table.columns],
    }
