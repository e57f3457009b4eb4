"""The dashboards: which metrics each shows, in which form. Adding a chart is adding a line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kotinos.insight.office.drawing import Chart, Cohort, Heat, Over, Rank, Steps, World

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_MONEY = ("minor", _("Money"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One large number above the charts: a column of a daily metric, added up or on average."""

    metric: str
    column: str
    label: StrOrPromise
    is_mean: bool = False
    more_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Board:
    name: str
    title: StrOrPromise
    sentence: StrOrPromise
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]

    def chart(self, key: str) -> Chart | None:
        return next((chart for chart in self.charts if chart.key == key), None)


_SHOP = Board(
    "shop",
    _("Shop"),
    _("What was sold, to where, of whose goods; and the way to the basket."),
    (
        Figure("sales_by_day", "units", _("Units sold")),
        Figure("sales_by_day", "orders", _("Orders")),
        Figure("sales_by_day", "minor", _("Taken, less what was given back")),
        Figure("daily_actives", "people", _("People a day, on average"), is_mean=True),
    ),
    (
        Chart(
            "days",
            "sales_by_day",
            _("Units sold, day by day"),
            Over("day", (("units", _("Units")),)),
            wide=True,
            rows_of="sales",
        ),
        Chart(
            "teams-territories",
            "sales_by_noc_territory",
            _("Whose goods go where"),
            Heat("noc", "territory", "units", _("Units")),
            wide=True,
            rows_of="sales",
        ),
        Chart(
            "world",
            "sales_by_noc_territory",
            _("Where it was sold"),
            World("units", _("Units"), _("Nothing sold")),
            wide=True,
            rows_of="sales",
        ),
        Chart(
            "products",
            "top_products",
            _("Top products"),
            Rank("product", "units", _("Units"), (_MONEY,), label="title"),
            {"limit": 2_000},
            rows_of="sales",
        ),
        Chart(
            "teams",
            "sales_by_noc_territory",
            _("Top teams"),
            Rank("noc", "units", _("Units"), (_MONEY,)),
            rows_of="sales",
        ),
        Chart("funnel", "funnel", _("From looking to paying"), Steps()),
        Chart(
            "channel",
            "attribution",
            _("Sold by the channel"),
            Rank("programme", "units", _("Units"), (("added", _("Into baskets")), _MONEY)),
        ),
        Chart(
            "people",
            "new_and_returning",
            _("New and returning people"),
            Over("day", (("new", _("New")), ("returning", _("Returning"))), kind="columns"),
            wide=True,
        ),
        Chart(
            "retention",
            "retention",
            _("Who comes back"),
            Cohort(),
            {"days": 14},
            wide=True,
        ),
        Chart(
            "conversion",
            "conversion",
            _("People and buyers by territory"),
            Rank("territory", "people", _("People"), (("buyers", _("Buyers")),), adds_up=False),
        ),
        Chart(
            "referrers",
            "people_by_referrer",
            _("Where people come from"),
            Rank("referrer", "people", _("People"), (("events", _("Events")),), adds_up=False),
        ),
    ),
)

_RIGHTS = Board(
    "rights",
    _("Rights"),
    _("What people wanted and rights refused: where, of whom, why, and what it would bring."),
    (
        Figure("denied_by_day", "refusals", _("Refusals"), more_is_better=False),
        Figure("denied_by_day", "minor", _("Would have brought"), more_is_better=False),
    ),
    (
        Chart(
            "world",
            "denied_by_territory",
            _("Where demand was denied"),
            World("refusals", _("Refusals"), _("Nobody refused")),
            wide=True,
            rows_of="refusals",
        ),
        Chart(
            "days",
            "denied_by_day",
            _("Refusals, day by day"),
            Over("day", (("refusals", _("Refusals")),)),
            wide=True,
            rows_of="refusals",
        ),
        Chart(
            "reasons",
            "denied_demand",
            _("Why it was refused"),
            Rank("reason", "refusals", _("Refusals"), (_MONEY,)),
            rows_of="refusals",
        ),
        Chart(
            "teams",
            "denied_demand",
            _("Whose goods were wanted"),
            Rank("noc", "refusals", _("Refusals"), (_MONEY,)),
            rows_of="refusals",
        ),
        Chart(
            "properties",
            "denied_demand",
            _("Which property stood in the way"),
            Rank("property", "refusals", _("Refusals"), (_MONEY,)),
            rows_of="refusals",
        ),
        Chart(
            "territories",
            "denied_demand",
            _("What opening a territory would bring"),
            Rank("territory", "refusals", _("Refusals"), (_MONEY,)),
            rows_of="refusals",
        ),
        Chart(
            "teams-territories",
            "denied_demand",
            _("Whose goods are missed where"),
            Heat("noc", "territory", "refusals", _("Refusals")),
            wide=True,
            rows_of="refusals",
        ),
    ),
)

