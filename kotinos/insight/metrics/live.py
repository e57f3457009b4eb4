"""What happens now: five-minute windows and minutes, of everything at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from kotinos.insight.metrics.arithmetic import MINUTE_US, floor_to
from kotinos.insight.metrics.metric import Metric, Parameter, Rows, instant, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake

DAY_MINUTES = 24 * 60
_COUNTS = ("events", "people", "watched_s", "orders", "units", "refused")


def _windows(lake: Lake, params: Mapping[str, Param]) -> Rows:
    minutes = int(str(params["minutes"]))
    if DAY_MINUTES % minutes:
        raise ValueError(f"minutes divides a day's 1440, and {minutes} does not")
    width = minutes * MINUTE_US
    events, sales = lake.table("events"), lake.table("sales")
    watching, refusals = lake.table("watching"), lake.table("refusals")
    sold = sales.filter(sales.units > 0)
    parts = [
        _part(
            events,
            width,
            events=events.count(where=~events.bot),
            people=events.person.nunique(where=~events.bot),
        ),
        _part(watching, width, watched_s=watching.seconds.sum()),
        _part(sold, width, orders=sold.order.nunique(), units=sold.units.sum()),
        _part(refusals, width, refused=refusals.count(where=~refusals.bot)),
    ]
    together = ibis.union(*parts)
    return (
        together.group_by("window")
        .aggregate(**{name: together[name].sum() for name in _COUNTS})
        .order_by("window")
    )


def _part(rows: Rows, width: int, **counts: Rows) -> Rows:
    """Return one table's counts by window, with 0 for what the other tables count."""
    grouped = rows.group_by(window=floor_to(rows.at_us, width)).aggregate(**counts)
    return grouped.select(
        "window",
        **{
            name: grouped[name].cast("int64").coalesce(0)
            if name in counts
            else ibis.literal(0, type="int64")
            for name in _COUNTS
        },
    )


def _per_minute(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    events = lake.table("events")
    return (
        events.group_by(minute=floor_to(events.at_us, MINUTE_US))
        .aggregate(events=events.count(), bots=events.count(where=events.bot).coalesce(0))
        .order_by("minute")
    )


METRICS = (
    Metric(
        name="live_windows",
        sentence="What happened in each five minutes: events and people (no robots), seconds "
        "watched, orders and units sold (what is given back later is not taken off), and what "
        "rights refused to people",
        unit="counts per window",
        owner="operations",
        dashboards=("live",),
        tables=("events", "sales", "watching", "refusals"),
        columns=(
            instant("window", "Beginning of the window"),
            number("events", "Events of people"),
            number("people", "People who sent one, each once"),
            number("watched_s", "Seconds watched"),
            number("orders", "Orders confirmed"),
            number("units", "Units sold"),
            number("refused", "Refusals of people"),
        ),
        build=_windows,
        params=(Parameter("minutes", 5, "Width of a window: divides a day", most=1440),),
        daily=True,
    ),
    Metric(
        name="events_per_minute",
        sentence="Events that happened in each minute, and how many of them robots sent",
        unit="events per minute",
        owner="operations",
        dashboards=("live", "operations"),
        tables=("events",),
        columns=(
            instant("minute", "Beginning of the minute"),
            number("events", "Events, robots' too"),
            number("bots", "Events of robots"),
        ),
        build=_per_minute,
        daily=True,
    ),
)
