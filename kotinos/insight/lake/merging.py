"""Many small files become few large ones, and nothing else changes.

Files of a table, edition and day are merged when `FILES` of one generation have gathered, so that
a row is written again only a few times (a log-structured merge tree's size tiers).
"""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from kotinos.insight.lake import ids, manifest
from kotinos.insight.lake.manifest import StaleError
from kotinos.insight.lake.store import lake
from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from kotinos.insight.lake.manifest import FileRow, NewFile

FILES = 8
ROWS_MAX = 1_000_000
"""A file of this size is large enough."""
ROWS_AT_ONCE_MAX = 3_000_000


def merge(*, now: datetime, groups_max: int = 20) -> int:
    """Merge what has gathered; how many files went."""
    gone = 0
    for files in _groups()[:groups_max]:
        fresh = _merged(files)
        try:
            with transaction.atomic():
                manifest.commit(added=fresh, removed=files, now=now)
        except StaleError:  # erased or expired meanwhile: there is nothing to merge any more
            manifest.discard(fresh)
        else:
            gone += len(files)
    return gone


def _groups() -> list[list[FileRow]]:
    """Files that belong together and are many."""
    found: dict[tuple[str, str, date, int], list[FileRow]] = defaultdict(list)
    for table in (*TABLES, ids.TABLE):
        for file in manifest.current(table=table):
            if file.rows < ROWS_MAX:
                found[table, file.edition, file.day, file.generation].append(file)
    return [_at_once(files) for files in found.values() if len(files) >= FILES]


def _at_once(files: list[FileRow]) -> list[FileRow]:
    """As many of the first as fit into memory together; of files below `ROWS_MAX`, three."""
    sums = accumulate(file.rows for file in files)
    return files[: sum(1 for _ in takewhile(lambda rows: rows <= ROWS_AT_ONCE_MAX, sums))]


def _merged(files: Sequence[FileRow]) -> list[NewFile]:
    first = files[0]
    generation = first.generation + 1
    if first.table == ids.TABLE:
        runs = np.concatenate([ids.read(file.key) for file in files])
        return [ids.write(first.edition, first.day, runs, generation=generation)]
    table = TABLES[first.table]
    parts = [pq.read_table(pa.BufferReader(lake().read(file.key))) for file in files]
    rows = pa.concat_tables(parts, promote_options="default").sort_by("occurred_at")
    return manifest.write_rows(table=table, rows=rows, generation=generation)
