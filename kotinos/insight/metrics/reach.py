"""Where people come from, with what, to which pages; and how much of it robots are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kotinos.insight.metrics.arithmetic import basis_points
from kotinos.insight.metrics.metric import Metric, Parameter, Rows, day, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake

_BOUGHT = "Order Completed"


def _conversion(lake: Lake, params: Mapping[str, Param]) -> Rows:
    people = lake.people()
    once = people.group_by("territory", "person").aggregate(
        bought=(people.name == params["bought"]).max()
    )
    counts = once.group_by("territory").aggregate(
        people=once.count(), buyers=once.count(where=once.bought)
    )
    buyers = counts.buyers.coalesce(0)
    return counts.select(
        "territory", "people", buyers=buyers, share_bp=basis_points(buyers, counts.people)
    ).order_by("territory")


def _people_by(lake: Lake, params: Mapping[str, Param], *, key: str) -> Rows:
    del params
    people = lake.people()
    return (
        people.group_by(key)
        .aggregate(people=people.person.nunique(), events=people.count())
        .order_by(key)
    )


def _top_pages(lake: Lake, params: Mapping[str, Param]) -> Rows:
    people = lake.people()
    pages = people.filter(people.kind.isin(("page", "screen")))
    counts = pages.group_by("path").aggregate(views=pages.count(), people=pages.person.nunique())
    return counts.order_by(counts.views.desc(), "path").limit(params["limit"])


def _bots(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    events = lake.table("events")
    counts = events.group_by("day").aggregate(
        events=events.count(), bots=events.count(where=events.bot)
    )
    bots = counts.bots.coalesce(0)
    return counts.select(
        "day", "events", bots=bots, share_bp=basis_points(bots, counts.events)
    ).order_by("day")


def _named(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    people = lake.people()
    return (
        people.group_by("kind", "name")
        .aggregate(events=people.count(), people=people.person.nunique())
        .order_by("kind", "name")
    )


_PEOPLE = number("people", "People, each once")
_EVENTS = number("events", "Events of people")


def _by(key: str, sentence: str) -> Metric:
    return Metric(
        name=f"people_by_{key}",
        sentence=f"People and their events by {sentence}; somebody with two is counted with both; "
        "robots are left out",
        unit="people",
        owner="shop",
        dashboards=("operations", "shop"),
        tables=("events",),
        columns=(text(key, f"{sentence.capitalize()}; empty: unknown"), _PEOPLE, _EVENTS),
        build=partial(_people_by, key=key),
    )


METRICS = (
    Metric(
        name="conversion",
        sentence="Of the people in each territory, those who completed an order, as the shop's "
        "pages tell it; robots are left out",
        unit="basis points",
        owner="shop",
        dashboards=("shop",),
        tables=("events",),
        columns=(
            text("territory", "Where they are"),
            _PEOPLE,
            number("buyers", "Of these, people who bought"),
            number("share_bp", "Their share in basis points"),
        ),
        build=_conversion,
        params=(Parameter("bought", _BOUGHT, "Name of the event that says somebody bought"),),
    ),
    _by("territory", "territory"),
    _by("device", "kind of device"),
    _by("language", "language"),
    _by("campaign", "campaign"),
    _by("referrer", "the host they came from"),
    Metric(
        name="top_pages",
        sentence="The pages most often looked at by people; robots are left out",
        unit="views",
        owner="shop",
        dashboards=("shop", "live"),
        tables=("events",),
        columns=(
            text("path", "Path, without its query"),
            number("views", "Times it was looked at"),
            _PEOPLE,
        ),
        build=_top_pages,
        params=(Parameter("limit", 20, "How many pages", most=10_000),),
    ),
    Metric(
        name="bots",
        sentence="Events of each UTC day, and those that robots which say so sent",
        unit="basis points",
        owner="operations",
        dashboards=("operations",),
        tables=("events",),
        columns=(
            day("day", "UTC day"),
            number("events", "Events, robots' too"),
            number("bots", "Events of robots"),
            number("share_bp", "Their share in basis points"),
        ),
        build=_bots,
        daily=True,
    ),
    Metric(
        name="events_by_name",
        sentence="What people's events were, by kind and name; robots are left out",
        unit="events",
        owner="operations",
        dashboards=("operations",),
        tables=("events",),
        columns=(
            text("kind", "track, page, screen, identify, group or alias"),
            text("name", "Name of the event or the page"),
            _EVENTS,
            _PEOPLE,
        ),
        build=_named,
    ),
)
