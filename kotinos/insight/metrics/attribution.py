"""From the channel to the basket: what people put there, and bought, because of what they saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from kotinos.insight.metrics.metric import Metric, Rows, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake

_KEYS = ("led_by", "programme", "cue", "currency")
_COUNTS = ("added", "orders", "units", "minor")
_ADDED = "Product Added"


def _attribution(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    people, sales = lake.people(), lake.table("sales")
    added = people.filter(people.name == _ADDED, people.via != "")
    sold = sales.filter(sales.via != "")
    both = ibis.union(
        _part(added, added=added.count()),
        _part(
            sold,
            orders=sold.order.nunique(where=sold.units > 0),
            units=sold.units.sum(),
            minor=sold.minor.sum(),
        ),
    )
    return (
        both.group_by(*_KEYS)
        .aggregate(**{name: both[name].sum().cast("int64") for name in _COUNTS})
        .order_by(*_KEYS)
    )


def _part(rows: Rows, **counts: Rows) -> Rows:
    # Padded, since a part that is not there is an error on one engine and a null on the other.
    parts = (rows.via + ":::").split(":")
    grouped = rows.group_by(
        led_by=parts[0], programme=parts[1], cue=parts[2], currency=rows.currency
    ).aggregate(**counts)
    none = ibis.literal(0, type="int64")
    return grouped.select(
        *_KEYS,
        **{
            name: grouped[name].cast("int64").coalesce(0) if name in counts else none
            for name in _COUNTS
        },
    )


METRICS = (
    Metric(
        name="attribution",
        sentence="What was put into baskets, and what was sold less what was given back, because "
        "of a moment of the channel: each line belongs to the moment that led to it and to no "
        "other; robots' baskets are left out",
        unit="minor units of the currency",
        owner="channel",
        dashboards=("channel", "shop"),
        tables=("events", "sales"),
        columns=(
            text("led_by", "What led to it, e.g. channel"),
            text("programme", "The programme"),
            text("cue", "The cue within it"),
            text("currency", "ISO 4217"),
            number("added", "Times something was put into a basket"),
            number("orders", "Orders with such a line"),
            number("units", "Units sold less units given back"),
            number("minor", "Money less what was given back, in minor units"),
        ),
        build=_attribution,
    ),
)
