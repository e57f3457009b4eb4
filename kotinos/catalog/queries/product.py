"""One product's page for one place, in any of its four states."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.catalog import statements
from kotinos.catalog.contracts import (
    MarketRow,
    Named,
    Option,
    ProductPage,
    ProductState,
    VariantRow,
)
from kotinos.catalog.decide import ListedPrice, price_here, state_of
from kotinos.catalog.jsonld import product_json_ld
from kotinos.catalog.links import product_url
from kotinos.catalog.queries.markets import SELL, SHIP, market_row, territory_bit, territory_codes
from kotinos.catalog.queries.refusal import alternatives_of, refusal_panel
from kotinos.catalog.rows import picture, price_tag
from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.kernel.languages import pick
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.kernel.place import Place

UNITS_SHOWN_MAX = 10


@dataclass(frozen=True, slots=True)
class Reach:
    """Where each seller may sell and ship a work at one moment, as masks."""

    by_seller: dict[UUID, int]

    @property
    def mask(self) -> int:
        mask = 0
        for reach in self.by_seller.values():
            mask |= reach
        return mask

    def sellers_at(self, bit: int) -> set[UUID]:
        return {seller for seller, mask in self.by_seller.items() if mask >> bit & 1}


def reach_of(clearances: list[list[Any]]) -> Reach:
    """The reach from (seller, mask in hexadecimal, sells, ships): both acts must be cleared."""
    sell: dict[UUID, int] = {}
    ship: dict[UUID, int] = {}
    for seller, mask_hex, sells, ships in clearances:
        mask = int.from_bytes(bytes.fromhex(mask_hex), "little")
        if sells:
            sell[UUID(seller)] = sell.get(UUID(seller), 0) | mask
        if ships:
            ship[UUID(seller)] = ship.get(UUID(seller), 0) | mask
    return Reach({seller: mask & ship.get(seller, 0) for seller, mask in sell.items()})


def read_row(handle: str, territory: str, now: datetime) -> dict[str, Any] | None:
    """The product's raw row, or None where no active product has this handle."""
    rows = rich.read(
        statements.read_product, handle=handle, territory=territory, sell=SELL, ship=SHIP, now=now
    )
    return rows[0] if rows else None


def product_page(place: Place, handle: str, *, now: datetime) -> ProductPage | None:
    """Everything the page shows; None where there is no such product.

    Four SQL statements when it is cleared; a refusal adds its explanation and alternatives.
    """
    row = read_row(handle, place.territory, now)
    bit = territory_bit(place.territory)
    if row is None or bit is None:
        return None
    market = market_row(row["market"], place.language) if row["market"] else None
    reach = reach_of(row["clearances"])
    names = _organisations(row)
    here = reach.sellers_at(bit)
    variants = _variants(row, market, here, names, place.language)
    state = state_of(
        cleared=bool(here),
        priced=bool(variants),
        units=max((variant.units_available for variant in variants), default=0),
    )
    return _page(row, place, now, _Found(market, reach, names, variants, state))


@dataclass(frozen=True, slots=True)
class _Found:
    market: MarketRow | None
    reach: Reach
    names: dict[UUID, Named]
    variants: tuple[VariantRow, ...]
    state: ProductState


def _organisations(row: dict[str, Any]) -> dict[UUID, Named]:
    ids = {UUID(offer["seller"]) for offer in row["offers"]} | {row["owner_id"]}
    return {
        organisation.id: Named(organisation.code, organisation.name)
        for organisation in games.organisations(ids=tuple(ids))
    }


def _listed(prices: list[list[Any]] | None) -> list[ListedPrice]:
    return [ListedPrice(*price) for price in prices or []]


def _variants(
    row: dict[str, Any],
    market: MarketRow | None,
    sellers: set[UUID],
    names: dict[UUID, Named],
    language: str,
) -> tuple[VariantRow, ...]:
    """What can be bought here: cleared sellers' offers that have a price for this market."""
    if market is None or not sellers:
        return ()
    closed = {UUID(seller) for seller, number in row["exclusions"] if number == market.id}
    open_offers = [offer for offer in row["offers"] if UUID(offer["seller"]) in sellers - closed]
    free = stock.available_by_owner({UUID(offer["id"]) for offer in open_offers})
    rows: list[VariantRow] = []
    for seller, group in groupby(
        sorted(open_offers, key=lambda offer: str(offer["seller"])), lambda offer: offer["seller"]
    ):
        offers = list(group)
        product_prices = [price for offer in offers for price in _listed(offer["prices"])]
        for offer in offers:
            price = price_here(
                _listed(offer["prices"]), product_prices=product_prices, market_id=market.id
            )
            if price:
                units = free.get((UUID(offer["id"]), UUID(seller)), 0)
                rows.append(_variant(offer, price, market, names, units, language))
    return tuple(rows)


def _variant(  # noqa: PLR0917 - one call, above it
    offer: dict[str, Any],
    price: ListedPrice,
    market: MarketRow,
    names: dict[UUID, Named],
    units: int,
    language: str,
) -> VariantRow:
    seller = UUID(offer["seller"])
    options = tuple(Option(name, value) for name, value in offer["options"])
    return VariantRow(
        variant_id=UUID(offer["id"]),
        seller=names[seller],
        seller_id=seller,
        sku=offer["sku"],
        gtin=offer["gtin"],
        options=options,
        label=" / ".join(option.value for option in options),
        price=price_tag(
            price.amount_minor, price.currency, price.compare_at_minor, market, language
        ),
        units_available=max(0, min(units, UNITS_SHOWN_MAX)),
        weight_grams=offer["weight"],
    )


def _texts(row: dict[str, Any], language: str) -> tuple[str, str, str]:
    texts = {code: (title, html) for code, title, html in row["texts"]}
    for code in (language, "en", *texts):
        if code in texts:
            return (code, *texts[code])
    return "en", row["handle"], ""


def _terms(row: dict[str, Any], language: str) -> dict[int, Named]:
    return {
        number: Named(code, pick(names, language) or code)
        for number, _, code, names in row["terms"]
    }


def _page(row: dict[str, Any], place: Place, now: datetime, found: _Found) -> ProductPage:
    language, title, description = _texts(row, place.language)
    terms = _terms(row, place.language)
    team, edition = row["team"], row["edition"]
    pictures = tuple(shown for key, alt in row["pictures"] if (shown := picture(key, alt, title)))
    prices = [variant.price for variant in found.variants]
    lowest = min(prices, key=lambda price: price.amount_minor, default=None)
    mask = found.reach.mask
    refused = found.state is ProductState.REFUSED
    edition_row = games.edition(edition) if edition else None
    return ProductPage(
        product_id=row["id"],
        work_id=row["work_id"],
        handle=row["handle"],
        url=product_url(place, row["handle"]),
        title=title,
        description_html=description,
        text_language=language,
        team=Named(team, games.noc_name(team, place.language)) if team else None,
        sport=terms.get(row["sport_id"]),
        kind=terms[row["kind_id"]],
        collection=terms.get(row["collection_id"]),
        edition=Named(edition, edition_row.name) if edition_row else None,
        owner=found.names[row["owner_id"]],
        pictures=pictures,
        state=found.state,
        variants=found.variants,
        price=lowest,
        refusal=refusal_panel(row, place, mask, now=now) if refused else None,
        alternatives=(
            ()
            if found.state is ProductState.CLEARED
            else alternatives_of(row, place, terms[row["kind_id"]].code, now=now)
        ),
        cleared_mask=mask,
        json_ld=product_json_ld(row, place, title, pictures, found.variants, territory_codes(mask)),
    )
