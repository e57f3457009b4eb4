"""Lists of cleared products: cards, facets, shelves, alternatives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.catalog import statements
from kotinos.catalog.contracts import PAGE_MAX, PAGE_SIZE, Card, Filters, Listing, Named, Note
from kotinos.catalog.filters import unknown_choices
from kotinos.catalog.links import product_url, query_of, with_values
from kotinos.catalog.queries.facets import counts_of, facets_of, sorts_of, term_names
from kotinos.catalog.queries.markets import SELL, SHIP, market_of, territory_bit
from kotinos.catalog.queries.search import find
from kotinos.catalog.rows import picture, price_tag
from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from kotinos.catalog.contracts import MarketRow
    from kotinos.catalog.statements import ListRow
    from kotinos.kernel.place import Place

NO_LIMIT = 2**63 - 1
BANDS_MAX = 4  # Limits of the price facet.
_EMPTY = statements.ListRow(0, [], [], [])


@dataclass(frozen=True, slots=True)
class Ask:
    """What the list statement is asked, apart from the place."""

    filters: Filters
    size: int = PAGE_SIZE
    hits: list[UUID] | None = None
    without: UUID | None = None
    near: tuple[str, int] | None = None  # (team, kind id): the nearest to these come first.
    with_facets: bool = True


def listing(
    place: Place,
    filters: Filters,
    *,
    now: datetime,
    path: str,
    scope: str = "all",
    subject: Named | None = None,
    notes: tuple[Note, ...] = (),
) -> Listing:
    """One page of what is cleared here, of the list at `path`, in five SQL statements or seven."""
    market = market_of(place.territory, place.language)
    hits, misspelt = find(filters.text, place.language) if filters.text else (None, False)
    row = _read(place, market, Ask(filters, hits=hits), now)
    pages = min(max(1, -(-row.total // PAGE_SIZE)), PAGE_MAX)
    if filters.page > pages:
        notes = (*notes, Note("page-too-far", "page", str(filters.page)))
        filters = replace(filters, page=pages)
        row = _read(place, market, Ask(filters, hits=hits), now)
    names = term_names(row.terms, place.language)
    # A team's own page need not say `team=` in its links, nor offer that facet.
    asked = with_values(filters, scope, ()) if scope in {"team", "collection"} else filters
    first = replace(asked, page=1)
    return Listing(
        scope=scope,
        subject=subject,
        text=filters.text,
        cards=cards_of(row, place, market),
        facets=facets_of(row, place, market, first, path, names, without=scope),
        sorts=sorts_of(first, path),
        total=row.total,
        page=filters.page,
        pages=pages,
        previous_url=_page_url(path, asked, asked.page - 1, pages),
        next_url=_page_url(path, asked, asked.page + 1, pages),
        clear_url=path + query_of(Filters(text=filters.text)),
        notes=(*notes, *_remarks(filters, names, misspelt=misspelt and row.total > 0)),
    )


def _remarks(
    filters: Filters, names: dict[str, dict[str, str]], *, misspelt: bool
) -> Iterator[Note]:
    if misspelt:
        yield Note("similar-spelling", "q", filters.text)
    for name, code in unknown_choices(filters, {k: set(v) for k, v in names.items()}):
        yield Note("unknown-value", name, code)


def _page_url(path: str, filters: Filters, page: int, pages: int) -> str:
    return path + query_of(replace(filters, page=page)) if 1 <= page <= pages else ""


def pick_cards(place: Place, ask: Ask, *, now: datetime) -> tuple[Card, ...]:
    """Cards alone, for shelves and alternatives: four SQL statements."""
    market = market_of(place.territory, place.language)
    return cards_of(_read(place, market, replace(ask, with_facets=False), now), place, market)


def _read(place: Place, market: MarketRow | None, ask: Ask, now: datetime) -> ListRow:
    bit = territory_bit(place.territory)
    if market is None or bit is None:
        return _EMPTY
    filters = ask.filters
    (row,) = rich.read(
        statements.list_cards,
        now=now,
        bit=bit,
        sell=SELL,
        ship=SHIP,
        market=market.id,
        currency=market.currency,
        **_limits(market),
        hits=ask.hits,
        without=ask.without,
        teams=list(filters.teams) or None,
        sports=list(filters.sports) or None,
        kinds=list(filters.kinds) or None,
        collections=list(filters.collections) or None,
        editions=list(filters.editions) or None,
        band=filters.price_band,
        sort="near" if ask.near else filters.sort.value,
        near_team=ask.near[0] if ask.near else "",
        near_kind=ask.near[1] if ask.near else 0,
        language=place.language,
        with_facets=ask.with_facets,
        size=ask.size,
        skip=(filters.page - 1) * ask.size,
    )
    return row


def _limits(market: MarketRow) -> dict[str, int]:
    """The market's price bands as the statement's four limits."""
    limits = [*market.price_bands_minor, *[NO_LIMIT] * BANDS_MAX][:BANDS_MAX]
    return {f"limit_{place}": limit for place, limit in enumerate(limits, start=1)}


def cards_of(row: ListRow, place: Place, market: MarketRow | None) -> tuple[Card, ...]:
    """Cards with names, prices in words and whether anything is left."""
    if market is None or not row.cards:
        return ()
    sellers = {
        organisation.id: Named(organisation.code, organisation.name)
        for organisation in games.organisations(
            ids=tuple({UUID(card["seller_id"]) for card in row.cards})
        )
    }
    variants = {UUID(variant) for card in row.cards for variant in card["variants"]}
    free = stock.available_by_owner(variants)
    kinds = term_names(row.terms, place.language)["kind"]
    codes = {number: code for number, facet, code, _ in row.terms if facet == "kind"}
    return tuple(
        _card(card, place, market, sellers, free, Named(code, kinds[code]))
        for card in row.cards
        for code in (codes[card["kind_id"]],)
    )


def _card(  # noqa: PLR0917 - one call, beside it
    card: dict[str, Any],
    place: Place,
    market: MarketRow,
    sellers: dict[UUID, Named],
    free: dict[tuple[UUID, UUID], int],
    kind: Named,
) -> Card:
    seller = UUID(card["seller_id"])
    team = card["team"]
    return Card(
        product_id=UUID(card["product_id"]),
        handle=card["handle"],
        url=product_url(place, card["handle"]),
        title=card["title"] or card["handle"],
        team=Named(team, games.noc_name(team, place.language)) if team else None,
        kind=kind,
        picture=picture(card["picture"], card["alt"], card["title"]),
        price=price_tag(
            card["amount_minor"],
            card["currency"],
            card["compare_at_minor"],
            market,
            place.language,
            is_from=card["highest_minor"] > card["amount_minor"],
        ),
        seller=sellers[seller],
        sold_out=not any(free.get((UUID(v), seller), 0) > 0 for v in card["variants"]),
    )


def count_teams(place: Place, *, now: datetime) -> dict[str, int]:
    """Cleared items by team: two SQL statements."""
    market = market_of(place.territory, place.language)
    row = _read(place, market, Ask(Filters(), size=0), now)
    return dict(counts_of(row)["team"])


def near_cards(
    place: Place, *, product_id: UUID, team: str, kind_id: int, now: datetime, size: int = 3
) -> Sequence[Card]:
    """Cleared products nearest to one: same team and kind, same team, same kind."""
    ask = Ask(Filters(), size=size, without=product_id, near=(team or "-", kind_id))
    return pick_cards(place, ask, now=now)
