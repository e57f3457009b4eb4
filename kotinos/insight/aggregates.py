"""What may leave a region: a metric's rows, without those that are of too few people.

A row stays only if every number of people in it, and the rest of them, is none or at least `k`.
What is left out must not be found by subtracting: in every line of the table (all rows that differ
in one key alone) and in the whole of it, what is missing is at least two rows and of at least `k`
people together, or the next smallest row goes too. Source: complementary cell suppression, as
statistical offices do it (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).

Protected: one export, against whoever knows any totals of its lines. Not protected: what several
exports of overlapping windows tell together; sums of which one person has most; rows counted by
something other than people, of which one person may be many.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.insight.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kotinos.insight.contracts import Answer, Row, Value
    from kotinos.insight.metrics.metric import Metric

K = 20
PEOPLE = ("people", "buyers", "new", "returning", "began")
"""Columns that are numbers of people."""
WHOLE_AND_PART = (("people", "buyers"), ("began", "people"))
MAY_COUNT = ("orders", "views", "refusals", "events", "letters", "sessions", "started")
"""What a row may be measured by instead, on demand."""
NESTED = ("funnel",)
"""Each row's people are among those of the row before."""


@dataclass(frozen=True, slots=True)
class Aggregates:
    """The rows that may be told, and how many may not. `counted`: what `k` is a number of."""

    metric: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int
    k: int
    counted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uncounted:
    """The metric's rows do not say of how many people they are; `instead` names what they say."""

    instead: tuple[str, ...]


def aggregates(answer: Answer, *, k: int = K, count: str = "") -> Aggregates | Uncounted:
    """The rows of an answer that are of at least `k`. `count`: a column to measure rows by where
    none is of people. ValueError: `k` below 2, or a column that is no such number.
    """
    if k < 2:  # noqa: PLR2004 - one person is nobody's crowd
        raise ValueError("k is at least 2")
    metric = METRICS[answer.metric]
    counted = _counted(answer, count)
    if not counted:
        return Uncounted(tuple(name for name in answer.names if name in MAY_COUNT))
    table = _Table(answer, metric, counted, k)
    hidden = _closed(table, _small(table))
    rows = tuple(row for at, row in enumerate(answer.rows) if at not in hidden)
    return Aggregates(answer.metric, answer.names, rows, len(hidden), k, counted)


def _counted(answer: Answer, count: str) -> tuple[str, ...]:
    people = tuple(name for name in answer.names if name in PEOPLE)
    if not count:
        return people
    if count not in answer.names or count not in (*MAY_COUNT, *PEOPLE):
        raise ValueError(f"{answer.metric} has no number of {count}")
    return (*people, *((count,) if count not in people else ()))


class _Table:
    """An answer as cells with keys and weights."""

    def __init__(self, answer: Answer, metric: Metric, counted: Sequence[str], k: int) -> None:
        self.k = k
        self.is_nested = metric.name in NESTED
        at = {name: number for number, name in enumerate(answer.names)}
        self.counted = tuple(counted)
        self.counts = [tuple(_number(row[at[name]]) for name in counted) for row in answer.rows]
        kinds = {column.name: column.kind for column in answer.columns}
        keys = [at[name] for name in answer.names if kinds[name] != "integer" or name == "step"]
        keys += [at["after_days"]] if "after_days" in at else []
        self.keys = [tuple(row[number] for number in keys) for row in answer.rows]

    def weight(self, row: int) -> int:
        """Of how many the row is."""
        return max(self.counts[row])

    def lines(self) -> Iterator[list[int]]:
        """Rows that differ in one key alone, for every key; and all rows."""
        width = len(self.keys[0]) if self.keys else 0
        for free in range(width):
            found = defaultdict(list)
            for row, key in enumerate(self.keys):
                found[key[:free] + key[free + 1 :]].append(row)
            yield from found.values()
        yield list(range(len(self.keys)))


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _small(table: _Table) -> set[int]:
    """Rows with a number of people, or a rest of them, that is too small to be told."""
    hidden = {
        row
        for row, counts in enumerate(table.counts)
        if any(_is_small(part, table.k) for part in _parts(table.counted, counts))
    }
    return hidden | _small_steps(table) if table.is_nested else hidden


def _parts(names: tuple[str, ...], counts: tuple[int, ...]) -> Iterator[int]:
    """The numbers of people in a row, and of those who are in one of them and not in its part."""
    by_name = dict(zip(names, counts, strict=True))
    yield from counts
    for whole, part in WHOLE_AND_PART:
        if whole in by_name and part in by_name:
            yield by_name[whole] - by_name[part]


def _is_small(number: int, k: int) -> bool:
    return 0 < number < k


def _small_steps(table: _Table) -> set[int]:
    """In nested rows the difference to the row before is a group too; after it all are hidden."""
    for row in range(1, len(table.counts)):
        if _is_small(table.weight(row - 1) - table.weight(row), table.k):
            return set(range(row, len(table.counts)))
    return set()


def _closed(table: _Table, hidden: set[int]) -> set[int]:
    """Hide more until no line gives away what it hides."""
    if table.is_nested:
        return set(range(min(hidden), len(table.keys))) if hidden else hidden
    lines = list(table.lines())
    changed = True
    while changed:
        changed = False
        for line in lines:
            more = _next_to_hide(table, line, hidden)
            if more is not None:
                hidden = hidden | {more}
                changed = True
    return hidden


def _next_to_hide(table: _Table, line: list[int], hidden: set[int]) -> int | None:
    """The smallest row of a line that must go too; None where its hidden ones are safe."""
    gone = [row for row in line if row in hidden]
    weight = sum(table.weight(row) for row in gone)
    if not gone or (len(gone) > 1 and weight >= table.k):
        return None
    rest = [row for row in line if row not in hidden and table.weight(row) > 0]
    return min(rest, key=lambda row: (table.weight(row), row), default=None)
