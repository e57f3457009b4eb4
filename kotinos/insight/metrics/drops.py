"""The course of drops: what each sold, minute by minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.insight.metrics.arithmetic import MINUTE_US, floor_to
from kotinos.insight.metrics.metric import Metric, Parameter, Rows, instant, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake


def _course(lake: Lake, params: Mapping[str, Param]) -> Rows:
    width = int(str(params["minutes"])) * MINUTE_US
    sales = lake.table("sales")
    dropped = sales.filter(sales["drop"] != "", sales.units > 0)
    return (
        dropped.group_by(window=floor_to(dropped.at_us, width), drop=dropped["drop"])
        .aggregate(orders=dropped.order.nunique(), units=dropped.units.sum().cast("int64"))
        .order_by("window", "drop")
    )


METRICS = (
    Metric(
        name="drop_course",
        sentence="What was sold in each drop, window by window; what is given back later is not "
        "taken off",
        unit="units per window",
        owner="shop",
        dashboards=("drops",),
        tables=("sales",),
        columns=(
            instant("window", "Beginning of the window"),
            text("drop", "Slug of the drop"),
            number("orders", "Orders confirmed"),
            number("units", "Units sold"),
        ),
        build=_course,
        params=(Parameter("minutes", 5, "Width of a window: divides a day", most=1440),),
        daily=True,
    ),
)
