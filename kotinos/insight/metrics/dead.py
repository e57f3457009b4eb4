"""What could not be understood, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.insight.metrics.metric import Metric, Rows, day, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake


def _dead(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    dead = lake.table("dead")
    keys = ("day", "source", "reason")
    return dead.group_by(*keys).aggregate(letters=dead.count()).order_by(*keys)


METRICS = (
    Metric(
        name="dead_letters",
        sentence="What came with a good key on a UTC day and could not be understood, by source "
        "and reason",
        unit="dead letters per day",
        owner="operations",
        dashboards=("operations",),
        tables=("dead",),
        columns=(
            day("day", "UTC day"),
            text("source", "Name of the write key it came by"),
            text("reason", "What is wrong with it"),
            number("letters", "Dead letters"),
        ),
        build=_dead,
        daily=True,
    ),
)
