"""Rows of the home page and of the list of teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.contracts import Filters, Shelf, Sort, TeamRow
from kotinos.catalog.links import query_of, team_url
from kotinos.catalog.queries.lists import Ask, count_teams, pick_cards
from kotinos.games import api as games

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.kernel.place import Place

SHELF_SIZE = 8


def home_shelves(place: Place, *, now: datetime) -> tuple[Shelf, ...]:
    """Featured, the home team's and the newest cards; a shelf without cards is left out."""
    shop = f"/{place.slug}/shop/"
    shelves = [_shelf("featured", "", shop, place, Filters(), now)]
    home = games.atlas().home_noc(place.territory, now)
    if home:
        filters = Filters(teams=(home,))
        name = games.noc_name(home, place.language)
        shelves.append(_shelf("home-team", name, team_url(place, home), place, filters, now))
    newest = Filters(sort=Sort.NEWEST)
    shelves.append(_shelf("newest", "", shop + query_of(newest), place, newest, now))
    return tuple(shelf for shelf in shelves if shelf.cards)


def _shelf(  # noqa: PLR0917 - three calls, above
    code: str, name: str, url: str, place: Place, filters: Filters, now: datetime
) -> Shelf:
    cards = pick_cards(place, Ask(filters, size=SHELF_SIZE), now=now)
    return Shelf(code, name, url, cards)


def team_rows(place: Place, *, now: datetime) -> tuple[TeamRow, ...]:
    """Every team with something cleared here, by name in the reader's language."""
    rows = [
        TeamRow(code, games.noc_name(code, place.language), team_url(place, code), count)
        for code, count in count_teams(place, now=now).items()
    ]
    return tuple(sorted(rows, key=lambda row: games.sort_key(row.name)))
