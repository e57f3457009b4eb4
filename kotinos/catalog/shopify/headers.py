"""Column names of both generations, mapped to ours.

The older generation begins with `Handle`, the newer with `URL handle`. Columns about markets and
our own optional columns have the same form in both. A name we do not know is listed, not refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_OLD = {
    "Handle": "handle",
    "Title": "title",
    "Body (HTML)": "body",
    "Vendor": "vendor",
    "Type": "kind",
    "Tags": "tags",
    "Published": "published",
    "Option1 Name": "option1_name",
    "Option1 Value": "option1_value",
    "Option2 Name": "option2_name",
    "Option2 Value": "option2_value",
    "Option3 Name": "option3_name",
    "Option3 Value": "option3_value",
    "Variant SKU": "sku",
    "Variant Grams": "grams",
    "Variant Inventory Qty": "units",
    "Variant Price": "price",
    "Variant Compare At Price": "compare_at",
    "Variant Barcode": "barcode",
    "Image Src": "image",
    "Image Position": "image_position",
    "Image Alt Text": "image_alt",
    "Status": "status",
}
_NEW = {
    "URL handle": "handle",
    "Title": "title",
    "Description": "body",
    "Vendor": "vendor",
    "Type": "kind",
    "Tags": "tags",
    "Published on online store": "published",
    "Status": "status",
    "SKU": "sku",
    "Barcode": "barcode",
    "Option1 name": "option1_name",
    "Option1 value": "option1_value",
    "Option2 name": "option2_name",
    "Option2 value": "option2_value",
    "Option3 name": "option3_name",
    "Option3 value": "option3_value",
    "Price": "price",
    "Compare-at price": "compare_at",
    "Inventory quantity": "units",
    "Weight value (grams)": "grams",
    "Product image URL": "image",
    "Image position": "image_position",
    "Image alt text": "image_alt",
}
_OURS = {
    "Properties (kotinos)": "properties",
    "Team (kotinos)": "team",
    "Sport (kotinos)": "sport",
    "Collection (kotinos)": "collection",
    "Edition (kotinos)": "edition",
}
# Columns of real exports that mean nothing to us: named here so that a report stays short.
_IGNORED = re.compile(
    r"^(Product Category|Product category|Gift Card|Gift card|SEO .*|Google Shopping .*|"
    r"Cost per item|"
    r"Variant (Inventory (Tracker|Policy)|Fulfillment Service|Requires Shipping|Taxable|Image|"
    r"Weight Unit|Tax Code)|Option[123] Linked To|Option[123] linked to|Charge tax|Tax code|"
    r"Unit price .*|Inventory tracker|Continue selling when out of stock|Weight unit for display|"
    r"Requires shipping|Fulfillment service|Variant image URL|.*\(product\.metafields\..*\)|"
    r"Color \(product.*|International .*|Price / International|Collection)$"
)
_MARKET = re.compile(r"^(Included|Price|Compare At Price|Compare-at price) / (.+)$", re.IGNORECASE)
_TEXT = re.compile(r"^(Title|Description) / (en|fr|zh-hans|ar)$", re.IGNORECASE)
_REQUIRED = ("handle", "title")


@dataclass(frozen=True, slots=True)
class Header:
    """Which cell means what. `markets` maps (what, market name) to a column, `texts` likewise."""

    generation: str
    fields: dict[str, int]
    markets: dict[tuple[str, str], int] = field(default_factory=dict)
    texts: dict[tuple[str, str], int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotAProductFile:
    """The first row names neither generation: `missing` are the columns looked for."""

    missing: tuple[str, ...]


def read_header(cells: list[str]) -> Header | NotAProductFile:
    """Recognise the generation; names are compared without regard to case and outer spaces."""
    names = [cell.strip().lstrip("\ufeff") for cell in cells]
    lower = {name.lower() for name in names}
    generation = "new" if "url handle" in lower else "old"
    known = {name.lower(): value for name, value in (_NEW if generation == "new" else _OLD).items()}
    other = {name.lower(): value for name, value in (_OLD if generation == "new" else _NEW).items()}
    known = other | known | {name.lower(): value for name, value in _OURS.items()}
    header = _collect(generation, names, known)
    missing = tuple(name for name in _REQUIRED if name not in header.fields)
    return NotAProductFile(missing) if missing else header


def _collect(generation: str, names: list[str], known: dict[str, str]) -> Header:
    fields: dict[str, int] = {}
    markets: dict[tuple[str, str], int] = {}
    texts: dict[tuple[str, str], int] = {}
    unknown: list[str] = []
    doubled: list[str] = []
    for column, name in enumerate(names):
        meaning = known.get(name.lower())
        if meaning is not None:
            if meaning in fields:
                doubled.append(name)
            fields.setdefault(meaning, column)
        elif match := _TEXT.match(name):
            texts[match[1].lower(), match[2].lower()] = column
        elif (match := _MARKET.match(name)) and match[2].lower() != "international":
            markets[_market_word(match[1]), match[2].strip()] = column
        elif name and not _IGNORED.match(name):
            unknown.append(name)
    return Header(generation, fields, markets, texts, tuple(unknown), tuple(doubled))


def _market_word(text: str) -> str:
    return {"included": "included", "price": "price"}.get(text.lower(), "compare_at")
