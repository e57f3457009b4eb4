"""Fixing a drop's quotes: what everything costs everywhere, and the decisions sales rest on.

Done before the drop opens and again whenever rights, prices or the drop itself may have changed.
What is still true keeps its row, so a change of one grant writes as few rows as it concerns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.catalog import api as catalog
from kotinos.catalog.contracts import PricedOffer
from kotinos.drops import api as drops
from kotinos.games import api as games
from kotinos.kernel import pagecache, rich
from kotinos.kernel.languages import LANGUAGES
from kotinos.kernel.money import Money
from kotinos.kernel.statements import take_turn
from kotinos.orders.decide import totals
from kotinos.orders.models import FixedQuote, FixedSheet
from kotinos.orders.offers import OUTLET
from kotinos.orders.shipping import parcel_price
from kotinos.rights import api as rights
from kotinos.rights.contracts import Act
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.contracts import DropView, OfferView, VariantView

    Chain = tuple[UUID, ...]

FIXED_AHEAD = timedelta(days=7)
_LIVE = {drops.Phase.COMING, drops.Phase.OPEN}
_TURN = "orders.fix_quotes"
# What makes a quote another one; ids and times are not among them.
_VALUES = [
    "seller_id",
    "location_id",
    "work_id",
    "cleared_seller_id",
    "territory_bit",
    "sell_chain",
    "ship_chain",
    "currency",
    "unit_price_minor",
    "totals_minor",
    "tax_included",
    "titles",
    "options",
    "sku",
    "handle",
    "picture_key",
]


def fix_due_quotes(*, now: datetime) -> int:
    """Fix the quotes of every drop that is open, or opens within a week; quotes that changed."""
    due = [
        drop
        for drop in drops.all_drops()
        if drop.phase(now) in _LIVE and drop.opens_at <= now + FIXED_AHEAD
    ]
    return sum(fix_quotes(drop_id=drop.id, now=now) for drop in due)


@transaction.atomic
def fix_quotes(*, drop_id: UUID, now: datetime) -> int:
    """Bring a drop's quotes up to date; how many were opened or closed.

    A quote exists where selling and shipping are both cleared and a seller named a price. Chains
    with a quota have none: what counts units one by one cannot be sold from memory.
    """
    rich.read(take_turn, name=_TURN)
    drop = drops.drop_by_id(drop_id)
    is_live = drop is not None and drop.phase(now) in _LIVE
    wanted = list(_wanted(drop, now)) if drop and is_live else []
    changed = _replace(drop_id, wanted, now)
    if changed:
        sheet, _ = FixedSheet.objects.get_or_create(drop_id=drop_id, defaults={"version": 0})
        sheet.version += 1
        sheet.save(update_fields=["version"])
        pagecache.changed("drops")
    return changed


def _replace(drop_id: UUID, wanted: Iterable[FixedQuote], now: datetime) -> int:
    """Close what is no longer so, and open what is new; how many in all."""
    open_rows = {
        (row.variant_id, row.territory): row
        for row in FixedQuote.objects.filter(drop_id=drop_id, closed_at__isnull=True)
    }
    kept, fresh = set(), []
    for row in wanted:
        known = open_rows.get((row.variant_id, row.territory))
        if known is not None and _values(known) == _values(row):
            kept.add(known.id)
        else:
            fresh.append(row)
    gone = [row.id for row in open_rows.values() if row.id not in kept]
    FixedQuote.objects.filter(id__in=gone).update(closed_at=now)
    FixedQuote.objects.bulk_create(_decided(drop_id, fresh, now))
    return len(gone) + len(fresh)


def _values(row: FixedQuote) -> list[object]:
    return [getattr(row, name) for name in _VALUES]


@dataclass(frozen=True, slots=True)
class _Rights:
    """Chains by territory for one work, without those that count units."""

    sell: Mapping[str, Chain]
    ship: Mapping[str, Chain]


def _wanted(drop: DropView, now: datetime) -> Iterator[FixedQuote]:
    at = max(now, drop.opens_at)
    seller_id = cleared_seller(drop)
    bits = {code: bit for code, bit in games.territory_bits().items() if drop.sells_in(bit)}
    places = {place.id: place.territory for place in stock.locations(drop.seller_id)}
    known = dict(
        FixedQuote.objects.filter(drop_id=drop.id).values_list("variant_id", "location_id")
    )
    markets = {code: market for code in bits if (market := catalog.market_of(code))}
    for offer in drop.offers:
        cleared = _rights(offer, seller_id, at)
        prices = _prices(offer, seller_id, markets)
        for variant in offer.variants:
            # A variant stays where it is sold from: its holds are there.
            place_id = known.get(variant.id, variant.location_id)
            if place_id is None or place_id not in places:
                continue
            for code, market in markets.items():
                if code not in cleared.sell or code not in cleared.ship:
                    continue
                priced = prices.get((variant.id, market.code))
                row = priced and _quote(drop, variant, priced, code, places[place_id])
                if row:
                    row.location_id = place_id
                    row.cleared_seller_id, row.territory_bit = seller_id, bits[code]
                    row.sell_chain = list(cleared.sell[code])
                    row.ship_chain = list(cleared.ship[code])
                    yield row


def cleared_seller(drop: DropView) -> UUID:
    """Whose rights a sale rests on: a rehearsal rests on those of the drop it rehearses."""
    original = drops.drop_by_id(drop.rehearsal_of) if drop.rehearsal_of else None
    return original.seller_id if original else drop.seller_id


def _rights(offer: OfferView, seller_id: UUID, at: datetime) -> _Rights:
    sell, ship = (
        rights.cleared_chains(
            work_id=offer.work_id, seller_id=seller_id, act=act, outlet=OUTLET, at=at
        )
        for act in (Act.SELL, Act.SHIP)
    )
    counting = rights.counts_units({*sell.values()})
    return _Rights({code: chain for code, chain in sell.items() if chain not in counting}, ship)


def _prices(
    offer: OfferView, seller_id: UUID, markets: Mapping[str, catalog.MarketRow]
) -> dict[tuple[UUID, str], PricedOffer]:
    """What each variant costs in each market: asked for one territory of it."""
    pairs = [(variant.id, seller_id) for variant in offer.variants]
    found = {}
    for code, market in {market.code: code for code, market in markets.items()}.items():
        for (variant_id, _), outcome in catalog.offers_for(pairs, territory=market).items():
            if isinstance(outcome, PricedOffer):
                found[variant_id, code] = outcome
    return found


def _quote(
    drop: DropView, variant: VariantView, priced: PricedOffer, territory: str, origin: str
) -> FixedQuote | None:
    sums = [
        _totals(priced, units, origin, territory) for units in range(1, drop.units_per_buyer + 1)
    ]
    offer = drop.offer_of(variant.id)
    if None in sums or offer is None:
        return None
    return FixedQuote(
        drop_id=drop.id,
        variant_id=variant.id,
        seller_id=drop.seller_id,
        territory=territory,
        work_id=priced.work_id,
        currency=priced.currency,
        unit_price_minor=priced.amount_minor,
        totals_minor=sums,
        tax_included=priced.tax_inclusive,
        titles={language: offer.title(language)[:500] for language in LANGUAGES},
        options=priced.label[:500],
        sku=priced.sku[:120],
        handle=priced.handle,
        picture_key=priced.picture.key if priced.picture else "",
    )


def _totals(priced: PricedOffer, units: int, origin: str, territory: str) -> list[int] | None:
    """Goods, shipping, tax and total in minor units; None where nothing ships in this currency."""
    shipping = parcel_price(
        origin=origin,
        destination=territory,
        weight_grams=priced.weight_grams * units,
        currency=priced.currency,
    )
    if shipping is None:
        return None
    all_in = totals(
        goods=Money(priced.amount_minor * units, priced.currency),
        shipping=shipping,
        tax_basis_points=priced.tax_basis_points,
        tax_included=priced.tax_inclusive,
    )
    return [all_in.goods.minor, all_in.shipping.minor, all_in.tax.minor, all_in.total.minor]


def _decided(drop_id: UUID, rows: list[FixedQuote], now: datetime) -> list[FixedQuote]:
    """The rows with their two recorded decisions; one that the interpreter refuses is left out."""
    drop = drops.drop_by_id(drop_id)
    at = max(now, drop.opens_at) if drop else now
    asked: dict[tuple[UUID, UUID], set[str]] = {}
    for row in rows:
        asked.setdefault((row.work_id, row.cleared_seller_id), set()).add(row.territory)
    decided: dict[tuple[UUID, UUID, Act, str], UUID] = {}
    for (work_id, seller_id), territories in asked.items():
        for act in (Act.SELL, Act.SHIP):
            recorded = rights.record_decisions(
                work_id=work_id,
                seller_id=seller_id,
                act=act,
                outlet=OUTLET,
                territories=sorted(territories),
                at=at,
                now=now,
                evidence={"drop": str(drop_id)},
            )
            for territory, one in recorded.items():
                if isinstance(one.decision, rights.Cleared):
                    decided[work_id, seller_id, act, territory] = one.id
    return [row for row in rows if _rest_on(row, decided, now)]


def _rest_on(
    row: FixedQuote, decided: Mapping[tuple[UUID, UUID, Act, str], UUID], now: datetime
) -> bool:
    sell, ship = (
        decided.get((row.work_id, row.cleared_seller_id, act, row.territory))
        for act in (Act.SELL, Act.SHIP)
    )
    if sell is None or ship is None:
        return False
    row.sell_decision_id, row.ship_decision_id, row.made_at = sell, ship, now
    return True
