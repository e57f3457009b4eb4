"""The ordered funnel, in one pass over the events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from kotinos.insight.metrics.arithmetic import HOUR_US, basis_points
from kotinos.insight.metrics.metric import Metric, Parameter, Rows, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake

STEPS = ("Product Viewed", "Product Added", "Checkout Started", "Order Completed")


def _funnel(lake: Lake, params: Mapping[str, Param]) -> Rows:
    steps = params["steps"]
    assert isinstance(steps, tuple)
    if not steps or len(set(steps)) != len(steps):
        raise ValueError("a funnel has one step or more, each another")
    within = int(str(params["within_hours"])) * HOUR_US
    people = lake.people()
    step = ibis.cases(*((people.name == name, place) for place, name in enumerate(steps, 1)))
    rows = people.filter(people.name.isin(steps)).select("person", "at_us", step=step)
    rows = rows.mutate(start=ibis.ifelse(rows.step == 1, rows.at_us, ibis.null("int64")))
    for place in range(1, len(steps)):
        rows = _climbed(rows, place=place, within=within)
    return _counted(rows, steps)


def _climbed(rows: Rows, *, place: int, within: int) -> Rows:
    """Keep of later steps those that a way of `place` steps led to in time.

    A row of step `place` carries the start of its way, the latest there is: what is in time at all
    is in time after the latest start. At one instant later steps are sorted first, so that a step
    never follows another of its own instant. Of step `place` itself only each person's first row
    stays, to be counted; the many rows are gone after the first pass.
    """
    start = ibis.ifelse(rows.step == place, rows.start, ibis.null("int64"))
    rows = rows.mutate(
        led=start.max().over(
            group_by=rows.person, order_by=[rows.at_us, rows.step.desc()], rows=(None, -1)
        )
    )
    stays = (rows.step < place) | ((rows.step == place) & rows.led.isnull())
    rows = rows.filter(stays | ((rows.step > place) & (rows.at_us - rows.led <= within)))
    return rows.select("person", "at_us", "step", start="led")


def _counted(rows: Rows, steps: tuple[str, ...]) -> Rows:
    counts = rows.aggregate(
        **{
            f"s{place}": rows.person.nunique(where=rows.step == place)
            for place in range(1, len(steps) + 1)
        }
    )
    each = ibis.array(
        [
            ibis.struct(
                {
                    "step": ibis.literal(place, type="int64"),
                    "name": name,
                    "people": counts[f"s{place}"],
                    "share_bp": basis_points(counts[f"s{place}"], counts["s1"]),
                }
            )
            for place, name in enumerate(steps, 1)
        ]
    )
    return counts.select(each=each.unnest()).unpack("each").order_by("step")


METRICS = (
    Metric(
        name="funnel",
        sentence="People who took the first step, and of them those who took each next one later "
        "than the one before, all within so many hours of the first; robots are left out",
        unit="people",
        owner="shop",
        dashboards=("shop",),
        tables=("events",),
        columns=(
            number("step", "Place of the step, from 1"),
            text("name", "Name of its event"),
            number("people", "People who came so far, each once"),
            number("share_bp", "Share of those who took the first step, in basis points"),
        ),
        build=_funnel,
        params=(
            Parameter("steps", STEPS, "Names of events, in their order"),
            Parameter("within_hours", 168, "Hours from the first step to the last", most=8784),
        ),
    ),
)
