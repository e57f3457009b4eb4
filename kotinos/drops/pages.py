"""What the public pages of drops show, as typed rows in the reader's language. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from kotinos.catalog import api as catalog
from kotinos.catalog.contracts import Named, ProductPage, ProductState
from kotinos.drops import queries
from kotinos.drops.contracts import DropView, Phase
from kotinos.games import api as games
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.catalog.contracts import Picture, PriceTag, RefusalPanel
    from kotinos.kernel.place import Place

OVER_SHOWN_MAX = 8
LOOKS_MAX = 3  # the front page does not search through a long season
MINUTE_SECONDS = 60
_ORDER = {Phase.OPEN: 0, Phase.COMING: 1, Phase.OVER: 2}


@dataclass(frozen=True, slots=True)
class DropCard:
    """One drop in a list."""

    slug: str
    name: str
    url: str
    line_url: str
    phase: Phase
    opens: waitingroom.Moment
    closes: waitingroom.Moment
    team: Named | None
    picture: Picture | None
    price: PriceTag | None
    ships_here: bool
    room_id: str

    @property
    def is_over(self) -> bool:
        return self.phase not in {Phase.COMING, Phase.OPEN}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing of a drop can be bought here. `product_url` explains more; may be empty.

    `sold_in` is where the drop's first offer is sold; empty where nobody may buy it anywhere.
    """

    sentence: str
    since: datetime | None
    until: datetime | None
    sold_in: tuple[Named, ...]
    product_url: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One product of a drop as this place sees it."""

    page: ProductPage
    sizes: tuple[str, ...]
    gone: bool  # While the drop is open: every unit is sold or in somebody's hands.

    @property
    def refused(self) -> bool:
        return self.page.state is ProductState.REFUSED


@dataclass(frozen=True, slots=True)
class DropPage:
    """All of a drop's page. `refusal` is set where nothing of it can be bought here."""

    card: DropCard
    text: str
    seller_name: str
    offers: tuple[OfferRow, ...]
    units_per_buyer: int
    hold_minutes: int
    refusal: Refusal | None
    reach: int  # In how many territories it is sold.
    seed_hash: str
    draw_url: str
    guests_allowed: bool

    @property
    def gone(self) -> bool:
        return all(offer.gone for offer in self.offers)


@dataclass(frozen=True, slots=True)
class LinePage:
    """The waiting room's page: the same for everybody at this place."""

    card: DropCard
    drop_id: str
    admission_minutes: int
    units_per_buyer: int
    guests_allowed: bool
    seed_hash: str
    draw_url: str
    buy_url: str
    plain_url: str
    refusal: Refusal | None


def drop_list(place: Place, *, now: datetime) -> tuple[DropCard, ...]:
    """Open drops, then those to come, the next one first, then the latest that are over."""
    coming: list[DropView] = []
    over: list[DropView] = []
    for drop in queries.drops():
        (over if drop.phase(now) is Phase.OVER else coming).append(drop)
    coming.sort(key=lambda drop: (_ORDER[drop.phase(now)], drop.opens_at))
    over.sort(key=lambda drop: drop.closes_at, reverse=True)
    shown = [*coming, *over[:OVER_SHOWN_MAX]]
    return tuple(_card(drop, _first(drop, place, now), place, now) for drop in shown)


def next_drop(place: Place, *, now: datetime) -> DropCard | None:
    """The open drop that ships here, else the next one that will; None where there is none."""
    found = [drop for drop in queries.drops() if drop.phase(now) in {Phase.COMING, Phase.OPEN}]
    found.sort(key=lambda drop: (_ORDER[drop.phase(now)], drop.opens_at))
    for drop in [drop for drop in found if _is_for(drop, place)][:LOOKS_MAX]:
        card = _card(drop, _first(drop, place, now), place, now)
        if card.ships_here:
            return card
    return None


def drop_page(drop: DropView, place: Place, *, now: datetime) -> DropPage:
    """The page of one drop."""
    pages = _products(drop, place, now)
    card = _card(drop, pages[0] if pages else None, place, now)
    room = waitingroom.room(drop.room_id)
    free = queries.free_units(drop.id) if card.phase is Phase.OPEN else {}
    seller = games.organisations(ids=(drop.seller_id,))
    return DropPage(
        card=card,
        text=drop.text(place.language),
        seller_name=seller[0].name if seller else "",
        offers=tuple(_offer(drop, page, free) for page in pages),
        units_per_buyer=drop.units_per_buyer,
        hold_minutes=drop.hold_seconds // MINUTE_SECONDS,
        refusal=_refusal(drop, pages, place),
        reach=len(_sold_in(drop, pages, place)),
        seed_hash=waitingroom.seed_hash(room.seed) if room else "",
        draw_url=_draw_url(place, room.code) if room else "",
        guests_allowed=bool(room and room.guests_allowed),
    )


