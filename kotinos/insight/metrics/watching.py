"""What is watched. Beats are anonymous: a view is one playing of one thing, not a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.insight.metrics.arithmetic import MINUTE_US, basis_points, floor_to
from kotinos.insight.metrics.metric import Metric, Rows, day, instant, number, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake


def _watched_by(column: str) -> Callable[[Lake, Mapping[str, Param]], Rows]:
    """Views and seconds of each value of a column."""

    def build(lake: Lake, params: Mapping[str, Param]) -> Rows:
        del params
        beats = lake.table("watching")
        sums = beats.group_by(column).aggregate(
            views=beats["view"].nunique(), watched_s=beats.seconds.sum().cast("int64").coalesce(0)
        )
        return sums.order_by(column)

    return build


def _completion(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    beats = lake.table("watching")
    edges = beats.filter(beats.kind.isin(("start", "end")))
    views = edges.group_by("subject", "view").aggregate(
        started=(edges.kind == "start").max(), ended=(edges.kind == "end").max()
    )
    begun = views.filter(views.started)
    counts = begun.group_by("subject").aggregate(
        started=begun.count(), completed=begun.count(where=begun.ended)
    )
    completed = counts.completed.coalesce(0)
    return counts.select(
        "subject", "started", completed=completed, share_bp=basis_points(completed, counts.started)
    ).order_by("subject")


def _concurrent(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    beats = lake.table("watching")
    return (
        beats.group_by(minute=floor_to(beats.at_us, MINUTE_US))
        .aggregate(views=beats["view"].nunique())
        .order_by("minute")
    )


_SUBJECT = text("subject", "v:<programme>, c:<channel> or l:<source>")
_VIEWS = number("views", "Views, each once")
_WATCHED = number("watched_s", "Seconds watched")

METRICS = (
    Metric(
        name="watch_time",
        sentence="Views of each programme, channel and live source, and the seconds watched; "
        "players tell it without consent, so nobody is known by it",
        unit="seconds",
        owner="channel",
        dashboards=("channel", "live"),
        tables=("watching",),
        columns=(_SUBJECT, _VIEWS, _WATCHED),
        build=_watched_by("subject"),
    ),
    Metric(
        name="watch_by_day",
        sentence="Views with any beat on a UTC day, and the seconds watched on it; a view over "
        "midnight is one of both days",
        unit="seconds per day",
        owner="channel",
        dashboards=("channel",),
        tables=("watching",),
        columns=(day("day", "UTC day"), _VIEWS, _WATCHED),
        build=_watched_by("day"),
        daily=True,
    ),
    Metric(
        name="watch_by_territory",
        sentence="Views in each territory, and the seconds watched there",
        unit="seconds",
        owner="channel",
        dashboards=("channel",),
        tables=("watching",),
        columns=(text("territory", "Where the viewer is"), _VIEWS, _WATCHED),
        build=_watched_by("territory"),
    ),
    Metric(
        name="completion",
        sentence="Of the views that started in the time asked for, those that reached the end "
        "within it; a channel has no end",
        unit="basis points",
        owner="channel",
        dashboards=("channel",),
        tables=("watching",),
        columns=(
            _SUBJECT,
            number("started", "Views that started"),
            number("completed", "Of these, views that reached the end"),
            number("share_bp", "Their share in basis points"),
        ),
        build=_completion,
    ),
    Metric(
        name="concurrent_viewers",
        sentence="Views that gave a sign of life in each minute",
        unit="views per minute",
        owner="channel",
        dashboards=("live", "channel"),
        tables=("watching",),
        columns=(instant("minute", "Beginning of the minute"), _VIEWS),
        build=_concurrent,
        daily=True,
    ),
)
