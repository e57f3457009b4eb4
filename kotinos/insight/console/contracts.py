"""What the console asks and is told. Whose rows: an organisation's own, or all, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one question may take."""

    seconds_max: int = 20
    memory_mb: int = 512
    rows_max: int = 1_000
    bytes_max: int = 8_000_000


ON_PAGE = Bounds()
IN_FILE = Bounds(seconds_max=40, rows_max=1_000_000, bytes_max=64_000_000)
SQL_CHARACTERS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Told:
    """The rows. `cut`: what they were cut by; empty: all are there.

    `as_of`: when the rows that were asked were copied; `since`: the first day that is among them,
    None for all.
    """

    table: pa.Table
    cut: Literal["", "rows", "bytes"]
    took_ms: int
    as_of: datetime
    since: date | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """It cannot be understood; `message` is the engine's, for a person."""

    message: str


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The console does not do this. `what`: files, many, empty, or the kind of statement."""

    what: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """It took more than one question may. `by`: time or memory."""

    by: Literal["time", "memory"]


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else's questions are running; `is_own`: the same person's is."""

    is_own: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """What it would have read was just replaced: ask again."""


Outcome = Told | Wrong | Forbidden | Stopped | Busy | Moved
