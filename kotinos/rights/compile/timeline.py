"""A value that changes at known instants: the time axis of the compiler."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

V = TypeVar("V")

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Before every instant a fact can name."""


@dataclass(frozen=True, slots=True)
class Timeline(Generic[V]):
    """`values[i]` holds from `starts[i]` until the next start, the last one forever.

    Neighbours differ, so every start is a real change.
    """

    starts: tuple[datetime, ...]
    values: tuple[V, ...]

    @classmethod
    def of(cls, starts: Iterable[datetime], value_at: Callable[[datetime], V]) -> Timeline[V]:
        """Ask for the value at each start, in order, and join equal neighbours."""
        kept: list[datetime] = []
        values: list[V] = []
        for start in sorted(set(starts)):
            value = value_at(start)
            if not values or values[-1] != value:
                kept.append(start)
                values.append(value)
        return cls(tuple(kept), tuple(values))

    def at(self, moment: datetime) -> V:
        """Return the value in force; the moment must not lie before the first start."""
        if len(self.starts) == 1:
            return self.values[0]
        return self.values[bisect_right(self.starts, moment) - 1]


def joint_starts(lines: Sequence[Timeline[V]]) -> set[datetime]:
    """Return every start of every line."""
    return {start for line in lines for start in line.starts}
