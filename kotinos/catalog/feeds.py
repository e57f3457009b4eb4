"""Feeds for machines: sitemaps (sitemaps.org 0.9) and the Google Merchant feed (RSS 2.0).

A feed of a place holds what is cleared there, as the lists do: the same statement makes both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from kotinos.catalog.contracts import Filters, Sort
from kotinos.catalog.jsonld import decimal_text
from kotinos.catalog.queries.lists import Ask, pick_cards
from kotinos.catalog.queries.markets import market_territories
from kotinos.kernel.environment import environment
from kotinos.kernel.languages import LANGUAGES
from kotinos.kernel.place import Place

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.catalog.contracts import Card

PART_ITEMS = 1_000
_SITEMAPS = ("sitemap.xml", "channel/sitemap.xml")  # the second one is the channel's
SITEMAP_ITEMS_MAX = 10_000  # The protocol allows 50,000 addresses in a file.
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _cards(place: Place, *, size: int, part: int, now: datetime) -> tuple[Card, ...]:
    filters = Filters(sort=Sort.NEWEST, page=max(1, part))
    return pick_cards(place, Ask(filters, size=size), now=now)


def sitemap(place: Place, *, now: datetime) -> str:
    """Addresses of the products cleared in a place."""
    origin = environment().origin
    cards = _cards(place, size=SITEMAP_ITEMS_MAX, part=1, now=now)
    urls = "".join(f"<url><loc>{escape(origin + card.url)}</loc></url>" for card in cards)
    return f'{_HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def sitemap_index() -> str:
    """The sitemaps of every language and territory that belongs to a market: goods and videos."""
    origin = environment().origin
    places = (
        Place(language, territory) for territory in market_territories() for language in LANGUAGES
    )
    maps = "".join(
        f"<sitemap><loc>{escape(f'{origin}/{place.slug}/{name}')}</loc></sitemap>"
        for place in places
        for name in _SITEMAPS
    )
    return (
        f'{_HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}'
        "</sitemapindex>"
    )


def merchant_feed(place: Place, *, part: int, now: datetime) -> str:
    """Items for Google Merchant Center: id, title, link, image, price, availability, brand."""
    origin = environment().origin
    items = "".join(
        _item(card, origin) for card in _cards(place, size=PART_ITEMS, part=part, now=now)
    )
    return (
        f'{_HEAD}<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"<title>Kotinos {escape(place.territory)}</title>"
        f"<link>{escape(f'{origin}/{place.slug}/')}</link><description/>{items}</channel></rss>"
    )


def _item(card: Card, origin: str) -> str:
    fields = {
        "g:id": str(card.product_id),
        "title": card.title,
        "link": origin + card.url,
        "g:price": f"{decimal_text(card.price.amount_minor, card.price.currency)}"
        f" {card.price.currency}",
        "g:availability": "out_of_stock" if card.sold_out else "in_stock",
        "g:condition": "new",
        "g:brand": card.seller.name,
    }
    if card.picture:
        fields["g:image_link"] = origin + card.picture.url(960)
    body = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
    return f"<item>{body}</item>"
