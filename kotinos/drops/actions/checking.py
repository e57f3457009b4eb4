"""What stands in the way of a drop: its form first, then the world it would be held in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.drops import models, statements
from kotinos.drops.terms import Problem
from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.statements import FoundProduct
    from kotinos.drops.terms import DropTerms

SLUG = re.compile(r"[a-z][a-z0-9-]{0,79}")
RESERVED = frozenset({"new", "beside", "search"})  # Pages of the office stand there.
NAME_LENGTH_MAX = 80
TEXT_LENGTH_MAX = 2000
DROP_DAYS_MAX = 90
OFFERS_MAX = 20
HOLD_SECONDS = (30, 3600)
SELL = rights.use_bit(rights.Act.SELL, rights.Outlet.OWN_SHOP)
SHIP = rights.use_bit(rights.Act.SHIP, rights.Outlet.OWN_SHOP)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a drop's terms name: seller, territories, products; problems with the naming."""

    seller_id: UUID | None
    mask: int
    products: tuple[FoundProduct, ...]
    problems: tuple[Problem, ...]


def ground(terms: DropTerms, *, but: UUID | None, now: datetime) -> Ground:
    """Find what the terms name. `but` is the drop itself, where it exists."""
    seller = games.organisation(terms.seller)
    seller_id = seller.id if seller else None
    mask, problems = 0, [*_form(terms, now), *_slug(terms, but)]
    if seller is None:
        problems.append(Problem("seller", "seller", repr(terms.seller)))
    try:
        mask = games.atlas().mask(terms.territory, terms.opens_at)
    except games.TerritoryTextError as error:
        problems.append(Problem("territory", "territory", str(error)))
    else:
        problems += [] if mask else [Problem("territory", "nowhere")]
    found = find_products(terms.products, seller_id) if seller_id else ()
    problems += _naming(terms, found) if seller_id else []
    return Ground(seller_id, mask, found, tuple(problems))


def find_products(handles: tuple[str, ...], seller_id: UUID) -> tuple[FoundProduct, ...]:
    """Those of these products that exist, in the order they were named."""
    wanted = list(dict.fromkeys(handles))
    return tuple(rich.run(statements.find_products, handles=wanted, seller=seller_id))


def _form(terms: DropTerms, now: datetime) -> Iterator[Problem]:
    name = terms.names.get("en", "").strip()
    if not name or any(len(text) > NAME_LENGTH_MAX for text in terms.names.values()):
        yield Problem("names", "name")
    for language, text in terms.texts.items():
        if len(text) > TEXT_LENGTH_MAX:
            yield Problem("texts", "text-long", language)
    yield from _dates(terms, now)
    if not 1 <= terms.units_per_buyer <= models.UNITS_PER_BUYER_MAX:
        yield Problem("units_per_buyer", "limit")
    if not HOLD_SECONDS[0] <= terms.hold_seconds <= HOLD_SECONDS[1]:
        yield Problem("hold_seconds", "hold")


def _dates(terms: DropTerms, now: datetime) -> Iterator[Problem]:
    if terms.closes_at <= terms.opens_at:
        yield Problem("closes_at", "order")
    elif terms.closes_at <= now:
        yield Problem("closes_at", "past")
    if terms.closes_at - terms.opens_at > timedelta(days=DROP_DAYS_MAX):
        yield Problem("closes_at", "long")


def _slug(terms: DropTerms, but: UUID | None) -> Iterator[Problem]:
    if not SLUG.fullmatch(terms.slug) or terms.slug in RESERVED:
        yield Problem("slug", "slug")
        return
    others = models.Drop.objects.filter(slug=terms.slug).values_list("id", flat=True)
    if set(others) - {but}:
        yield Problem("slug", "slug-taken", terms.slug)


def _naming(terms: DropTerms, found: tuple[FoundProduct, ...]) -> Iterator[Problem]:
    if not terms.products:
        yield Problem("products", "no-offers")
    if len(terms.products) > OFFERS_MAX:
        yield Problem("products", "many-offers")
    counts = Counter(terms.products)
    yield from (Problem("products", "twice", each) for each in counts if counts[each] > 1)
    known = {product.handle for product in found}
    for handle in counts.keys() - known:
        yield Problem("products", "unknown-product", repr(handle[:80]))
    for product in found:
        if not product.offered:
            yield Problem("products", "not-offered", product.handle)


def cleared_mask(work_id: UUID, seller_id: UUID, at: datetime) -> int:
    """Where a seller may both sell and ship a work in its own shop at a moment."""
    mask = -1
    for act in (rights.Act.SELL, rights.Act.SHIP):
        mask &= rights.cleared_mask(
            work_id=work_id, act=act, outlet=rights.Outlet.OWN_SHOP, at=at, seller_id=seller_id
        )
    return mask


def obstacles(terms: DropTerms, found: Ground, *, but: UUID | None) -> list[Problem]:
    """What keeps a well-formed drop from being published: stock, rights, quotas, other drops."""
    assert found.seller_id is not None, terms
    problems = []
    for product in found.products:
        if product.units_free <= 0:
            problems.append(Problem("products", "no-stock", product.handle))
        cleared = cleared_mask(product.work_id, found.seller_id, terms.opens_at)
        if not cleared & found.mask:
            problems.append(Problem("products", "not-cleared", product.handle))
    return [*problems, *_quotas(terms, found), *_overlaps(terms, found, but)]


def _quotas(terms: DropTerms, found: Ground) -> Iterator[Problem]:
    handles = {product.work_id: product.handle for product in found.products}
    rows = rich.run(
        statements.limited_grants,
        works=list(handles),
        seller=found.seller_id,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        sell=SELL,
        ship=SHIP,
    )
    for work_id, number in rows:
        detail = f"{handles[work_id]} rests on the grant {number}, which has a quota"
        yield Problem("products", "quota", detail)


def _overlaps(terms: DropTerms, found: Ground, but: UUID | None) -> Iterator[Problem]:
    handles = {product.product_id: product.handle for product in found.products}
    rows = rich.run(
        statements.overlapping_drops,
        products=list(handles),
        but=but,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
    )
    for product_id, slug in rows:
        yield Problem("products", "overlap", f"{handles[product_id]} is in the drop {slug} then")
