"""What a dashboard is asked for: edition, organisation, territory, time and what was clicked on.

All of it stands in the address, so that a view can be kept and sent. Whose numbers may be seen
comes from who is asking, never from the address: another organisation's id leads nowhere (404).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.insight.contracts import Scope, Window
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kotinos.kernel.office import Staff

DAYS_MAX = 400
YEAR_MIN, YEAR_MAX = 2000, 2199
VALUE_CHARACTERS_MAX = 120
ALL = "all"
STANDARD = "30d"
NARROWS = ("noc", "product", "reason", "property", "subject", "name", "source", "drop", "kind")
"""Columns of answers that a click narrows; what has no such column is shown as it is."""
FILTERS = ("edition", "organisation", "territory", "when", "since", "until")


class NonsenseError(Exception):
    """What was asked cannot be read; the message says what, for a person."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the words of a page. `until` is the first day that is not shown."""

    edition: games.Edition
    organisation: games.Organisation | None  # None: all, for operators
    territory: str
    when: str  # a preset's name, or empty: `since` and `until` were given
    since: date
    until: date
    narrow: Mapping[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        mine = self.organisation.id if self.organisation else None
        return Scope(self.edition.code, mine, self.territory)

    @property
    def window(self) -> Window:
        return Window.of_days(self.since, self.until)

    @property
    def before(self) -> Window:
        """The same number of days just before: what figures are compared with."""
        return Window.of_days(self.since - (self.until - self.since), self.since)

    @property
    def last_day(self) -> date:
        return self.until - timedelta(days=1)

    def filters(self) -> dict[str, str]:
        """The question as it is kept: every filter that is set, by its name in addresses."""
        return dict(parse_qsl(self.address()))

    def address(self, **changes: str | None) -> str:
        """The question as the query of an address; None takes a filter out, a text replaces it."""
        given: dict[str, str | None] = {
            "edition": self.edition.code,
            "organisation": str(self.organisation.id) if self.organisation else ALL,
            "territory": self.territory,
            **({"when": self.when} if self.when else self._days()),
            **self.narrow,
        }
        if "since" in changes:
            given.pop("when", None)
        if "when" in changes:
            given |= {"since": None, "until": None}
        return urlencode({name: value for name, value in (given | changes).items() if value})

    def _days(self) -> dict[str, str]:
        return {"since": self.since.isoformat(), "until": self.last_day.isoformat()}


def read(given: Mapping[str, str], *, who: Staff, now: datetime) -> Asked:
    """The question in an address.

    NonsenseError where a time cannot be read, Http404 for what does not exist for this person.
    """
    edition = _edition(given.get("edition", ""))
    when, since, until = _time(given, edition, now)
    return Asked(
        edition=edition,
        organisation=_organisation(given.get("organisation", ""), who),
        territory=_territory(given.get("territory", "")),
        when=when,
        since=since,
        until=until,
        narrow=_narrow(given),
    )


def presets(edition: games.Edition, now: datetime) -> dict[str, tuple[str, date, date]]:
    """The times that have a name: its words, the first day and the day after the last."""
    today = now.astimezone(UTC).date()
    tomorrow = today + timedelta(days=1)
    return {
        "today": (_("Today"), today, tomorrow),
        "7d": (_("7 days"), tomorrow - timedelta(days=7), tomorrow),
        "30d": (_("30 days"), tomorrow - timedelta(days=30), tomorrow),
        "games": (_("The Games"), edition.starts_on, edition.ends_on + timedelta(days=1)),
    }


def organisations(who: Staff) -> tuple[games.Organisation, ...]:
    """Those whose numbers a person may see, by name."""
    mine = who.organisations()
    found = games.organisations() if mine is None else games.organisations(ids=tuple(mine))
    return tuple(sorted(found, key=lambda each: each.name))


def _edition(code: str) -> games.Edition:
    found = games.edition(code or environment().edition)
    if found is None and not code:
        found = next(iter(games.editions()), None)
    if found is None:
        raise Http404
    return found


def _organisation(text: str, who: Staff) -> games.Organisation | None:
    if who.is_operator and text in {"", ALL}:
        return None
    mine = organisations(who)
    if text in {"", ALL}:
        if not mine:
            raise Http404
        return mine[0]
    try:
        wanted = UUID(text)
    except ValueError:
        raise Http404 from None
    found = next((each for each in mine if each.id == wanted), None)
    if found is None:
        raise Http404
    return found


def _territory(text: str) -> str:
    code = text.upper()
    if code and code not in games.territory_names("en"):
        raise Http404
    return code


def _time(
    given: Mapping[str, str], edition: games.Edition, now: datetime
) -> tuple[str, date, date]:
    if given.get("since") or given.get("until"):
        since = _day(given.get("since", ""), _("The first day"))
        until = _day(given.get("until", ""), _("The last day"))
        if until < since:
            raise NonsenseError(_("The last day is before the first."))
        if (until - since).days >= DAYS_MAX:
            raise NonsenseError(_("At most %(days)d days are shown at once.") % {"days": DAYS_MAX})
        return "", since, until + timedelta(days=1)
    when = given.get("when") or STANDARD
    named = presets(edition, now)
    if when not in named:
        raise NonsenseError(_("There is no time of this name: %(name)s.") % {"name": when[:20]})
    _words, since, until = named[when]
    return when, since, until


def _day(text: str, name: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NonsenseError(
            _("%(name)s is not a date such as 2030-07-14.") % {"name": name}
        ) from None
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise NonsenseError(
            _("%(name)s is not within %(least)d and %(most)d.")
            % {"name": name, "least": YEAR_MIN, "most": YEAR_MAX}
        )
    return day


def _narrow(given: Mapping[str, str]) -> dict[str, str]:
    found = {name: given[name] for name in NARROWS if given.get(name)}
    for name, value in found.items():
        if len(value) > VALUE_CHARACTERS_MAX or "\x00" in value:
            raise NonsenseError(_("The filter %(name)s cannot be read.") % {"name": name})
    return found
