"""Whole-number arithmetic that means the same on every engine.

DuckDB's `/` and Spark's give doubles, and their ways of truncating differ; a remainder does not.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from kotinos.insight.metrics.metric import Rows

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
WHOLE_BASIS_POINTS = 10_000


def floor_to(value: Rows, width: int) -> Rows:
    """Return the largest multiple of `width` that is not above `value`, which is not negative."""
    return value - value % width


def quotient(value: Rows, divisor: Rows) -> Rows:
    """Return how often the divisor goes into the value, both not negative; 0 if it is 0.

    Exact below 2**53: what is divided is a multiple, so that the double is a whole number.
    """
    safe = divisor.nullif(0)
    return ((value - value % safe) / safe).cast("int64").coalesce(0)


def basis_points(part: Rows, whole: Rows) -> Rows:
    return quotient(part * WHOLE_BASIS_POINTS, whole)


def day_number(day: Rows) -> Rows:
    """Return the days since 1970-01-01."""
    return day.delta(ibis.date(date(1970, 1, 1)), unit="day").cast("int64")
