"""A month before today for a lake that has none: what a demo edition's dashboards show at first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kotinos.games import api as games_api
from kotinos.insight.lake import manifest

if TYPE_CHECKING:
    from datetime import datetime

SEED = 2030
EVENTS = 150_000
OLD = timedelta(days=7)
_KEPT = ("events", "sales")  # of people, for a while; of the business, for ever


def has_history(*, edition: str, now: datetime) -> bool:
    """Whether anything is known of the edition from more than a week ago."""
    until = (now - OLD).date()
    return any(manifest.current(table=table, edition=edition, until=until) for table in _KEPT)


def invent(*, edition: str, now: datetime, events: int = EVENTS) -> dict[str, int]:
    """Make a believable month until now, the same for the same days; rows by table.

    In one commit, so that it is there whole or not at all. Rows about a team belong to its
    committee's organisation, where there is one. Empty where the edition has a history: real
    numbers are never mixed with invented ones, and nothing comes twice.
    """
    if has_history(edition=edition, now=now):
        return {}
    from kotinos.insight.generate import games, into_lake, world  # noqa: PLC0415 - a second

    first = date.fromordinal(now.toordinal() - world.DAYS + 1)
    made = games.make(events=events, seed=SEED, edition=edition, first_day=first)
    owners = {noc.code: str(noc.organisation_id) for noc in games_api.nocs()}
    return into_lake.write_lake(made, now=now, owners=owners, until=now).rows
