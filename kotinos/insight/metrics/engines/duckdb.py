"""The embedded engine: one connection in memory per question, over the files it is given."""

from __future__ import annotations

import tempfile
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from kotinos.insight.contracts import Answer, Limits, Outcome, TooLarge, TooLong
from kotinos.insight.metrics import scoped
from kotinos.insight.metrics.engines.compiled import metric_of, rows_of, sql_of
from kotinos.insight.metrics.scoped import AT_US
from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kotinos.insight.contracts import Question
    from kotinos.insight.tables import Kind, Table

_AT_US = "epoch_us(occurred_at)"
_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "flag": "BOOLEAN",
    "instant": "TIMESTAMP",
    "day": "DATE",
}


def answer(
    question: Question,
    *,
    files: Mapping[str, Sequence[str]],
    limits: Limits | None = None,
    prepare: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
) -> Outcome:
    """Answer a question from the files of each table; a table without files is empty.

    `prepare` may teach the connection a file system. ValueError: an unknown metric or an unfit
    parameter. duckdb.Error: a file is gone or damaged.
    """
    limits = limits or Limits()
    metric = metric_of(question)
    sql = sql_of(question, dialect="duckdb")
    condition = scoped.condition(
        scope=question.scope, window=question.window, at_us=_AT_US, dialect="duckdb"
    )
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as spill, connected(limits, spill=spill) as connection:
        if prepare:
            prepare(connection)
        try:
            for name in metric.tables:
                connection.execute(view_sql(TABLES[name], files.get(name, ()), condition))
            with interrupted_after(limits.seconds_max, connection):
                found = connection.execute(sql).fetchmany(limits.rows_max + 1)
        except duckdb.InterruptException:
            return TooLong(limits.seconds_max)
        except duckdb.OutOfMemoryException:
            return TooLarge(f"{limits.memory_mb} MB of memory")
    if len(found) > limits.rows_max:
        return TooLarge(f"{limits.rows_max} rows")
    rows = rows_of(found, metric.columns)
    return Answer(question.metric, metric.columns, rows, _ms_since(began))


@contextmanager
def interrupted_after(seconds: float, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt what a connection does once its time is over, and until it has noticed.

    A single interruption between two statements would be forgotten.
    """
    done = threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            connection.interrupt()
            wait = 0.05

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def connected(limits: Limits, *, spill: str) -> duckdb.DuckDBPyConnection:
    """Open a connection in memory that keeps to its limits and spills into a folder of its own."""
    return duckdb.connect(
        config={
            "memory_limit": f"{limits.memory_mb}MB",
            "threads": limits.threads,
            "temp_directory": spill,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
        }
    )


def view_sql(table: Table, files: Sequence[str], condition: str) -> str:
    """Return what makes a view of some rows of files, with the column that every engine adds.

    The path names edition and day as well; the columns of the files are what counts.
    """
    if not files:
        columns = ", ".join(
            f'CAST(NULL AS {_TYPES[column.kind]}) AS "{column.name}"' for column in table.columns
        )
        return (
            f'CREATE VIEW "{table.name}" AS SELECT {columns}, '
            f"CAST(NULL AS BIGINT) AS {AT_US} WHERE false"
        )
    listed = ", ".join(_quoted(file) for file in files)
    return (
        f'CREATE VIEW "{table.name}" AS SELECT *, {_AT_US} AS {AT_US} '  # noqa: S608 - our names, quoted paths
        f"FROM read_parquet([{listed}], hive_partitioning=false, union_by_name=true) "
        f"WHERE {condition}"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _ms_since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
