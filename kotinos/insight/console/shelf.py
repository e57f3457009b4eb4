"""An organisation's own rows, copied into a database of their own before anybody may ask them.

No trick of SQL reaches what is not there: another organisation's rows and the columns that tell
people apart were never copied. A copy is made anew when the lake has changed and it is no longer
fresh; erasing a person deletes all copies and waits for those being made.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import uuid4

from kotinos.insight.lake import manifest
from kotinos.insight.lake.store import lake
from kotinos.insight.tables import TABLES
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    import duckdb

    from kotinos.insight.lake.manifest import FileRow
    from kotinos.insight.tables import Column, Kind, Table

FRESH = timedelta(seconds=60)
ROWS_MAX = 5_000_000
MEMORY_MB = 512
_AT = "%Y%m%dT%H%M%S%f"
_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "flag": "BOOLEAN",
    "instant": "TIMESTAMP",
    "day": "DATE",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """A private database. `since`: the first day that is in it; None: every day is."""

    path: Path
    as_of: datetime
    version: str
    since: date | None


def root() -> Path:
    """Where the copies are."""
    return environment().data / "insight" / "console"


def shown(table: Table, *, organisation: UUID | None) -> tuple[Column, ...]:
    """The columns that an analyst may see: an organisation's none that tell people apart."""
    return tuple(each for each in table.columns if organisation is None or not each.personal)


def copy_of(organisation: UUID | None, *, now: datetime) -> Copy:
    """The organisation's rows as they are now, or were less than a minute ago; None: all rows."""
    folder = root() / str(organisation or "all")
    folder.mkdir(parents=True, exist_ok=True)
    with _held(root() / "all.lock", fcntl.LOCK_SH), _held(folder / "lock", fcntl.LOCK_EX):
        found = max(_copies(folder), key=lambda each: each.as_of, default=None)
        if found is not None and now - found.as_of < FRESH:
            return found
        version = _version(organisation)
        if found is not None and found.version == version:
            return found
        fresh = _made(folder, organisation, version, now)
        for stale in _copies(folder):
            if stale.path != fresh.path:
                stale.path.unlink(missing_ok=True)  # who reads it keeps it until the end
        return fresh


def forget() -> None:
    """Delete every copy, once none is being made."""
    root().mkdir(parents=True, exist_ok=True)
    with _held(root() / "all.lock", fcntl.LOCK_EX):
        for folder in root().iterdir():
            if folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)


def view_of(table: Table, addresses: Sequence[str]) -> str:
    """What makes a view of all rows of some files, for an operator."""
    if not addresses:
        blank = ", ".join(
            f'CAST(NULL AS {_TYPES[each.kind]}) AS "{each.name}"' for each in table.columns
        )
        return f'CREATE VIEW "{table.name}" AS SELECT {blank} WHERE false'
    listed = ", ".join("'" + address.replace("'", "''") + "'" for address in addresses)
    source = f"read_parquet([{listed}], hive_partitioning=false, union_by_name=true)"
    return f'CREATE VIEW "{table.name}" AS FROM {source}'


@contextmanager
def _held(path: Path, how: int) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, how)
        yield


def _version(organisation: UUID | None) -> str:
    """Differs whenever other files count, or other columns are shown."""
    parts = [manifest.version(table=name, edition="") for name in TABLES]
    parts += [
        f"{name}:{column.name}"
        for name, table in TABLES.items()
        for column in shown(table, organisation=organisation)
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def _copies(folder: Path) -> list[Copy]:
    found = []
    for path in folder.glob("*.duckdb"):
        at, version, since = path.stem.split("-", 2)
        as_of = datetime.strptime(at, _AT).replace(tzinfo=timezone.utc)
        found.append(Copy(path, as_of, version, date.fromisoformat(since) if since else None))
    return found


def _made(folder: Path, organisation: UUID | None, version: str, now: datetime) -> Copy:
    import duckdb  # noqa: PLC0415 - whoever only forgets, the follower, need not load it

    for left in folder.glob("*.making*"):
        left.unlink()  # a kill came: we hold the lock, so nobody writes it
    making = folder / f"{uuid4().hex}.making"
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{MEMORY_MB}MB",
        "threads": 2,
        "temp_directory": f"{making}.spill",
    }
    try:
        with duckdb.connect(str(making), config=config) as connection:
            lake().register(connection)
            cut = [_fill(connection, table, organisation) for table in TABLES.values()]
    finally:
        shutil.rmtree(f"{making}.spill", ignore_errors=True)
    since = max((day for day in cut if day is not None), default=None)
    name = f"{now.astimezone(timezone.utc):{_AT}}-{version}-{since or ''}"
    path = folder / f"{name}.duckdb"
    making.replace(path)
    return Copy(path, now, version, since)


def _fill(
    connection: duckdb.DuckDBPyConnection, table: Table, organisation: UUID | None
) -> date | None:
    """Copy a table's rows, the latest days first; the first day that had room, None for all."""
    columns = shown(table, organisation=organisation)
    defined = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in columns)
    connection.execute(f'CREATE TABLE "{table.name}" ({defined})')
    names = ", ".join(f'"{column.name}"' for column in columns)
    whose, given = (
        ("", []) if organisation is None else ("WHERE organisation = ?", [str(organisation)])
    )
    rows, earliest = 0, None
    for day, files in _by_day(manifest.current(table=table.name)):
        if rows >= ROWS_MAX:
            return earliest
        chosen = f'INSERT INTO "{table.name}" SELECT {names} FROM '  # noqa: S608 - names of ours
        source = "read_parquet(?, hive_partitioning=false, union_by_name=true)"
        addresses = [lake().address(file.key) for file in files]
        found = connection.execute(f"{chosen} {source} {whose}", [addresses, *given]).fetchone()
        rows, earliest = rows + (found[0] if found else 0), day
    return None


def _by_day(files: Sequence[FileRow]) -> list[tuple[date, list[FileRow]]]:
    found: dict[date, list[FileRow]] = {}
    for file in files:
        found.setdefault(file.day, []).append(file)
    return sorted(found.items(), reverse=True)
