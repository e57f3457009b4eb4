"""How a table of the lake stands in Arrow and Parquet, and the empty table of a kind."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kotinos.insight.tables import Kind, Table

_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "flag": pa.bool_(),
    # Without a zone: engines shift instants that have one to the zone of whoever asks.
    "instant": pa.timestamp("us"),
    "day": pa.date32(),
}


@lru_cache(maxsize=64)
def arrow_schema(table: Table) -> pa.Schema:
    """The columns in their order, all of them in every file."""
    return pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in table.columns])


def arrow_rows(table: Table, rows: Sequence[dict[str, object]]) -> pa.Table:
    """Rows as dictionaries; a text that is missing is empty, anything else that is missing null."""
    blanks = {column.name: "" if column.kind == "text" else None for column in table.columns}
    columns = {name: [row.get(name, blank) for row in rows] for name, blank in blanks.items()}
    return pa.table(columns, schema=arrow_schema(table))
