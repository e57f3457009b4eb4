"""Offers for basket and checkout: what one seller asks for one variant in one territory."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.catalog.contracts import MarketRow, NotOffered, OfferOutcome, PricedOffer
from kotinos.catalog.decide import ListedPrice, price_here
from kotinos.catalog.models import MarketExclusion, Offer, Price, ProductImage, ProductText
from kotinos.catalog.queries.markets import market_of
from kotinos.catalog.rows import picture

if TYPE_CHECKING:
    from collections.abc import Sequence

Pair = tuple[UUID, UUID]  # variant, seller


def offer_for(
    *, variant_id: UUID, seller_id: UUID, territory: str, language: str = "en"
) -> OfferOutcome:
    """The explicit price here, or why there is none. Rights and stock are asked separately."""
    pair = (variant_id, seller_id)
    return offers_for([pair], territory=territory, language=language)[pair]


def offers_for(
    pairs: Sequence[Pair], *, territory: str, language: str = "en"
) -> dict[Pair, OfferOutcome]:
    """Every (variant, seller) with its offer or the reason why there is none; six statements."""
    market = market_of(territory, language)
    found = {
        (offer.variant_id, offer.seller_id): offer
        for offer in Offer.objects.filter(
            variant_id__in={variant for variant, _ in pairs},
            seller_id__in={seller for _, seller in pairs},
        ).select_related("variant__product")
    }
    books = _books({offer.variant.product_id for offer in found.values()}, language)
    return {pair: _outcome(pair, found.get(pair), market, books) for pair in pairs}


@dataclass(frozen=True, slots=True)
class _Books:
    """Everything the offers of some products need, read once."""

    prices: dict[tuple[UUID, UUID], list[tuple[UUID, ListedPrice]]]
    closed: set[tuple[UUID, UUID, int]]
    titles: dict[UUID, dict[str, str]]
    images: dict[UUID, tuple[str, str]]
    language: str


def _books(products: set[UUID], language: str) -> _Books:
    prices: dict[tuple[UUID, UUID], list[tuple[UUID, ListedPrice]]] = defaultdict(list)
    rows = Price.objects.filter(offer__variant__product_id__in=products, offer__is_active=True)
    for product, seller, offer, market, amount, currency, compare in rows.values_list(
        "offer__variant__product_id",
        "offer__seller_id",
        "offer_id",
        "market_id",
        "amount_minor",
        "currency",
        "compare_at_minor",
    ):
        prices[product, seller].append((offer, ListedPrice(market, amount, currency, compare)))
    closed = MarketExclusion.objects.filter(product_id__in=products).values_list(
        "product_id", "seller_id", "market_id"
    )
    titles: dict[UUID, dict[str, str]] = defaultdict(dict)
    for product, code, title in ProductText.objects.filter(product_id__in=products).values_list(
        "product_id", "language", "title"
    ):
        titles[product][code] = title
    images = {
        product: (key, alt)
        for product, key, alt in ProductImage.objects.filter(product_id__in=products)
        .order_by("-position")
        .values_list("product_id", "key", "alt")
    }
    return _Books(prices, set(closed), titles, images, language)


def _outcome(
    pair: Pair, offer: Offer | None, market: MarketRow | None, books: _Books
) -> OfferOutcome:
    if offer is None:
        return NotOffered(pair[0], "unknown-variant")
    if not (offer.is_active and offer.variant.product.is_active):
        return NotOffered(pair[0], "inactive")
    price = _price(offer, market, books) if market else None
    if market is None or price is None:
        return NotOffered(pair[0], "no-price")
    return _priced(offer, price, market, books)


def _price(offer: Offer, market: MarketRow, books: _Books) -> ListedPrice | None:
    product = offer.variant.product_id
    if (product, offer.seller_id, market.id) in books.closed:
        return None
    listed = books.prices.get((product, offer.seller_id), [])
    return price_here(
        [price for owner, price in listed if owner == offer.id],
        product_prices=[price for _, price in listed],
        market_id=market.id,
    )


def _priced(offer: Offer, price: ListedPrice, market: MarketRow, books: _Books) -> PricedOffer:
    variant, product = offer.variant, offer.variant.product
    titles = books.titles.get(product.id, {})
    title = titles.get(books.language) or titles.get("en") or product.handle
    key, alt = books.images.get(product.id, (None, None))
    return PricedOffer(
        variant_id=variant.id,
        product_id=product.id,
        work_id=product.work_id,
        seller_id=offer.seller_id,
        handle=product.handle,
        title=title,
        label=" / ".join(value for _, value in variant.options),
        sku=variant.sku,
        amount_minor=price.amount_minor,
        currency=price.currency,
        tax_inclusive=market.tax_inclusive,
        tax_basis_points=market.tax_basis_points,
        weight_grams=variant.weight_grams,
        picture=picture(key, alt, title),
    )
