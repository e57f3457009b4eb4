"""A moment as pages say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from babel.dates import format_skeleton, format_time

from kotinos.kernel.languages import cldr_locale


@dataclass(frozen=True, slots=True)
class Moment:
    """In words and in UTC, and for scripts in Unix milliseconds."""

    at: datetime
    text: str
    unix_ms: int


def moment(at: datetime, language: str) -> Moment:
    """`Sun, Nov 22, 2026 · 6:05 PM UTC` as the language writes it."""
    locale = cldr_locale(language)
    day = format_skeleton("yMMMEd", at, tzinfo=timezone.utc, locale=locale)
    time = format_time(at, "short", tzinfo=timezone.utc, locale=locale)
    return Moment(at, f"{day} · {time} UTC", round(at.timestamp() * 1000))
