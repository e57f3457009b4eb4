"""A chart with its answer: what a page needs to show it in whatever state it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kotinos.insight import results
from kotinos.insight.contracts import Answer, Question, TooLarge, TooLong
from kotinos.insight.metrics.registry import METRICS
from kotinos.insight.office import plates, ranking, series
from kotinos.insight.office.drawing import Cohort, Heat, Over, Place, Rank, Steps, World, sums
from kotinos.insight.office.figures import money, whole, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kotinos.insight.contracts import Value
    from kotinos.insight.metrics.metric import Metric
    from kotinos.insight.office.asking import Asked
    from kotinos.insight.office.boards import Board, Figure
    from kotinos.insight.office.drawing import Chart, Drawn, Record

PATIENCE_S = 0.7
CHANGE_MAX = 999


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


@dataclass(frozen=True, slots=True)
class Number:
    """A large number: now, the change on the time before in percent, and whether that is good."""

    label: str
    texts: Sequence[str]
    change: int | None
    is_good: bool
    state: str
    spark: str = ""  # points of a line in a field of 100 by 24


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


def numbers(
    board: Board, asked: Asked, *, now: datetime, patience_s: float = PATIENCE_S
) -> list[Number]:
    """The large numbers with the time before beside them."""
    names = list(dict.fromkeys(figure.metric for figure in board.figures))
    windows = (asked.window, asked.before)
    questions = [Question(name, asked.scope, window) for window in windows for name in names]
    found = results.ask_all(questions, patience_s=patience_s, now=now)
    by_name = dict(
        zip(names, zip(found[: len(names)], found[len(names) :], strict=True), strict=True)
    )
    days = (asked.until - asked.since).days
    return [_number(figure, *by_name[figure.metric], days=days) for figure in board.figures]


def _number(figure: Figure, here: results.Result, before: results.Result, *, days: int) -> Number:
    if not isinstance(here, results.Kept):
        return Number(str(figure.label), ["…"], None, is_good=True, state="waiting")
    records = here.answer.records()
    total = _total(figure, records)
    texts = _texts(figure, records, total)
    change = None
    if isinstance(before, results.Kept) and before.answer.rows:
        change = _change(total, _total(figure, before.answer.records(), _currency(records)))
    is_good = change is None or (change >= 0) == figure.more_is_better
    spark = _spark(records, figure.column) if days > 1 else ""
    return Number(str(figure.label), texts, change, is_good, "ready", spark)


def _change(now: int, before: int) -> int | None:
    """In percent; None where there was next to nothing to compare with."""
    change = round(100 * (now - before) / before) if before > 0 else CHANGE_MAX + 1
    return change if abs(change) <= CHANGE_MAX else None


def _currency(records: Sequence[Mapping[str, Value]]) -> str:
    """The one most was taken in."""
    found = [each for one in sums(records, (), ("minor",)).values() for each in one.money]
    return found[0][1] if found else ""


def _total(figure: Figure, records: Sequence[Mapping[str, Value]], currency: str = "") -> int:
    """The figure itself; of money that of one currency, or of the one most was taken in."""
    if figure.column == "minor":
        amounts = [each for one in sums(records, (), ("minor",)).values() for each in one.money]
        return next((amount for amount, code in amounts if currency in {"", code}), 0)
    values = [value for record in records if isinstance(value := record[figure.column], int)]
    if figure.is_mean:
        return round(sum(values) / len(values)) if values else 0
    return sum(values)


def _texts(figure: Figure, records: Sequence[Mapping[str, Value]], total: int) -> list[str]:
    if figure.column == "minor":
        groups = sums(records, (), ("minor",))
        texts = [text for one in groups.values() for text in money(one.money[:2])]
        return texts[:2] or [whole(0)]
    return [written(figure.column, total)]


def _spark(records: Sequence[Mapping[str, Value]], column: str) -> str:
    """The course over the days as points of a small line."""
    by_day: dict[str, int] = defaultdict(int)
    for record in records:
        value = record[column]
        at = record.get("day") or record.get("window")
        day = at.date() if isinstance(at, datetime) else at
        by_day[str(day)] += value if isinstance(value, int) else 0
    values = [by_day[day] for day in sorted(by_day)]
    most = max(values, default=0)
    if len(values) < 3 or most <= 0:  # noqa: PLR2004 - two points are no course
        return ""
    step = 100 / (len(values) - 1)
    points = [
        f"{at * step:.1f},{22 - 20 * max(0, value) / most:.1f}" for at, value in enumerate(values)
    ]
    return " ".join(points)
