"""The one place that reads the clock. Below an entry point, `now` is an argument."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(timezone.utc)  # noqa: TID251 - this is the clock
