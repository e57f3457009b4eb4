"""Rows of the log become columns of Arrow."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from kotinos.insight.lake.schema import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kotinos.insight.collect.frames import Frame
    from kotinos.insight.tables import Table

OF_THE_FRAME = ("edition", "day", "organisation", "received_at", "source")
"""Columns that are not in a logged row: said once for a frame, or computed."""
DAY_MICROSECONDS = 86_400_000_000


@lru_cache(maxsize=64)
def logged(table: Table) -> tuple[str, ...]:
    """The columns of a row as it stands in the log, in their order."""
    return tuple(name for name in table.names if name not in OF_THE_FRAME)


def arrow_of(table: Table, frames: Sequence[Frame]) -> pa.Table:
    """All rows of some frames of one table, in their order."""
    schema = arrow_schema(table)
    rows = list(chain.from_iterable(frame.rows for frame in frames))
    columns: dict[str, Any] = dict(zip(logged(table), zip(*rows, strict=True), strict=False))
    lengths = [len(frame.rows) for frame in frames]
    for name in ("edition", "organisation", "source"):
        values = (getattr(frame, name) for frame in frames)
        columns[name] = list(chain.from_iterable(map(repeat, values, lengths)))
    received = np.repeat(np.array([frame.received for frame in frames], np.int64), lengths)
    occurred = np.array(columns["occurred_at"], np.int64)
    columns["received_at"], columns["occurred_at"] = received, occurred
    columns["day"] = (occurred // DAY_MICROSECONDS).astype(np.int32)
    return pa.table([_column(field, columns, len(rows)) for field in schema], schema=schema)


def _column(field: pa.Field, columns: dict[str, Any], rows: int) -> pa.Array:
    """A column that a log of an older version has not is empty."""
    values = columns.get(field.name)
    if values is None:
        return pa.array(repeat("" if pa.types.is_string(field.type) else None, rows), field.type)
    if isinstance(values, np.ndarray):
        return pa.array(values).view(field.type)
    return pa.array(values, field.type)
