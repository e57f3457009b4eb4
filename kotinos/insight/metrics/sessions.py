"""Sessions: what a person does without a pause of half an hour, on whichever device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from kotinos.insight.metrics.arithmetic import MINUTE_US, day_number, quotient
from kotinos.insight.metrics.metric import Metric, Parameter, Rows, day, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake


def _sessions(lake: Lake, params: Mapping[str, Param]) -> Rows:
    """An event begins a session if the one before is too long ago, and ends it likewise.

    Only beginnings and ends are kept, so that a beginning's end is the next row: the large sort
    happens once.
    """
    gap = int(str(params["gap_minutes"])) * MINUTE_US
    people = lake.people().select("person", "at_us", "day")
    order = {"group_by": people.person, "order_by": people.at_us}
    before = people.at_us.lag().over(**order)
    after = people.at_us.lead().over(**order)
    edges = people.mutate(
        begins=(before.isnull() | (people.at_us - before > gap)),
        ends=(after.isnull() | (after - people.at_us > gap)),
    )
    edges = edges.filter(edges.begins | edges.ends)
    # Of events at one instant any may stand first: the one that begins comes before the one that
    # ends, and one that does both stands alone.
    following = edges.at_us.lead().over(
        group_by=edges.person, order_by=[edges.at_us, edges.begins.desc()]
    )
    lasted = edges.mutate(us=ibis.ifelse(edges.ends, 0, following - edges.at_us))
    begun = lasted.filter(lasted.begins)
    return _by_day(begun.select(day=day_number(begun.day), ms=quotient(begun.us, _THOUSAND)))


_THOUSAND = ibis.literal(1000, type="int64")


def _by_day(sessions: Rows) -> Rows:
    ranked = sessions.mutate(
        rank=ibis.row_number().over(group_by=sessions.day, order_by=sessions.ms),
        of=sessions.count().over(group_by=sessions.day),
    )
    # The lower of the two in the middle: an integer that somebody's session really had.
    middle = ranked.ms.max(where=ranked.rank == quotient(ranked.of - 1, _TWO))
    counts = ranked.group_by("day").aggregate(
        sessions=ranked.count(), total_ms=ranked.ms.sum().cast("int64"), median_ms=middle
    )
    return counts.select(
        "day", "sessions", mean_ms=quotient(counts.total_ms, counts.sessions), median_ms="median_ms"
    ).order_by("day")


_TWO = ibis.literal(2, type="int64")

METRICS = (
    Metric(
        name="sessions",
        sentence="Sessions that began on a UTC day: a person's events with no pause above half an "
        "hour between them, on whichever device; a session of one event lasts 0 ms; robots are "
        "left out",
        unit="sessions per day",
        owner="shop",
        dashboards=("shop", "operations"),
        tables=("events",),
        columns=(
            day("day", "UTC day on which they began"),
            number("sessions", "Sessions"),
            number("mean_ms", "Mean length, rounded down"),
            number("median_ms", "Median length, the lower of two in the middle"),
        ),
        build=_sessions,
        params=(Parameter("gap_minutes", 30, "A longer pause ends a session", most=1440),),
    ),
)
