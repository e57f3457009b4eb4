"""A lake of a few rows that a test writes by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from kotinos.insight.contracts import Answer, Question, Scope, Window
from kotinos.insight.lake.schema import arrow_rows
from kotinos.insight.metrics.engines import duckdb
from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kotinos.insight.contracts import Param, Row

EDITION = "LA28"
_ids = count()


def at(text: str) -> datetime:
    """Return an instant of July 2028: `14 09:30:00`."""
    return datetime.fromisoformat(f"2028-07-{text}").replace(tzinfo=UTC)


WINDOW = Window(since=at("01 00:00"), until=at("31 00:00"))


def row(when: str, **columns: object) -> dict[str, object]:
    instant = at(when)
    naive = instant.replace(tzinfo=None)
    return {
        "id": f"id-{next(_ids)}",
        "edition": EDITION,
        "day": instant.date(),
        "occurred_at": naive,
        "received_at": naive,
        "bot": False,
        **columns,
    }


def event(when: str, name: str = "Product Viewed", **columns: object) -> dict[str, object]:
    return row(when, **{"kind": "track", "name": name, "person": 1, "visitor": 1, **columns})


def sale(when: str, **columns: object) -> dict[str, object]:
    usual = {"order": "o1", "product": "cap", "title": "Cap", "noc": "FRA", "units": 1}
    return row(when, **{**usual, "position": 0, "minor": 2500, "currency": "EUR", **columns})


class HandLake:
    """Files of rows, one for each call of `write`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: dict[str, list[str]] = {}

    def write(self, table: str, *rows: dict[str, object]) -> None:
        files = self.files.setdefault(table, [])
        path = self._folder / f"{table}-{len(files)}.parquet"
        known = TABLES[table]
        kept = [{k: v for k, v in found.items() if k in known.names} for found in rows]
        pq.write_table(arrow_rows(known, kept), path)
        files.append(str(path))

    def ask(
        self,
        metric: str,
        *,
        scope: Scope | None = None,
        window: Window = WINDOW,
        params: Mapping[str, Param] | None = None,
    ) -> tuple[Row, ...]:
        question = Question(metric, scope or Scope(EDITION), window, params or {})
        outcome = duckdb.answer(question, files=self.files)
        assert isinstance(outcome, Answer), outcome
        return outcome.rows
