"""schema.org in JSON-LD: what machines read of a product, with the regions rights clear it for.

Terms: schema.org Product, Offer, eligibleRegion, ineligibleRegion (ISO 3166-1 alpha-2 codes).
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kotinos.kernel.environment import environment
from kotinos.kernel.money import minor_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kotinos.catalog.contracts import Picture, VariantRow
    from kotinos.kernel.place import Place

_SAFE = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_STOCK = {True: "https://schema.org/OutOfStock", False: "https://schema.org/InStock"}
REGIONS_MAX = 300


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as the plain decimal that feeds want: `1250` EUR is `12.50`."""
    return str(Decimal(minor).scaleb(-minor_digits(currency)))


def product_json_ld(  # noqa: PLR0917 - everything the page knows
    row: dict[str, Any],
    place: Place,
    title: str,
    pictures: Sequence[Picture],
    variants: Sequence[VariantRow],
    cleared: Sequence[str],
) -> str:
    """JSON for a script element; the characters that could end the element are escaped."""
    origin = environment().origin
    page = f"{origin}/{place.slug}/products/{row['handle']}/"
    here = place.territory in cleared
    regions: dict[str, Any] = {"eligibleRegion": sorted(cleared)[:REGIONS_MAX]}
    if not here:
        regions["ineligibleRegion"] = [place.territory]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": page,
        "name": title,
        "url": page,
        "image": [origin + picture.url(960) for picture in pictures],
        "offers": [_offer(variant, page, regions) for variant in variants]
        or [
            {
                "@type": "Offer",
                "url": page,
                "availability": "https://schema.org/OutOfStock",
                **regions,
            }
        ],
    }
    if variants and variants[0].gtin:
        data["gtin"] = variants[0].gtin
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char, escape in _SAFE.items():
        text = text.replace(char, escape)
    return text


def _offer(variant: VariantRow, page: str, regions: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "sku": variant.sku,
        "url": page,
        "price": decimal_text(variant.price.amount_minor, variant.price.currency),
        "priceCurrency": variant.price.currency,
        "availability": _STOCK[variant.sold_out],
        "seller": {"@type": "Organization", "name": variant.seller.name},
        **regions,
    }
