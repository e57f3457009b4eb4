"""Writes a Games into a folder that is laid out as the lake is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from kotinos.insight.generate.columns import day_tables
from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    import pyarrow as pa

    from kotinos.insight.generate.games import Games
    from kotinos.insight.tables import Table

MADE = ("events", "sales", "refusals", "watching", "dead")
_ROWS_PER_GROUP = 131_072  # as in the lake
_AT_ONCE = 2  # days in memory; the compression of each takes a core


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows of each table."""

    rows: dict[str, int]


def write_folder(games: Games, folder: Path) -> Written:
    """Write files below a folder; those that a run with the same seed left there are replaced."""

    def put(table: Table, day: date, rows: pa.Table) -> None:
        place = folder / table.name / f"edition={games.edition}" / f"day={day}"
        place.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            rows,
            place / f"generated-{games.seed}.parquet",
            compression="zstd",
            compression_level=1,
            row_group_size=_ROWS_PER_GROUP,
            use_dictionary=[name for name in table.names if name not in _HARDLY_REPEATED],
        )

    return write(games, put)


_HARDLY_REPEATED = ("id", "occurred_at", "received_at", "order", "view")


def write(games: Games, put: Callable[[Table, date, pa.Table], None]) -> Written:
    """Put the rows of each table and day where `put` puts them, two days at once."""
    written = Written({})
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for name in MADE:
            days = day_tables(games, TABLES[name])
            rows = 0
            while some := list(islice(days, _AT_ONCE)):
                rows += sum(table.num_rows for _, table in some)
                list(pool.map(lambda pair, name=name: put(TABLES[name], *pair), some))
            written.rows[name] = rows
    return written
