"""Denied demand: what people wanted and rights refused. Robots want nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kotinos.insight.metrics.metric import Metric, Rows, day, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake
    from kotinos.insight.tables import Column


def _by(lake: Lake, params: Mapping[str, Param], *, keys: tuple[str, ...]) -> Rows:
    del params
    refusals = lake.table("refusals")
    wanted = refusals.filter(~refusals.bot)
    return (
        wanted.group_by(*keys)
        .aggregate(
            refusals=wanted.count(),
            works=wanted.work.nunique(),
            minor=wanted.minor.sum().cast("int64").coalesce(0),
        )
        .order_by(*keys)
    )


_KEYS: dict[str, Column] = {
    "day": day("day", "UTC day"),
    "territory": text("territory", "Where it was wanted"),
    "noc": text("noc", "Committee whose goods they are"),
    "reason": text("reason", "Reason of the refusal"),
    "property": text("property", "Code of the property that was in the way"),
    "work": text("work", "Id of the work"),
    "currency": text("currency", "ISO 4217"),
}


def _metric(name: str, what: str, keys: tuple[str, ...], *, daily: bool = False) -> Metric:
    return Metric(
        name=name,
        sentence=f"What people wanted and rights refused, {what}, and what it would have brought; "
        "a robot's asking is left out",
        unit="refusals",
        owner="rights",
        dashboards=("rights",),
        tables=("refusals",),
        columns=(
            *(_KEYS[key] for key in keys),
            number("refusals", "How often it was refused"),
            number("works", "Works that were refused, each once"),
            number("minor", "What it would have brought, in minor units"),
        ),
        build=partial(_by, keys=keys),
        daily=daily,
    )


METRICS = (
    _metric(
        "denied_demand",
        "by committee, territory, reason and property",
        ("noc", "territory", "reason", "property", "currency"),
    ),
    _metric("denied_by_day", "by UTC day", ("day", "currency"), daily=True),
    _metric("denied_by_territory", "by territory", ("territory", "currency")),
    _metric("denied_by_noc", "by committee", ("noc", "currency")),
    _metric("denied_by_reason", "by reason", ("reason", "currency")),
    _metric("denied_by_property", "by property", ("property", "currency")),
    _metric("denied_by_work", "by work", ("work", "noc", "currency")),
)
