"""The home page of an edition: what is on, then the rails that its editors chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.channel import airing, pages, wording
from kotinos.channel.queries import showing
from kotinos.channel.queries.showing import Narrowed
from kotinos.games import api as games
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from kotinos.channel.airing import ChannelRow
    from kotinos.channel.models import Edition
    from kotinos.channel.pages import VideoCard
    from kotinos.kernel.place import Place

RAIL_SIZE = 8
_NO_RAILS: tuple[dict[str, str], ...] = (
    {"rail": "newest"},
    {"rail": "home-team"},
    *({"rail": "kind", "value": kind} for kind in wording.KINDS),
)


@dataclass(frozen=True, slots=True)
class Rail:
    """A row of cards on the home page."""

    title: str
    url: str
    cards: tuple[VideoCard, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """The edition's own home."""

    hero: ChannelRow | None
    poster: pages.Poster | None
    channels: tuple[ChannelRow, ...]
    rails: tuple[Rail, ...]
    latest: VideoCard | None


_NARROWED: dict[str, Callable[[str], Narrowed]] = {
    "kind": lambda value: Narrowed(kind=value),
    "sport": lambda value: Narrowed(sport=value),
    "team": lambda value: Narrowed(noc=value),
}


def home_page(edition: Edition, place: Place, *, now: datetime) -> HomePage:
    """The edition's home: what is on, then its own rails; a rail without a card is left out."""
    rows = airing.channel_rows(edition, place, now=now)
    wanted = str(edition.look.get("hero", ""))
    hero = next((row for row in rows if row.code == wanted), rows[0] if rows else None)
    rails = tuple(
        rail
        for each in edition.look.get("home") or _NO_RAILS
        if (rail := _rail(edition, each, place, now)) is not None
    )
    cards = [one for rail in rails for one in rail.cards]
    return HomePage(
        hero=hero,
        poster=airing.poster_of(hero) if hero else None,
        channels=rows,
        rails=rails,
        latest=cards[0] if cards else None,
    )


def _rail(edition: Edition, each: Mapping[str, Any], place: Place, now: datetime) -> Rail | None:
    kind, value = str(each.get("rail", "")), str(each.get("value", ""))
    if kind == "home-team":
        kind, value = "team", games.atlas().home_noc(place.territory, now) or ""
    narrowed = _NARROWED[kind](value) if kind in _NARROWED else Narrowed()
    if kind in _NARROWED and not value:
        return None
    found = showing.showing(
        edition,
        territory=place.territory,
        language=place.language,
        now=now,
        narrowed=narrowed,
        size=RAIL_SIZE,
    )
    if not found.rows:
        return None
    query = f"?{kind}={value}" if kind in _NARROWED else ""
    return Rail(
        title=pick(each.get("titles") or {}, place.language) or _rail_title(kind, value, place),
        url=pages.url(place, "videos") + query,
        cards=tuple(pages.card(row, place) for row in found.rows),
    )


def _rail_title(kind: str, value: str, place: Place) -> str:
    match kind:
        case "kind":
            return str(wording.KINDS.get(value, value))
        case "sport":
            return pages.sport_name(value, place.language)
        case "team":
            return games.noc_name(value, place.language)
        case _:
            return str(wording.RAILS["newest"])
