"""Counting by keys with numpy alone, so that the truth owes nothing to any engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from kotinos.insight.generate.world import DAY, Array, Coded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kotinos.insight.contracts import Row, Value
    from kotinos.insight.generate.games import Games

_MARKS_MAX = 2**27
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def in_order(column: Coded) -> Coded:
    """Return the same texts with codes in the order of the alphabet, each word once."""
    words = sorted(set(column.words))
    places = {word: place for place, word in enumerate(words)}
    mapped = np.array([places[word] for word in column.words], dtype=np.int64)
    return Coded(mapped[column.codes], words)


def packed(*keys: Array) -> tuple[Array, tuple[int, ...]]:
    """Return one number for the keys of each row, and what `unpacked` needs; all from 0."""
    sizes = tuple(int(key.max(initial=0)) + 1 for key in keys)
    whole = np.zeros(len(keys[0]), dtype=np.int64)
    for key, size in zip(keys, sizes, strict=True):
        whole = whole * size + key
    return whole, sizes


def unpacked(whole: Array, sizes: tuple[int, ...]) -> list[Array]:
    keys: list[Array] = []
    for size in reversed(sizes):
        whole, key = np.divmod(whole, size)
        keys.append(key)
    return keys[::-1]


def different(whole: Array, size: int) -> Array:
    """Return the numbers there are, in order, each once; all are below `size`.

    A mark for each number there could be is faster than sorting, where memory allows.
    """
    if size > _MARKS_MAX:
        return np.unique(whole)
    marks = np.zeros(size, dtype=bool)
    marks[whole] = True
    return np.flatnonzero(marks)


def distinct_rows(*keys: Array) -> list[Array]:
    """Return the keys of the rows there are, in order, each once."""
    whole, sizes = packed(*keys)
    return unpacked(different(whole, prod(sizes)), sizes)


def _places(found: Array, whole: Array) -> Array:
    """Return the place of each number among those found."""
    places = np.zeros(int(found.max(initial=0)) + 1, dtype=np.int64)
    places[found] = np.arange(len(found))
    return places[whole]


class Groups:
    """The rows of equal keys, in the order of the keys."""

    def __init__(self, *keys: Array) -> None:
        whole, sizes = packed(*keys)
        found = different(whole, prod(sizes))
        few = prod(sizes) <= _MARKS_MAX // 8
        self._group = _places(found, whole) if few else np.searchsorted(found, whole)
        self._rows = np.bincount(self._group, minlength=len(found))
        self.keys = unpacked(found, sizes)
        self.count = len(found)

    def rows(self, where: Array | None = None) -> Array:
        if where is None:
            return self._rows
        return np.bincount(self._group[where], minlength=self.count)

    def total(self, values: Array, where: Array | None = None) -> Array:
        """Return sums; a double is exact below 2**53, which no total here comes near."""
        group = self._group if where is None else self._group[where]
        values = values if where is None else values[where]
        sums = np.bincount(group, weights=values.astype(float), minlength=self.count)
        return sums.astype(np.int64)

    def distinct(self, values: Array, where: Array | None = None) -> Array:
        group = self._group if where is None else self._group[where]
        values = values if where is None else values[where]
        pairs, sizes = packed(group, values)
        return np.bincount(unpacked(different(pairs, prod(sizes)), sizes)[0], minlength=self.count)


def rows_of(*columns: Array | list[Value]) -> list[Row]:
    """Lay columns beside one another as rows of Python's values."""
    lists = [c.tolist() if isinstance(c, np.ndarray) else c for c in columns]
    return list(zip(*lists, strict=True))


def words_of(codes: Array, words: Sequence[str]) -> list[Value]:
    return [words[code] for code in codes.tolist()]


def days_of(games: Games, days: Array) -> list[Value]:
    """Return dates of days counted from the first."""
    return [games.first_day + timedelta(days=day) for day in days.tolist()]


def instants_of(games: Games, at: Array) -> list[Value]:
    """Return instants of microseconds since the first day."""
    start = _EPOCH + timedelta(microseconds=games.epoch_us)
    return [start + timedelta(microseconds=us) for us in at.tolist()]


def day_of(at: Array) -> Array:
    return at // DAY


def basis_points(part: Array, whole: Array) -> Array:
    return part * 10_000 // np.maximum(whole, 1)


def first_of_month(games: Games, day: int) -> date:
    return (games.first_day + timedelta(days=day)).replace(day=1)
