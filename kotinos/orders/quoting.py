"""A basket priced and cleared for one place at one moment, and what differs from what was seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kotinos.kernel.money import Money
from kotinos.orders.contracts import Change
from kotinos.orders.decide import Totals, totals
from kotinos.orders.models import Basket, BasketLine
from kotinos.orders.offers import Checked, Problem, Wanted, check
from kotinos.orders.shipping import parcel_price
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.catalog.contracts import PricedOffer
    from kotinos.kernel.place import Place


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line of the basket. `seen` is the price that stood there when it was put in."""

    line_id: UUID
    position: int
    wanted: Wanted
    seen: Money
    offer: PricedOffer | None
    problem: Problem | None
    via: str = ""

    @property
    def unit_price(self) -> Money | None:
        """What one unit costs here; None where the line cannot be bought."""
        if self.offer is None or self.problem is not None:
            return None
        return Money(self.offer.amount_minor, self.offer.currency)

    @property
    def title(self) -> str:
        return self.offer.title if self.offer else ""


@dataclass(frozen=True, slots=True)
class Quote:
    """All lines, and the totals of those that can be bought (None where none can)."""

    basket_territory: str
    lines: tuple[QuoteLine, ...]
    totals: Totals | None
    weight_grams: int

    @property
    def sound(self) -> tuple[QuoteLine, ...]:
        """The lines that can be bought."""
        return tuple(line for line in self.lines if line.unit_price is not None)

    @property
    def is_whole(self) -> bool:
        """Whether there is something to buy and nothing in the way."""
        return bool(self.lines) and len(self.sound) == len(self.lines)


def quote(basket_id: UUID | None, *, place: Place, now: datetime, with_stock: bool = True) -> Quote:
    """The basket as this place sees it now; an empty quote where there is no basket."""
    basket = Basket.objects.filter(id=basket_id).first() if basket_id else None
    if basket is None:
        return Quote(place.territory, (), None, 0)
    rows = list(BasketLine.objects.filter(basket=basket).order_by("position"))
    wanted = [Wanted(row.variant_id, row.seller_id, row.units) for row in rows]
    checked = check(wanted, place=place, now=now, with_stock=with_stock)
    lines = _one_currency([_line(row, one) for row, one in zip(rows, checked, strict=True)])
    return _with_shipping(basket.territory, lines, place.territory)


def _line(row: BasketLine, one: Checked) -> QuoteLine:
    return QuoteLine(
        line_id=row.id,
        position=row.position,
        wanted=one.wanted,
        seen=Money(row.price_minor, row.currency),
        offer=one.offer,
        problem=one.problem,
        via=row.via,
    )


def _one_currency(lines: list[QuoteLine]) -> list[QuoteLine]:
    """Lines in another currency than most cannot be added to them: they are said to be so."""
    currencies = Counter(price.currency for line in lines if (price := line.unit_price))
    if len(currencies) < 2:  # noqa: PLR2004 - one currency is no conflict
        return lines
    chosen, _ = currencies.most_common(1)[0]
    return [
        replace(line, problem=Problem("other-currency"))
        if line.unit_price is not None and line.unit_price.currency != chosen
        else line
        for line in lines
    ]


def _with_shipping(basket_territory: str, lines: list[QuoteLine], territory: str) -> Quote:
    parcels = _parcels(lines)
    prices = {
        seller_id: _parcel(seller_id, grams, currency, territory)
        for seller_id, (grams, currency) in parcels.items()
    }
    lines = [
        replace(line, problem=Problem("no-shipping"))
        if line.unit_price is not None and prices[line.wanted.seller_id] is None
        else line
        for line in lines
    ]
    shipping = [price for price in prices.values() if price is not None]
    weight_grams = sum(grams for grams, _ in parcels.values())
    return Quote(basket_territory, tuple(lines), _totals(lines, shipping), weight_grams)


def _parcels(lines: Iterable[QuoteLine]) -> dict[UUID, tuple[int, str]]:
    """Grams and currency of each seller's parcel."""
    grams: dict[UUID, int] = defaultdict(int)
    currency = ""
    for line in lines:
        if line.offer is not None and line.unit_price is not None:
            grams[line.wanted.seller_id] += line.offer.weight_grams * line.wanted.units
            currency = line.unit_price.currency
    return {seller_id: (weight, currency) for seller_id, weight in grams.items()}


def _parcel(seller_id: UUID, grams: int, currency: str, territory: str) -> Money | None:
    """Priced from the seller's first location: a parcel split in two costs the buyer no more."""
    origins = stock.locations(seller_id)
    if not origins:
        return None
    return parcel_price(
        origin=origins[0].territory,
        destination=territory,
        weight_grams=grams,
        currency=currency,
    )


def _totals(lines: Iterable[QuoteLine], shipping: list[Money]) -> Totals | None:
    sound = [(line.offer, line.wanted.units) for line in lines if line.unit_price is not None]
    offers = [(offer, units) for offer, units in sound if offer is not None]
    if not offers:
        return None
    first = offers[0][0]
    goods_minor = sum(offer.amount_minor * units for offer, units in offers)
    return totals(
        goods=Money(goods_minor, first.currency),
        shipping=Money(sum(price.minor for price in shipping), first.currency),
        tax_basis_points=first.tax_basis_points,
        tax_included=first.tax_inclusive,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What the buyer had before their eyes: unit prices by line position, total, and for where."""

    territory: str
    prices_minor: Mapping[int, int]
    total: Money


def differences(quoted: Quote, *, seen: Seen, territory: str) -> tuple[Change, ...]:
    """What the buyer must be told before this can be ordered; empty where nothing changed."""
    if not quoted.lines:
        return (Change("empty"),)
    changes = [change for line in quoted.lines if (change := _difference(line, seen, territory))]
    total = quoted.totals.total if quoted.totals else None
    is_unseen = seen.territory != territory or total != seen.total
    if not changes and total is not None and is_unseen:
        changes.append(Change("total", before=seen.total, after=total))
    return tuple(changes)


def _difference(line: QuoteLine, seen: Seen, territory: str) -> Change | None:
    price = line.unit_price
    if price is None:
        code = line.problem.code if line.problem else "withdrawn"
        kind = "rights" if line.problem and line.problem.refused else code
        units = line.problem.units_left if line.problem else 0
        handle = line.offer.handle if line.offer else ""
        return Change(kind, title=line.title, handle=handle, units=units)
    if seen.territory != territory:
        return None
    seen_minor = seen.prices_minor.get(line.position)
    if seen_minor is None:
        return Change("stale")
    if seen_minor != price.minor:
        before = Money(seen_minor, price.currency)
        return Change("price", title=line.title, before=before, after=price)
    return None
