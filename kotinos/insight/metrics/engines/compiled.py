"""What both engines share: a question's SQL, and its rows as Python's values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import ibis

from kotinos.insight.metrics.registry import METRICS
from kotinos.insight.metrics.scoped import Lake

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kotinos.insight.contracts import Param, Question, Row, Value
    from kotinos.insight.metrics.metric import Metric
    from kotinos.insight.tables import Column, Kind

Dialect = Literal["duckdb", "pyspark"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1)


def metric_of(question: Question) -> Metric:
    """Return the metric that is asked for. ValueError: there is none of that name."""
    metric = METRICS.get(question.metric)
    if metric is None:
        raise ValueError(f"no metric is called {question.metric}")
    return metric


def sql_of(question: Question, *, dialect: Dialect) -> str:
    """Return the metric as SQL over views that the engine narrows.

    ValueError: an unknown metric or an unfit parameter.
    """
    params = metric_of(question).chosen(question.params)
    return _compiled(question.metric, tuple(params.items()), dialect)


@lru_cache(maxsize=256)
def _compiled(name: str, params: tuple[tuple[str, Param], ...], dialect: Dialect) -> str:
    """Kept, since building and compiling takes longer than a small question itself."""
    metric = METRICS[name]
    rows = metric.build(Lake(), dict(params))
    expected = tuple(column.name for column in metric.columns)
    if rows.columns != expected:
        raise AssertionError(f"{metric.name} answers {rows.columns}, not {expected}")
    return str(ibis.to_sql(rows, dialect=dialect))


def rows_of(found: Iterable[Sequence[Any]], columns: tuple[Column, ...]) -> tuple[Row, ...]:
    """Return an engine's rows with every value of its column's kind."""
    kinds = tuple(column.kind for column in columns)
    return tuple(
        tuple(_value(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in found
    )


def _value(value: Any, kind: Kind) -> Value:
    if value is None:
        return None
    match kind:
        case "integer":
            return int(value)
        case "instant":
            return _EPOCH + timedelta(microseconds=int(value))
        case "day":
            return _day(value)
        case "flag":
            return bool(value)
        case "text":
            return str(value)


def _day(value: Any) -> date:
    """Make a day of a date, of a midnight (so engines truncate to months) or of a day's number."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else _EPOCH_DAY + timedelta(days=int(value))
