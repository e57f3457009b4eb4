"""Who comes and who comes back. A person is a pseudonym; on two devices still one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from kotinos.insight.metrics.arithmetic import day_number
from kotinos.insight.metrics.metric import Metric, Parameter, Rows, day, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Param
    from kotinos.insight.metrics.scoped import Lake

ROLLING_DAYS = 28


def _daily(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    once = lake.people().select("day", "person").distinct()
    return once.group_by("day").aggregate(people=once.count()).order_by("day")


def _monthly(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    people = lake.people()
    once = people.select(month=people.day.truncate("M"), person="person").distinct()
    return once.group_by("month").aggregate(people=once.count()).order_by("month")


def _person_days(lake: Lake) -> Rows:
    """Return one row for each person and day on which they came, with the day's number."""
    once = lake.people().select("person", "day").distinct()
    return once.select("person", at_day=day_number(once.day))


def _rolling(lake: Lake, params: Mapping[str, Param]) -> Rows:
    """A visit makes somebody active for 28 days, or until the next visit does so again.

    So each visit adds one on its day and takes one off when its time is over; a running sum of
    both is exact, and no person is counted twice.
    """
    del params
    visits = _person_days(lake)
    after = visits.at_day.lead().over(group_by=visits.person, order_by=visits.at_day)
    visits = visits.mutate(over=ibis.least(after.coalesce(2**40), visits.at_day + ROLLING_DAYS))
    begun = visits.group_by("at_day").aggregate(change=visits.count(), came=visits.count())
    ended = visits.group_by(at_day="over").aggregate(
        change=-visits.count(), came=ibis.literal(0, type="int64")
    )
    both = ibis.union(begun, ended)
    days = both.group_by("at_day").aggregate(change=both.change.sum(), came=both.came.sum())
    running = days.select(
        "came", day="at_day", people=days.change.sum().over(order_by=days.at_day, rows=(None, 0))
    )
    return running.filter(running.came > 0).select("day", "people").order_by("day")


def _with_first_day(lake: Lake) -> Rows:
    visits = _person_days(lake)
    return visits.mutate(first_day=visits.at_day.min().over(group_by=visits.person))


def _new_and_returning(lake: Lake, params: Mapping[str, Param]) -> Rows:
    del params
    visits = _with_first_day(lake)
    new = visits.count(where=visits.at_day == visits.first_day)
    return (
        visits.group_by(day="at_day")
        .aggregate(new=new, returning=visits.count() - new)
        .order_by("day")
    )


def _retention(lake: Lake, params: Mapping[str, Param]) -> Rows:
    visits = _with_first_day(lake)
    later = visits.mutate(after_days=visits.at_day - visits.first_day)
    later = later.filter(later.after_days <= params["days"])
    counts = later.group_by("first_day", "after_days").aggregate(people=later.count())
    # Everybody is there on their first day, so the day's largest count is the number who began.
    return counts.mutate(
        began=counts.people.max().over(group_by=counts.first_day),
    ).order_by("first_day", "after_days")[["first_day", "after_days", "people", "began"]]


_PEOPLE = number("people", "People, each once")

METRICS = (
    Metric(
        name="daily_actives",
        sentence="People who sent at least one event on a UTC day, counted exactly; robots are "
        "left out",
        unit="people per day",
        owner="shop",
        dashboards=("live", "shop", "operations"),
        tables=("events",),
        columns=(day("day", "UTC day"), _PEOPLE),
        build=_daily,
        daily=True,
    ),
    Metric(
        name="monthly_actives",
        sentence="People who sent at least one event in a calendar month of UTC, of the days asked "
        "for; robots are left out",
        unit="people per month",
        owner="shop",
        dashboards=("shop", "operations"),
        tables=("events",),
        columns=(day("month", "First day of the month"), _PEOPLE),
        build=_monthly,
    ),
    Metric(
        name="rolling_actives",
        sentence="People who sent at least one event in the 28 days that end with a day on which "
        "anybody came, of the days asked for; robots are left out",
        unit="people per 28 days",
        owner="shop",
        dashboards=("shop", "operations"),
        tables=("events",),
        columns=(day("day", "Last of the 28 UTC days"), _PEOPLE),
        build=_rolling,
    ),
    Metric(
        name="new_and_returning",
        sentence="People of a day who had not come before, and those who had, within the days "
        "asked for; robots are left out",
        unit="people per day",
        owner="shop",
        dashboards=("shop",),
        tables=("events",),
        columns=(
            day("day", "UTC day"),
            number("new", "People whose first day it is"),
            number("returning", "People who came on an earlier day"),
        ),
        build=_new_and_returning,
    ),
    Metric(
        name="retention",
        sentence="Of the people who first came on a day of those asked for, how many came on each "
        "later day; robots are left out",
        unit="people",
        owner="shop",
        dashboards=("shop",),
        tables=("events",),
        columns=(
            day("first_day", "UTC day of the first visit"),
            number("after_days", "Days after it, from 0"),
            _PEOPLE,
            number("began", "People who first came on that day"),
        ),
        build=_retention,
        params=(Parameter("days", 28, "How many days after the first to look", most=400),),
    ),
)
