"""Rows of the log become columns of Arrow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from kotinos.insight.collect.rows import LOGGED
from kotinos.insight.lake.properties import spread
from kotinos.insight.lake.schema import arrow_schema
from kotinos.insight.tables import EVENTS

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
    if table is EVENTS:
        return LOGGED
    return tuple(name for name in table.names if name not in OF_THE_FRAME)


def arrow_of(table: Table, frames: Sequence[Frame]) -> pa.Table:
    """All rows of some frames of one table, in their order."""
    lengths = [frame.rows for frame in frames]
    columns: dict[str, Any] = {
        name: _together([_column_at(frame, at) for frame in frames], lengths)
        for at, name in enumerate(logged(table))
    }
    if table is EVENTS:
        _spread(columns)
    for name in ("edition", "organisation", "source"):
        columns[name] = _together([getattr(frame, name) for frame in frames], lengths)
    columns["received_at"] = np.repeat(
        np.array([frame.received for frame in frames], np.int64), lengths
    )
    columns["occurred_at"] = np.array(columns["occurred_at"], np.int64)
    columns["day"] = (columns["occurred_at"] // DAY_MICROSECONDS).astype(np.int32)
    schema = arrow_schema(table)
    blank = _Alike(None, sum(lengths))
    arrays = [_arrow(columns.get(field.name, blank), field.type) for field in schema]
    return pa.table(arrays, schema=schema)


def _spread(columns: dict[str, Any]) -> None:
    """Events are logged with all of their properties together: each gets its columns here."""
    every = columns.pop("properties")
    if not isinstance(every, list):
        return
    found = spread([properties or {} for properties in every])
    if "path" in found:  # the page says it better than a property does
        said = columns["path"]
        known = said if isinstance(said, list) else repeat(said.value, len(every))
        found["path"] = [page or told for page, told in zip(known, found["path"], strict=False)]
    columns.update(found)


def _column_at(frame: Frame, at: int) -> Any:
    """A column that a log of an older version has not is empty."""
    return frame.columns[at] if at < len(frame.columns) else None


def _together(parts: Sequence[Any], lengths: Sequence[int]) -> Any:
    """One column of all frames: the one value where all have the same, as within a frame."""
    if not any(isinstance(part, list) for part in parts) and len(set(parts)) == 1:
        return _Alike(parts[0], sum(lengths))
    return list(
        chain.from_iterable(
            part if isinstance(part, list) else repeat(part, length)
            for part, length in zip(parts, lengths, strict=True)
        )
    )


@dataclass(frozen=True, slots=True)
class _Alike:
    """A value that all rows have."""

    value: Any
    rows: int


def _arrow(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, _Alike):
        blank = "" if pa.types.is_string(kind) else None
        value = blank if values.value is None else values.value
        return pa.repeat(pa.scalar(value, kind), values.rows)
    if isinstance(values, np.ndarray):
        return pa.array(values).view(kind)
    return pa.array(values, kind)
