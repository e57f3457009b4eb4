"""What was sold. Facts of the outbox, never what a click claims; money in minor units, by currency.

A refund is the order's lines once more with negative numbers, at the instant of the refund.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from kotinos.insight.metrics.metric import Metric, Parameter, Rows, day, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake


def _net(sales: Rows, *by: str) -> Rows:
    """Return orders, and units and money less what was given back, for each value of `by`."""
    return sales.group_by(*by).aggregate(
        orders=sales.order.nunique(where=sales.units > 0),
        units=sales.units.sum().cast("int64"),
        minor=sales.minor.sum().cast("int64"),
    )


def _by_noc_territory(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    keys = ("noc", "territory", "currency")
    return _net(lake.table("sales"), *keys).order_by(*keys)


def _by_day(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    sales = lake.table("sales")
    back = ibis.ifelse(sales.units < 0, -sales.minor, 0)
    return (
        sales.group_by("day", "currency")
        .aggregate(
            orders=sales.order.nunique(where=sales.units > 0),
            units=sales.units.sum().cast("int64"),
            minor=sales.minor.sum().cast("int64"),
            refunded_minor=back.sum().cast("int64"),
        )
        .order_by("day", "currency")
    )


def _top_products(lake: Lake, params: Mapping[str, Param]) -> Rows:
    sales = lake.table("sales")
    products = sales.group_by("product", "currency").aggregate(
        title=sales.title.max(),
        noc=sales.noc.max(),
        units=sales.units.sum().cast("int64"),
        minor=sales.minor.sum().cast("int64"),
    )
    ordered = products.order_by(
        products.units.desc(), products.minor.desc(), "product", "currency"
    ).limit(params["limit"])
    return ordered.select("product", "title", "noc", "currency", "units", "minor")


def _refunds(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    sales = lake.table("sales")
    back = sales.filter(sales.units < 0)
    return (
        back.group_by("day", "currency")
        .aggregate(
            orders=back.order.nunique(),
            units=-back.units.sum().cast("int64"),
            minor=-back.minor.sum().cast("int64"),
        )
        .order_by("day", "currency")
    )


def _drop_sales(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    sales = lake.table("sales")
    dropped = sales.filter(sales["drop"] != "")
    return _net(dropped, "drop", "currency").order_by("drop", "currency")


_KEYS = {
    "noc": text("noc", "Committee whose goods they are; empty: no team's"),
    "currency": text("currency", "ISO 4217"),
}
_ORDERS = number("orders", "Orders confirmed, those given back later too")
_NET = (
    _ORDERS,
    number("units", "Units sold less units given back"),
    number("minor", "Money less what was given back, in minor units"),
)
_RULE = "facts, not clicks; what was given back is taken off on the day it was"


METRICS = (
    Metric(
        name="sales_by_noc_territory",
        sentence=f"What was sold of each committee's goods into each territory; {_RULE}",
        unit="minor units of the currency",
        owner="shop",
        dashboards=("shop",),
        tables=("sales",),
        columns=(
            _KEYS["noc"],
            text("territory", "Where it was shipped to"),
            _KEYS["currency"],
            *_NET,
        ),
        build=_by_noc_territory,
    ),
    Metric(
        name="sales_by_day",
        sentence=f"What was sold on each UTC day; {_RULE}",
        unit="minor units of the currency",
        owner="shop",
        dashboards=("shop", "live"),
        tables=("sales",),
        columns=(
            day("day", "UTC day"),
            _KEYS["currency"],
            *_NET,
            number("refunded_minor", "Money given back on that day, in minor units"),
        ),
        build=_by_day,
        daily=True,
    ),
    Metric(
        name="top_products",
        sentence=f"The products of which most units were sold; {_RULE}",
        unit="units",
        owner="shop",
        dashboards=("shop",),
        tables=("sales",),
        columns=(
            text("product", "Handle of the product"),
            text("title", "Its title, as last in the alphabet where it was sold under several"),
            _KEYS["noc"],
            _KEYS["currency"],
            *_NET[1:],
        ),
        build=_top_products,
        params=(Parameter("limit", 20, "How many products", most=10_000),),
    ),
    Metric(
        name="refunds",
        sentence="What was given back on each UTC day, as positive numbers",
        unit="minor units of the currency",
        owner="shop",
        dashboards=("shop",),
        tables=("sales",),
        columns=(
            day("day", "UTC day of the refund"),
            _KEYS["currency"],
            number("orders", "Orders of which something was given back"),
            number("units", "Units given back"),
            number("minor", "Money given back, in minor units"),
        ),
        build=_refunds,
        daily=True,
    ),
    Metric(
        name="drop_sales",
        sentence=f"What was sold in each drop; {_RULE}",
        unit="minor units of the currency",
        owner="shop",
        dashboards=("drops",),
        tables=("sales",),
        columns=(text("drop", "Slug of the drop"), _KEYS["currency"], *_NET),
        build=_drop_sales,
    ),
)
