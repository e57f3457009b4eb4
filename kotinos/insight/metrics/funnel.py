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
    left = ibis.cases(*((people.name == name, len(steps) - n) for n, name in enumerate(steps, 1)))
    rows = people.filter(people.name.isin(steps)).select(
        "person", key=people.at_us * (len(steps) + 1) + left
    )
    return _counted(rows.mutate(start=rows.key), steps, within)


def _counted(rows: Rows, steps: tuple[str, ...], within: int) -> Rows:
    """Count whoever is at each step, and let those climb on.

    A row is a person and a key: the instant and the steps that are left, packed into one number.
    Sorted by it, later steps come first of those at one instant, so that none follows another of
    its own instant; and one number sorts faster than two columns.
    """
    width = len(steps) + 1
    counts = []
    for place, name in enumerate(steps, 1):
        last = place == len(steps)
        rows = rows if last else _climbed(rows, left=len(steps) - place, width=width, within=within)
        here = rows.filter(rows.key % width == len(steps) - place)
        # Only the first row of each person is left, but for the last step.
        people = here.person.nunique() if last else here.count()
        counts.append(
            here.aggregate(people=people).select(
                step=_whole(place), name=ibis.literal(name), people="people"
            )
        )
        rows = rows.filter(rows.key % width < len(steps) - place)
    found = ibis.union(*counts) if len(counts) > 1 else counts[0]
    share = basis_points(found.people, found.people.max().over())
    return found.mutate(share_bp=share).order_by("step")


def _climbed(rows: Rows, *, left: int, width: int, within: int) -> Rows:
    """Keep of later steps those that a way up to this one led to in time, with its start.

    A row of this step carries the start of its way, the latest there is: what is in time at all is
    in time after the latest start. Of this step itself each person's first row stays, to be
    counted; the many rows are gone after the first pass.
    """
    here = rows.key % width == left
    start = ibis.ifelse(here, rows.start, ibis.null("int64"))
    rows = rows.mutate(
        here=here, led=start.max().over(group_by=rows.person, order_by=rows.key, rows=(None, -1))
    )
    # Differences of keys are `width` times those of instants, less than one of them off: a later
    # step's key is the lower within its instant.
    in_time = rows.key - rows.led <= within * width
    rows = rows.filter(ibis.ifelse(rows.here, rows.led.isnull(), in_time))
    return rows.select("person", "key", start="led")


def _whole(value: int) -> Rows:
    return ibis.literal(value, type="int64")


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
