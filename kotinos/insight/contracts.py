"""What dashboards, the command line, the console and metrics tell one another. No Django here.

A question is a metric's name, whose rows it may see (`Scope`), of when (`Window`) and its
parameters; what comes back is an `Answer`, or why there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from kotinos.insight.tables import Column

# Never a float: shares and means are given as integers (or as two of them), so that answers of
# two engines can be compared for equality. Instants in answers are aware, UTC.
Value = str | int | bool | date | datetime | None
Row = tuple[Value, ...]
Param = str | int | tuple[str, ...]
SEND_REPORT, REPORT_QUEUE = "insight.send_report", "mail"
"""The job that sends one report, by its name: whoever plans it need not load it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a question may see. Nothing outside reaches a metric: `metrics.scoped`."""

    edition: str
    organisation: UUID | None = None  # None: of all organisations; for operators only
    territory: str = ""  # ISO alpha-2 or XK; empty: all


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` to before `until`, both aware; compared with `occurred_at`."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse a naive instant and an empty window with a ValueError: a caller is mistaken."""
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("a window's instants know their time zone")
        if self.since >= self.until:
            raise ValueError("a window ends after it begins")

    @classmethod
    def of_days(cls, since: date, until: date) -> Self:
        """Return the whole UTC days from `since` to before `until`."""
        return cls(
            since=datetime.combine(since, time(), UTC), until=datetime.combine(until, time(), UTC)
        )

    @property
    def first_day(self) -> date:
        return self.since.astimezone(UTC).date()

    @property
    def after_last_day(self) -> date:
        """Return the first UTC day that no instant of the window lies in."""
        return (self.until.astimezone(UTC) - timedelta(microseconds=1)).date() + timedelta(days=1)

    @property
    def days(self) -> Iterator[date]:
        """Give the UTC days that it touches, in order."""
        day = self.first_day
        while day < self.after_last_day:
            yield day
            day += timedelta(days=1)

    @property
    def whole_days(self) -> bool:
        """Whether it begins and ends at midnight UTC: what is kept per day can answer it."""
        return all(instant.astimezone(UTC).time() == time() for instant in (self.since, self.until))


@dataclass(frozen=True, slots=True)
class Question:
    """`params` override the metric's defaults: an unknown name or a wrong type is a ValueError."""

    metric: str
    scope: Scope
    window: Window
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may take of the machine."""

    seconds_max: float = 30.0
    memory_mb: int = 1024
    threads: int = 2
    rows_max: int = 100_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows in the metric's total order; `columns` have kind and sentence, units in their names."""

    metric: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    took_ms: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def records(self) -> list[dict[str, Value]]:
        """Return a dictionary per row, by column name."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class TooLong:
    """The question was stopped after `seconds_max`."""

    seconds_max: float


@dataclass(frozen=True, slots=True)
class TooLarge:
    """It wanted more memory, or has more rows, than its limits allow."""

    limit: str


Outcome = Answer | TooLong | TooLarge
