"""What the shell's own pages show, as typed rows: nothing here knows about requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from kotinos.catalog import api as catalog
from kotinos.drops import api as drops
from kotinos.games import api as games
from kotinos.kernel.environment import environment
from kotinos.kernel.languages import LANGUAGES
from kotinos.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from kotinos.catalog.contracts import Card, Shelf, TeamRow
    from kotinos.kernel.place import Place

HERO_CARDS = 4
RAIL_TEAMS = 40


@dataclass(frozen=True, slots=True)
class TeamLink:
    """One team, whether or not anything of it is cleared here."""

    code: str
    name: str
    url: str
    count: int
    search: str  # Its names in every language, so that a filter finds it in any.


@dataclass(frozen=True, slots=True)
class TeamGroup:
    """The teams of one continental association, by name."""

    code: str
    name: str
    teams: tuple[TeamLink, ...]


def home(place: Place, *, now: datetime) -> dict[str, Any]:
    """The context of the home page."""
    edition = games.edition(environment().edition)
    shelves = catalog.home_shelves(place, now=now)
    rows = catalog.team_rows(place, now=now)
    return {
        "edition_name": edition.name if edition else "Kotinos",
        "hero_cards": hero_cards(shelves),
        "drop": drops.next_drop(place, now=now),
        "shelves": _below_the_hero(shelves),
        "teams": rail(rows),
    }


def _below_the_hero(shelves: tuple[Shelf, ...]) -> tuple[Shelf, ...]:
    """The home team first: it is what most readers came for."""
    return tuple(sorted(shelves, key=lambda shelf: shelf.code != "home-team"))


def hero_cards(shelves: Iterable[Shelf]) -> tuple[Card, ...]:
    """Pictures for the hero: one a team, so that it shows many colours."""
    chosen: dict[str, Card] = {}
    for shelf in shelves:
        for card in shelf.cards:
            if card.picture is not None and not card.sold_out:
                chosen.setdefault(card.team.code if card.team else "", card)
    return tuple(chosen.values())[:HERO_CARDS]


def rail(rows: Iterable[TeamRow]) -> tuple[TeamRow, ...]:
    """The teams with most to show here."""
    return tuple(sorted(rows, key=lambda row: -row.count)[:RAIL_TEAMS])


def teams(place: Place, *, now: datetime) -> dict[str, Any]:
    """The context of the list of teams: all of them, also those with nothing cleared here."""
    counts = {row.code: row.count for row in catalog.team_rows(place, now=now)}
    by_association: dict[str, list[TeamLink]] = {}
    nocs = games.nocs()
    for noc in nocs:
        link = _team_link(noc.code, place, counts.get(noc.code, 0))
        by_association.setdefault(noc.association, []).append(link)
    groups = [
        TeamGroup(
            code=_anchor(association),
            name=str(wording.ASSOCIATIONS.get(association, association)),
            teams=tuple(sorted(links, key=lambda link: games.sort_key(link.name))),
        )
        for association, links in by_association.items()
    ]
    groups.sort(key=lambda group: games.sort_key(group.name))
    return {"groups": groups, "total": len(nocs)}


def _team_link(code: str, place: Place, count: int) -> TeamLink:
    return TeamLink(
        code=code,
        name=games.noc_name(code, place.language),
        url=reverse("catalog:team", kwargs={"place": place, "code": code}),
        count=count,
        search=" ".join(sorted({games.noc_name(code, language) for language in LANGUAGES})),
    )


def _anchor(association: str) -> str:
    return association.lower().replace(" ", "-")
