"""A raw product held against what this installation knows: ready to be written, or remarks.

Pure: markets, teams, editions come in as values. A remark says what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stdnum import ean
from stdnum.exceptions import ValidationError

from kotinos.catalog.decide import slug
from kotinos.catalog.shopify.products import IMAGES_MAX, OPTIONS_MAX, SKU_MAX
from kotinos.kernel.money import money_from_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.catalog.shopify.products import RawImage, RawProduct, RawVariant

UNITS_MAX = 1_000_000
GRAMS_MAX = 1_000_000
PRICE_MINOR_MAX = 10**12
_YES, _NO = {"true", "yes", "1"}, {"false", "no", "0"}


@dataclass(frozen=True, slots=True)
class KnownMarket:
    id: int
    currency: str


@dataclass(frozen=True, slots=True)
class World:
    """What a file may refer to. `markets` by lower-case code and English name."""

    currency: str
    markets: Mapping[str, KnownMarket]
    teams: frozenset[str]
    editions: frozenset[str]
    properties: tuple[str, ...] = ()  # For products whose row names none.


@dataclass(frozen=True, slots=True)
class ReadyPrice:
    market_id: int | None
    amount_minor: int
    currency: str
    compare_at_minor: int | None


@dataclass(frozen=True, slots=True)
class ReadyVariant:
    row: int
    sku: str
    gtin: str
    options: tuple[tuple[str, str], ...]
    grams: int
    units: int | None  # None: the file says nothing about stock.
    prices: tuple[ReadyPrice, ...]


@dataclass(frozen=True, slots=True)
class ReadyImage:
    row: int
    position: int
    source: str
    alt: str


@dataclass(frozen=True, slots=True)
class ReadyProduct:
    """Everything of a product that will be written. Texts always hold English."""

    row: int
    handle: str
    kind: str
    sport: str
    collection: str
    team: str
    edition: str
    is_active: bool
    properties: tuple[str, ...]
    texts: tuple[tuple[str, str, str], ...]
    variants: tuple[ReadyVariant, ...]
    images: tuple[ReadyImage, ...]
    closed_markets: tuple[int, ...]


def judge(raw: RawProduct, world: World) -> ReadyProduct | None:
    """The product ready to write, or None when `raw.notes` holds an error."""
    properties = raw.properties or world.properties
    if not properties:
        raw.error(
            raw.row,
            "Properties (kotinos)",
            "the product names no property, so nobody could clear it",
            "add the column, or give the properties of the whole file with --properties",
        )
    _known(raw, "Team (kotinos)", raw.team, world.teams)
    _known(raw, "Edition (kotinos)", raw.edition, world.editions)
    variants = _variants(raw, world)
    images = _images(raw)
    closed = _closed_markets(raw, world)
    if raw.is_broken:
        return None
    texts = {"en": (raw.title, raw.body_html)} | raw.texts
    return ReadyProduct(
        row=raw.row,
        handle=raw.handle,
        kind=raw.kind or "Other",
        sport=raw.sport,
        collection=raw.collection,
        team=raw.team,
        edition=raw.edition,
        is_active=_is_active(raw),
        properties=properties,
        texts=tuple((code, title, body) for code, (title, body) in sorted(texts.items())),
        variants=variants,
        images=images,
        closed_markets=closed,
    )


def _known(raw: RawProduct, column: str, value: str, known: frozenset[str]) -> None:
    if value and value not in known:
        near = get_close_matches(value, known, n=1)
        raw.error(raw.row, column, f"{value[:20]!r} is not known", f"{near[0]}?" if near else "")


def _is_active(raw: RawProduct) -> bool:
    if raw.status not in {"", "active", "draft", "archived", "unlisted"}:
        raw.warn(raw.row, "Status", f"{raw.status[:20]!r} is not known", "taken as draft")
        return False
    if raw.published and raw.published not in _YES | _NO:
        raw.warn(raw.row, "Published", f"{raw.published[:20]!r} is neither true nor false")
    return raw.status in {"", "active"} and raw.published not in _NO


def _variants(raw: RawProduct, world: World) -> tuple[ReadyVariant, ...]:
    made: dict[str, ReadyVariant] = {}
    for raw_variant in raw.variants:
        variant = _variant(raw, raw_variant, world)
        if variant is None:
            continue
        if variant.sku in made:
            raw.error(
                variant.row,
                "Variant SKU",
                f"{variant.sku[:40]!r} stands twice in this product",
                "give every variant its own SKU",
            )
        made[variant.sku] = variant
    return tuple(made.values())


def _variant(raw: RawProduct, variant: RawVariant, world: World) -> ReadyVariant | None:
    sku = variant.sku or _made_sku(raw, variant)
    if len(sku) > SKU_MAX:
        raw.error(variant.row, "Variant SKU", f"longer than {SKU_MAX} characters")
        return None
    return ReadyVariant(
        row=variant.row,
        sku=sku,
        gtin=_gtin(raw, variant),
        options=variant.options[:OPTIONS_MAX],
        grams=_whole(raw, variant.row, "Variant Grams", variant.grams, GRAMS_MAX) or 0,
        units=_whole(raw, variant.row, "Variant Inventory Qty", variant.units, UNITS_MAX),
        prices=_prices(raw, variant, world),
    )


def _made_sku(raw: RawProduct, variant: RawVariant) -> str:
    ending = "-".join(slug(value) for _, value in variant.options)
    sku = f"{raw.handle}-{ending}".strip("-")[:SKU_MAX]
    raw.warn(variant.row, "Variant SKU", "empty", f"taken as {sku}")
    return sku


def _gtin(raw: RawProduct, variant: RawVariant) -> str:
    """GTIN-8, -12, -13 or -14 with a right check digit (GS1 General Specifications 7.9)."""
    if not variant.barcode:
        return ""
    try:
        return str(ean.validate(variant.barcode))
    except ValidationError as error:
        digits = ean.compact(variant.barcode)
        hint = ""
        if digits.isdecimal() and digits.isascii() and len(digits) in {8, 12, 13, 14}:
            hint = f"the check digit of {digits} would be {ean.calc_check_digit(digits[:-1])}"
        raw.warn(variant.row, "Variant Barcode", f"no GTIN ({error}); left out", hint)
        return ""


def _whole(raw: RawProduct, row: int, column: str, text: str, limit: int) -> int | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not number.is_integer():
        raw.warn(row, column, f"{text[:20]!r} is no whole number; left out")
        return None
    if number < 0:
        raw.warn(row, column, f"{text[:20]} is below zero", "taken as 0")
        return 0
    if number > limit:
        raw.warn(row, column, f"{text[:20]} is above {limit}; left out")
        return None
    return int(number)


def _prices(raw: RawProduct, variant: RawVariant, world: World) -> tuple[ReadyPrice, ...]:
    prices: list[ReadyPrice] = []
    if variant.price:
        listed = (variant.price, variant.compare_at)
        price = _price(raw, variant.row, "Variant Price", listed, None, world.currency)
        prices += [price] if price else []
    for name, listed in variant.market_prices.items():
        market = _market(raw, variant.row, f"Price / {name}", name, world)
        if market:
            price = _price(raw, variant.row, f"Price / {name}", listed, market.id, market.currency)
            prices += [price] if price else []
    if not prices and not raw.is_broken:
        raw.warn(variant.row, "Variant Price", "no price: it is sold nowhere", "name a price")
    return tuple(prices)


def _price(  # noqa: PLR0917 - where, what, in which money
    raw: RawProduct,
    row: int,
    column: str,
    listed: tuple[str, str],
    market_id: int | None,
    currency: str,
) -> ReadyPrice | None:
    amount = money_from_text(listed[0], currency)
    if amount is None or not 0 <= amount.minor <= PRICE_MINOR_MAX:
        raw.error(
            row,
            column,
            f"{listed[0][:20]!r} is no amount in {currency}",
            "digits with a decimal point, such as 19.90",
        )
        return None
    compare = money_from_text(listed[1], currency) if listed[1] else None
    if listed[1] and (compare is None or compare.minor > PRICE_MINOR_MAX):
        raw.warn(row, f"Compare at, {column}", f"{listed[1][:20]!r} is no amount; left out")
        compare = None
    return ReadyPrice(market_id, amount.minor, currency, compare.minor if compare else None)


def _market(raw: RawProduct, row: int, column: str, name: str, world: World) -> KnownMarket | None:
    market = world.markets.get(name.lower())
    if market is None and not any(note.field == column for note in raw.notes):
        near = get_close_matches(name.lower(), world.markets, n=1)
        raw.warn(row, column, "this market is not known; left out", f"{near[0]}?" if near else "")
    return market


def _closed_markets(raw: RawProduct, world: World) -> tuple[int, ...]:
    closed: set[int] = set()
    for name, text in raw.included.items():
        column = f"Included / {name}"
        if text in _NO:
            market = _market(raw, raw.row, column, name, world)
            closed |= {market.id} if market else set()
        elif text and text not in _YES:
            raw.warn(raw.row, column, f"{text[:20]!r} is neither true nor false; left out")
    return tuple(sorted(closed))


def _images(raw: RawProduct) -> tuple[ReadyImage, ...]:
    made: list[ReadyImage] = []
    for number, image in enumerate(raw.images[:IMAGES_MAX], start=1):
        if len(image.source) > 500:  # noqa: PLR2004 - the column's width
            raw.warn(image.row, "Image Src", "longer than 500 characters; left out")
            continue
        made.append(ReadyImage(image.row, _position(image, number), image.source, image.alt))
    made.sort(key=lambda image: image.position)
    return tuple(
        ReadyImage(image.row, place, image.source, image.alt)
        for place, image in enumerate(made, start=1)
    )


def _position(image: RawImage, number: int) -> int:
    text = image.position
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else number  # noqa: PLR2004 - a small number