_CHANNEL = Board(
    "channel",
    _("Channel"),
    _("What is watched, for how long, how far, and what it sells. Nobody is known by it."),
    (
        Figure("watch_by_day", "watched_s", _("Watched")),
        Figure("watch_by_day", "views", _("Views")),
    ),
    (
        Chart(
            "days",
            "watch_by_day",
            _("Hours watched, day by day"),
            Over("day", (("watched_s", _("Hours watched")),), kind="area", divided_by=3600),
            wide=True,
            rows_of="watching",
        ),
        Chart(
            "concurrent",
            "concurrent_viewers",
            _("Watching at the same time"),
            Over("minute", (("views", _("Views")),), kind="area", peak_of_hour=True),
            wide=True,
        ),
        Chart(
            "programmes",
            "watch_time",
            _("Most watched"),
            Rank("subject", "watched_s", _("Watched"), (("views", _("Views")),)),
            rows_of="watching",
        ),
        Chart(
            "completion",
            "completion",
            _("Seen to the end"),
            Rank("subject", "started", _("Started"), (("completed", _("To the end")),)),
        ),
        Chart(
            "world",
            "watch_by_territory",
            _("Where it is watched"),
            World("watched_s", _("Watched"), _("Nothing watched")),
            wide=True,
            rows_of="watching",
        ),
        Chart(
            "sales",
            "attribution",
            _("What the channel sold"),
            Rank("programme", "units", _("Units"), (("added", _("Into baskets")), _MONEY)),
        ),
        Chart(
            "cues",
            "attribution",
            _("The moments that sold"),
            Rank("cue", "units", _("Units"), (("orders", _("Orders")),)),
        ),
    ),
)

_DROPS = Board(
    "drops",
    _("Drops"),
    _("What scheduled sales brought. The cockpit shows one while it happens, its report stays."),
    (
        Figure("drop_course", "units", _("Units sold in drops")),
        Figure("drop_course", "orders", _("Orders in drops")),
    ),
    (
        Chart(
            "drops",
            "drop_sales",
            _("Sold in drops"),
            Rank("drop", "units", _("Units"), (("orders", _("Orders")), _MONEY), top=20),
            wide=True,
            rows_of="sales",
        ),
        Chart(
            "course",
            "drop_course",
            _("The course of each drop"),
            Over("window", (("units", _("Units")),), kind="columns", split="drop"),
            {"minutes": 60},
            wide=True,
            unit=_("units per hour"),
        ),
        Chart(
            "windows",
            "live_windows",
            _("People and orders, hour by hour"),
            Over("window", (("people", _("People")), ("orders", _("Orders"))), kind="lines"),
            {"minutes": 60},
            wide=True,
        ),
    ),
)

_OPERATIONS = Board(
    "operations",
    _("Operations"),
    _("Whether everything that was sent has arrived, and who sends it."),
    (),
    (
        Chart(
            "robots",
            "bots",
            _("Events and robots, day by day"),
            Over("day", (("events", _("Events")), ("bots", _("Of them robots'"))), kind="lines"),
            wide=True,
            rows_of="events",
            unit=_("events per day"),
        ),
        Chart(
            "minutes",
            "events_per_minute",
            _("The busiest minute of each hour"),
            Over("minute", (("events", _("Events")),), kind="area", peak_of_hour=True),
            wide=True,
        ),
        Chart(
            "dead",
            "dead_letters",
            _("Dead letters, and why"),
            Rank("reason", "letters", _("Dead letters")),
            rows_of="dead",
        ),
        Chart(
            "dead-sources",
            "dead_letters",
            _("Who sends what cannot be understood"),
            Rank("source", "letters", _("Dead letters")),
            rows_of="dead",
        ),
        Chart(
            "names",
            "events_by_name",
            _("What is sent"),
            Rank("name", "events", _("Events"), (("people", _("People")),)),
            rows_of="events",
        ),
        Chart(
            "devices",
            "people_by_device",
            _("On what"),
            Rank("device", "people", _("People"), (("events", _("Events")),), adds_up=False),
        ),
    ),
)

BOARDS = {board.name: board for board in (_SHOP, _RIGHTS, _CHANNEL, _DROPS, _OPERATIONS)}
