"""A linear channel never runs dry: its week's plan is laid out some days ahead, again and again.

The plan stands in its edition's look: `look["week"][<channel code>]` is a list of parts of the
day, each `{"hour": 6, "kinds": {"highlights": 3, ...}, "days": [0, ..., 6]}`. A part lasts until
the next one begins; hours are those of UTC, days count from Monday, and a part without `days` is
every day's. A channel without a plan shows everything its edition has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from kotinos.channel.actions.filling import fill_gaps
from kotinos.channel.contracts import lock_tick, tick_at
from kotinos.channel.filling import Rule
from kotinos.channel.models import Job, LinearChannel
from kotinos.channel.results import Filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

AHEAD = timedelta(hours=48)
AHEAD_WHILE_PACKAGING = timedelta(minutes=3)
"""While first packages are made: what is ready now should not be all one sees for two days.
Until then it may be shown as often as it takes to leave no gap."""
_LAP_TICKS = 12
"""The last item of a part may reach into the next, so that no gap is left between them."""
_APART_TICKS = 20
_HOURS = 24


@dataclass(frozen=True, slots=True)
class Part:
    """From an instant until another a channel is filled by one rule."""

    from_at: datetime
    until_at: datetime
    rule: Rule


def keep_ahead(*, now: datetime, ahead: timedelta | None = None) -> int:
    """Fill what is empty of the coming days of every channel; how many slots were placed.

    Each part of a day is its own transaction; what editors have placed stays as it is.
    """
    ahead = ahead or (AHEAD_WHILE_PACKAGING if _packaging() else AHEAD)
    channels = LinearChannel.objects.select_related("edition").order_by("position", "code")
    return sum(_keep(channel, now, ahead) for channel in channels)


def _packaging() -> bool:
    """Whether a programme's first package is being made, or waits to be."""
    waiting = Job.objects.filter(done_at=None, failed_at=None, kind="package")
    return waiting.filter(programme__packages=None).exists()


def _keep(channel: LinearChannel, now: datetime, ahead: timedelta) -> int:
    plan = channel.edition.look.get("week", {}).get(channel.code) or [{"hour": 0}]
    placed = 0
    for part in parts(plan, from_at=now, until_at=now + ahead):
        outcome = fill_gaps(
            channel_id=channel.id,
            from_tick=max(lock_tick(now), tick_at(part.from_at) - _LAP_TICKS),
            until_tick=tick_at(part.until_at) + _LAP_TICKS,
            rule=part.rule if ahead > AHEAD_WHILE_PACKAGING else replace(part.rule, apart_ticks=0),
            now=now,
        )
        placed += len(outcome.placed) if isinstance(outcome, Filled) else 0
    return placed


def parts(
    plan: Sequence[Mapping[str, Any]], *, from_at: datetime, until_at: datetime
) -> Iterator[Part]:
    """The parts of the days between two instants, cut to them, in order."""
    midnight = from_at.astimezone(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=day) for day in range(-1, (until_at - from_at).days + 2)]
    marks = sorted(
        (
            (day + timedelta(hours=int(part.get("hour", 0)) % _HOURS), number, part)
            for day in days
            for number, part in enumerate(plan)
            if day.weekday() in part.get("days", range(7))
        ),
        key=lambda mark: mark[:2],
    )
    ends = [at for at, *_ in marks[1:]] + [until_at]
    for (begins, _number, part), end in zip(marks, ends, strict=True):
        if begins < until_at and end > from_at:
            yield Part(max(begins, from_at), min(end, until_at), _rule(part))


def _rule(part: Mapping[str, Any]) -> Rule:
    return Rule(
        name=str(part.get("name", "week")),
        apart_ticks=_APART_TICKS,
        kinds={str(kind): int(weight) for kind, weight in part.get("kinds", {}).items()},
        sports={str(sport): int(weight) for sport, weight in part.get("sports", {}).items()},
    )