def line_page(drop: DropView, place: Place, *, now: datetime) -> LinePage | None:
    """The waiting room of a drop; None where its room is missing."""
    room = waitingroom.room(drop.room_id)
    if room is None:
        return None
    pages = _products(drop, place, now)
    return LinePage(
        card=_card(drop, pages[0] if pages else None, place, now),
        drop_id=str(drop.id),
        admission_minutes=room.admission_seconds // MINUTE_SECONDS,
        units_per_buyer=drop.units_per_buyer,
        guests_allowed=room.guests_allowed,
        seed_hash=waitingroom.seed_hash(room.seed),
        draw_url=_draw_url(place, room.code),
        buy_url=_url(place, drop.slug, "orders:drop_buy"),
        plain_url=_url(place, drop.slug, "drops:plain"),
        refusal=_refusal(drop, pages, place),
    )


def seconds_to_change(drops: Iterable[DropView], *, now: datetime, most: int) -> int:
    """How long a page about these drops stays true: until one opens or closes, at least 1."""
    moments = [at for drop in drops for at in (drop.opens_at, drop.closes_at) if at > now]
    until = min((at - now).total_seconds() for at in moments) if moments else most
    return max(1, min(most, int(until)))


def _products(drop: DropView, place: Place, now: datetime) -> list[ProductPage]:
    pages = (catalog.product_page(place, offer.handle, now=now) for offer in drop.offers)
    return [page for page in pages if page is not None]


def _first(drop: DropView, place: Place, now: datetime) -> ProductPage | None:
    return catalog.product_page(place, drop.offers[0].handle, now=now) if drop.offers else None


def _url(place: Place, slug: str, name: str) -> str:
    return reverse(name, kwargs={"place": place, "slug": slug})


def _draw_url(place: Place, code: str) -> str:
    return reverse("waitingroom:draw", kwargs={"place": place, "code": code})


def _card(drop: DropView, page: ProductPage | None, place: Place, now: datetime) -> DropCard:
    language = place.language
    return DropCard(
        slug=drop.slug,
        name=drop.name(language),
        url=_url(place, drop.slug, "drops:drop"),
        line_url=_url(place, drop.slug, "drops:line"),
        phase=drop.phase(now),
        opens=waitingroom.moment(drop.opens_at, language),
        closes=waitingroom.moment(drop.closes_at, language),
        team=page.team if page else None,
        picture=page.pictures[0] if page and page.pictures else None,
        price=page.price if page else None,
        ships_here=_is_for(drop, place) and page is not None and page.refusal is None,
        room_id=str(drop.room_id),
    )


def _is_for(drop: DropView, place: Place) -> bool:
    bit = games.territory_bits().get(place.territory)
    return bit is not None and drop.sells_in(bit)


def _offer(drop: DropView, page: ProductPage, free: Mapping[UUID, tuple[int, int]]) -> OfferRow:
    offered = next(offer for offer in drop.offers if offer.product_id == page.product_id)
    units = sum(free.get(variant.id, (0, 0))[0] for variant in offered.variants)
    sizes = tuple(variant.label for variant in offered.variants if variant.label)
    return OfferRow(page, sizes, gone=bool(free) and units <= 0)


def _refusal(drop: DropView, pages: list[ProductPage], place: Place) -> Refusal | None:
    """Rights speak first, for they know a date; then the seller's own choice of territories."""
    panels = [page.refusal for page in pages if page.refusal is not None]
    if pages and len(panels) == len(pages):
        return _refused_by_rights(panels[0], drop, pages, place)
    if pages and _is_for(drop, place):
        return None
    return Refusal("", None, None, _sold_in(drop, pages, place), "")


def _refused_by_rights(
    panel: RefusalPanel, drop: DropView, pages: list[ProductPage], place: Place
) -> Refusal:
    sold_in = _sold_in(drop, pages, place)
    return Refusal(panel.sentence, panel.since, panel.until, sold_in, pages[0].url)


def _sold_in(drop: DropView, pages: list[ProductPage], place: Place) -> tuple[Named, ...]:
    """Where at least one offer is cleared and the drop is for, by name."""
    cleared = 0
    for page in pages:
        cleared |= page.cleared_mask
    mask = cleared & drop.territory_mask
    codes = [code for code, bit in games.territory_bits().items() if mask >> bit & 1]
    return tuple(
        Named(code, games.territory_name(code, place.language))
        for code in games.sorted_by_name(codes, place.language)
    )
