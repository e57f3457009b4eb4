"""The one place where a question's scope and window narrow the lake, before any metric sees it.

No metric makes a table for itself (a test looks), so none can see a row that the asker may not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from kotinos.insight.metrics.metric import KINDS, Rows
from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.insight.contracts import Scope, Window
    from kotinos.insight.tables import Table

# Engines add it to every table: `occurred_at` as microseconds since 1970. How an instant becomes
# an integer is what their SQL agrees about least.
AT_US = "at_us"


class Lake:
    """The lake's tables as one asker sees them in one window."""

    def __init__(self, *, scope: Scope, window: Window) -> None:
        self._scope = scope
        self._window = window

    def table(self, name: str) -> Rows:
        """Return the rows of a table that lie in the scope and the window."""
        return _narrowed(_unbound(TABLES[name]), scope=self._scope, window=self._window)

    def people(self) -> Rows:
        """Return the events of people: robots that say so are left out."""
        events = self.table("events")
        return events.filter(~events.bot, events.person.notnull())


def _unbound(table: Table) -> Rows:
    columns = {column.name: KINDS[column.kind] for column in table.columns}
    return ibis.table({**columns, AT_US: "int64"}, name=table.name)


def _narrowed(rows: Rows, *, scope: Scope, window: Window) -> Rows:
    """Return the rows of a scope and a window.

    `day` is the UTC day of `occurred_at`, and constant in a file: a window of whole days needs no
    look at the instants themselves.
    """
    kept = [
        rows.edition == scope.edition,
        rows.day >= window.first_day,
        rows.day < window.after_last_day,
    ]
    if not window.whole_days:
        kept += [rows.at_us >= _us(window.since), rows.at_us < _us(window.until)]
    if scope.organisation is not None:
        kept.append(rows.organisation == str(scope.organisation))
    if scope.territory:
        kept.append(rows.territory == scope.territory)
    return rows.filter(*kept)


def _us(instant: datetime) -> int:
    """Return microseconds since 1970, exactly: a float of seconds would lose some."""
    return int(instant.timestamp()) * 1_000_000 + instant.microsecond
