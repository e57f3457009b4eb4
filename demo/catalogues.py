"""Write a seller's range as a Shopify product file, in either generation of its columns."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.goods import EDITION, Item, pick, rows
from demo.titles import descriptions, titles
from demo.words import KINDS, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_OLD = {
    "handle": "Handle", "title": "Title", "body": "Body (HTML)", "vendor": "Vendor",
    "type": "Type", "tags": "Tags", "published": "Published", "option": "Option1 Name",
    "value": "Option1 Value", "sku": "Variant SKU", "grams": "Variant Grams",
    "units": "Variant Inventory Qty", "price": "Variant Price",
    "compare": "Variant Compare At Price", "gtin": "Variant Barcode", "image": "Image Src",
    "position": "Image Position", "alt": "Image Alt Text", "status": "Status",
}  # fmt: skip
_NEW = {
    "handle": "URL handle", "title": "Title", "body": "Description", "vendor": "Vendor",
    "type": "Type", "tags": "Tags", "published": "Published on online store",
    "option": "Option1 name", "value": "Option1 value", "sku": "SKU",
    "grams": "Weight value (grams)", "units": "Inventory quantity", "price": "Price",
    "compare": "Compare-at price", "gtin": "Barcode", "image": "Product image URL",
    "position": "Image position", "alt": "Image alt text", "status": "Status",
}  # fmt: skip
_RESTRICTED_CIRCULATION = "2"
"""GS1 prefixes 200 to 299 are for use inside a company: they can meet no real product's GTIN."""
_WHOLE = {"JPY", "KRW"}
_SMALL, _BIG = 100, 1000
_ROUND_TO = ((20_000, 1000), (2_000, 100), (200, 10), (0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A price list: its name in the column, what an euro is in its currency."""

    name: str
    currency: str
    rate: float


def markets() -> list[Market]:
    """Read the demo's markets; the last one is the rest of the world."""
    return [
        Market(name=row["name"], currency=row["currency"], rate=float(row["rate"]))
        for row in rows("markets")
    ]


def write(path: Path, items: Sequence[Item], *, newer: bool, seller_number: int) -> int:
    """Write the file; returns the number of variants."""
    names = _NEW if newer else _OLD
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=_columns(names), restval="")
        writer.writeheader()
        for item in items:
            for row in _rows(item, names, first=written, seller_number=seller_number):
                writer.writerow(row)
                written += 1
    return written


def _columns(names: dict[str, str]) -> list[str]:
    ours = ["Properties", "Team", "Sport", "Collection", "Edition"]
    texts = [f"{what} / {language}" for language in LANGUAGES for what in ("Title", "Description")]
    prices = [f"Price / {market.name}" for market in markets()]
    return [*names.values(), *(f"{name} (kotinos)" for name in ours), *texts, *prices]


def _rows(
    item: Item, names: dict[str, str], *, first: int, seller_number: int
) -> Iterable[dict[str, str]]:
    kind = KINDS[item.kind]
    for index, value in enumerate(kind.sizes or ("Default Title",)):
        row = _product_cells(item, names) if index == 0 else {names["handle"]: item.handle}
        extra = 1500 if value == "Framed" else 0
        price = kind.price_eur_minor + extra
        row |= {
            names["option"]: kind.size_option if kind.sizes else "Title",
            names["value"]: value,
            names["sku"]: _sku(item, value),
            names["grams"]: str(kind.weight_grams + (900 if extra else 0)),
            names["units"]: str(_units(item, value)),
            names["price"]: f"{price * 1.1 / 100:.2f}",
            names["gtin"]: gtin(seller_number, first + index),
        }
        row |= {f"Price / {market.name}": price_text(price, market) for market in markets()}
        yield row


def _product_cells(item: Item, names: dict[str, str]) -> dict[str, str]:
    title, body = titles(item), descriptions(item)
    cells = {
        names["handle"]: item.handle,
        names["title"]: title["en"],
        names["body"]: body["en"],
        names["vendor"]: item.seller,
        names["type"]: item.kind,
        names["published"]: "TRUE",
        names["status"]: "active",
        names["image"]: str(item.spec),
        names["position"]: "1",
        names["alt"]: title["en"],
        "Properties (kotinos)": ", ".join(item.properties),
        "Team (kotinos)": item.team,
        "Sport (kotinos)": item.sport,
        "Collection (kotinos)": item.collection,
        "Edition (kotinos)": EDITION,
    }
    for language in LANGUAGES:
        cells[f"Title / {language}"] = title[language]
        cells[f"Description / {language}"] = body[language]
    return cells


def _sku(item: Item, value: str) -> str:
    size = "" if value == "Default Title" else f"-{value.upper()}"
    return f"{item.handle.upper()}{size}"


def _units(item: Item, value: str) -> int:
    """Units at the start: pins are plenty, one size in seventeen is sold out."""
    key = f"{item.handle} {value}"
    if pick(f"gone {key}", 17) == 0:
        return 0
    return 15 + pick(f"units {key}", 400 if item.kind == "pin" else 120)


def gtin(seller_number: int, number: int) -> str:
    """Return a valid GTIN-13 of the restricted range; the check digit is GS1's."""
    body = f"{_RESTRICTED_CIRCULATION}{seller_number:04d}{number:07d}"
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return body + str(-total % 10)


def price_text(eur_minor: int, market: Market) -> str:
    """Return the list price in the market's currency, rounded as a shop there would."""
    amount = eur_minor / 100 * market.rate
    if amount < _BIG and market.currency not in _WHOLE:
        return f"{max(round(amount), 1) - 0.1:.2f}" if amount < _SMALL else f"{round(amount):.2f}"
    step = next(step for least, step in _ROUND_TO if amount >= least)
    whole = round(amount / step) * step
    return str(whole) if market.currency in _WHOLE else f"{whole}.00"
