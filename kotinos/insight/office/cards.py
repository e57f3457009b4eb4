"""A chart with its answer: what a page needs to show it in whatever state it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.insight import results
from kotinos.insight.contracts import Answer, Question, TooLarge, TooLong
from kotinos.insight.metrics.registry import METRICS
from kotinos.insight.office import plates, ranking, series
from kotinos.insight.office.drawing import Cohort, Heat, Over, Place, Rank, Steps, World

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kotinos.insight.metrics.metric import Metric
    from kotinos.insight.office.asking import Asked
    from kotinos.insight.office.boards import Board
    from kotinos.insight.office.drawing import Chart, Drawn, Record

PATIENCE_S = 0.7


@dataclass(frozen=True, slots=True)
class Card:
    """`state`: ready, waiting, busy, failed, too-long or too-large."""

    chart: Chart
    metric: Metric
    state: str
    drawn: Drawn | None = None
    as_of: datetime | None = None
    is_fresh: bool = True
    left_as_it_is: tuple[str, ...] = ()  # filters that this metric cannot be narrowed by

    @property
    def unit(self) -> str:
        """What is drawn is counted in; of a metric with several figures that of the one drawn."""
        draw = self.chart.draw
        if self.chart.unit:
            return str(self.chart.unit)
        if isinstance(draw, Rank | Heat | World):
            return str(draw.noun).lower()
        if isinstance(draw, Over) and len(draw.y) == 1:
            return str(draw.y[0][1]).lower()
        return self.metric.unit


def question(chart: Chart, asked: Asked) -> Question:
    return Question(chart.metric, asked.scope, asked.window, chart.params)


def cards(board: Board, asked: Asked, *, place: Place, now: datetime) -> list[Card]:
    """Every chart of a board; what is not kept is waited for a moment together."""
    questions = [question(chart, asked) for chart in board.charts]
    found = results.ask_all(questions, patience_s=PATIENCE_S, now=now)
    return [
        card(chart, result, asked=asked, place=place, now=now)
        for chart, result in zip(board.charts, found, strict=True)
    ]


def card(
    chart: Chart, result: results.Result, *, asked: Asked, place: Place, now: datetime
) -> Card:
    """One chart with what became of its question."""
    metric = METRICS[chart.metric]
    match result:
        case results.Kept(answer, as_of, fresh):
            left = left_as_it_is(metric, asked)
            drawn = _drawn(chart, narrowed(answer, asked), place=place, now=now)
            return Card(chart, metric, "ready", drawn, as_of, fresh, left)
        case results.Waiting():
            return Card(chart, metric, "waiting")
        case results.Busy():
            return Card(chart, metric, "busy")
        case results.Failed():
            return Card(chart, metric, "failed")
        case TooLong():
            return Card(chart, metric, "too-long")
        case TooLarge():
            return Card(chart, metric, "too-large")


def left_as_it_is(metric: Metric, asked: Asked) -> tuple[str, ...]:
    """The filters in the address that a metric knows nothing of."""
    names = {column.name for column in metric.columns}
    return tuple(name for name in asked.narrow if name not in names)


def narrowed(answer: Answer, asked: Asked) -> list[Record]:
    """The answer's rows, of those that were clicked on."""
    names = answer.names
    wanted = [(names.index(name), value) for name, value in asked.narrow.items() if name in names]
    rows = [row for row in answer.rows if all(str(row[at]) == value for at, value in wanted)]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _drawn(chart: Chart, records: Sequence[Record], *, place: Place, now: datetime) -> Drawn:
    match chart.draw:
        case Over():
            return series.over(chart.draw, records, place, now)
        case Rank():
            return ranking.rank(chart.draw, records, place)
        case Heat():
            return plates.heat(chart.draw, records, place)
        case World():
            return plates.world(chart.draw, records, place, f"map-{chart.key}")
        case Steps():
            return ranking.steps(chart.draw, records)
        case Cohort():
            return plates.cohort(chart.draw, records)
