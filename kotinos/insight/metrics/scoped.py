"""The one place where a question's scope and window narrow the lake, before any metric sees it.

What a metric calls `events` is a view that an engine made with `condition`: there is no other way
to the files. No metric makes a table for itself (a test looks), so none can see a row that the
asker may not; and its SQL is the same for all who ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import ibis
from sqlglot import exp

from kotinos.insight.metrics.metric import KINDS, Rows
from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from datetime import date, datetime

    from kotinos.insight.contracts import Scope, Window

Dialect = Literal["duckdb", "spark"]
# Engines add it to every table: `occurred_at` as microseconds since 1970. How an instant becomes
# an integer is what their SQL agrees about least.
AT_US = "at_us"


class Lake:
    """The lake's tables as whoever asks may see them."""

    def table(self, name: str) -> Rows:
        """Return the rows of a table that lie in the scope and the window."""
        columns = {column.name: KINDS[column.kind] for column in TABLES[name].columns}
        return ibis.table({**columns, AT_US: "int64"}, name=name)

    def people(self) -> Rows:
        """Return the events of people: robots that say so are left out."""
        events = self.table("events")
        return events.filter(~events.bot, events.person.notnull())


def condition(*, scope: Scope, window: Window, at_us: str, dialect: Dialect) -> str:
    """Return the SQL condition of the rows in a scope and a window; `at_us`: its engine's form.

    `day` is the UTC day of `occurred_at`, and constant in a file: a window of whole days needs no
    look at the instants themselves.
    """
    kept: list[exp.Expression] = [
        _equal("edition", scope.edition),
        exp.column("day") >= _day(window.first_day),
        exp.column("day") < _day(window.after_last_day),
    ]
    if scope.organisation is not None:
        kept.append(_equal("organisation", str(scope.organisation)))
    if scope.territory:
        kept.append(_equal("territory", scope.territory))
    text = " AND ".join(part.sql(dialect=dialect) for part in kept)
    if window.whole_days:
        return text
    return f"{text} AND {at_us} >= {_us(window.since)} AND {at_us} < {_us(window.until)}"


def _equal(column: str, value: str) -> exp.Expression:
    """Compare with a text; whatever is in it, sqlglot quotes it as the dialect wants."""
    return exp.column(column).eq(exp.Literal.string(value))


def _day(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), exp.DataType.Type.DATE)


def _us(instant: datetime) -> int:
    """Return microseconds since 1970, exactly: a float of seconds would lose some."""
    return int(instant.timestamp()) * 1_000_000 + instant.microsecond
