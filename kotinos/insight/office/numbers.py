"""The large numbers above a dashboard's charts: now, and against the time before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kotinos.insight import results
from kotinos.insight.contracts import Question
from kotinos.insight.office.cards import PATIENCE_S
from kotinos.insight.office.drawing import sums
from kotinos.insight.office.figures import money, whole, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kotinos.insight.contracts import Value
    from kotinos.insight.office.asking import Asked
    from kotinos.insight.office.boards import Board, Figure

CHANGE_MAX = 999


@dataclass(frozen=True, slots=True)
class Number:
    """A large number: now, the change on the time before in percent, and whether that is good."""

    label: str
    texts: Sequence[str]
    change: int | None
    is_good: bool
    spark: str = ""  # points of a line in a field of 100 by 24


@dataclass(frozen=True, slots=True)
class Numbers:
    """All of a board, as of the oldest; not whole while one of them is being counted."""

    every: Sequence[Number]
    as_of: datetime | None
    is_whole: bool
    is_fresh: bool


def numbers_of(
    board: Board, asked: Asked, *, now: datetime, patience_s: float = PATIENCE_S
) -> Numbers:
    """The large numbers with the time before beside them."""
    names = list(dict.fromkeys(figure.metric for figure in board.figures))
    windows = (asked.window, asked.before)
    questions = [Question(name, asked.scope, window) for window in windows for name in names]
    found = results.ask_all(questions, patience_s=patience_s, now=now)
    by_name = dict(
        zip(names, zip(found[: len(names)], found[len(names) :], strict=True), strict=True)
    )
    days = (asked.until - asked.since).days
    kept = [result for result in found if isinstance(result, results.Kept)]
    return Numbers(
        every=[_number(figure, *by_name[figure.metric], days=days) for figure in board.figures],
        as_of=min((result.as_of for result in kept), default=None),
        is_whole=not any(isinstance(result, results.Waiting | results.Busy) for result in found),
        is_fresh=all(result.fresh for result in kept),
    )


def _number(figure: Figure, here: results.Result, before: results.Result, *, days: int) -> Number:
    if not isinstance(here, results.Kept):
        text = "…" if isinstance(here, results.Waiting | results.Busy) else "–"
        return Number(str(figure.label), [text], None, is_good=True)
    records = here.answer.records()
    total = _total(figure, records)
    texts = _texts(figure, records, total)
    change = None
    if isinstance(before, results.Kept) and before.answer.rows:
        change = _change(total, _total(figure, before.answer.records(), _currency(records)))
    is_good = change is None or (change >= 0) == figure.more_is_better
    spark = _spark(records, figure.column) if days > 1 else ""
    return Number(str(figure.label), texts, change, is_good, spark)


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
