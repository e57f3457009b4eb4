"""Questions to this installation's lake: which files count now, then the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.insight.lake import manifest
from kotinos.insight.lake.store import lake
from kotinos.insight.metrics.engines import duckdb
from kotinos.insight.metrics.engines.compiled import metric_of

if TYPE_CHECKING:
    from kotinos.insight.contracts import Limits, Outcome, Question


def ask(question: Question, *, limits: Limits | None = None) -> Outcome:
    """Answer from the files that count now. ValueError: an unknown metric or an unfit parameter.

    duckdb.IOException: a file was swept meanwhile, because the question waited ten minutes.
    """
    return duckdb.answer(question, files=files_of(question), limits=limits, prepare=lake().register)


def files_of(question: Question) -> dict[str, list[str]]:
    """Return the addresses of the files that hold what is asked for, by table."""
    store, window = lake(), question.window
    return {
        name: [
            store.address(file.key)
            for file in manifest.current(
                table=name,
                edition=question.scope.edition,
                since=window.first_day,
                until=window.after_last_day,
            )
        ]
        for name in metric_of(question).tables
    }
