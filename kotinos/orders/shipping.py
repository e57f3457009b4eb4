"""What it costs to send things: by weight, by how far, in the market's own currency.

`data/shipping_rates.csv` is a price list, one row per currency, never an exchange: a currency
without a row cannot be shipped in, and the page says so. A parcel costs a base amount and an
amount for each started kilogram; each seller's parcel is paid for on its own.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kotinos.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GRAMS_PER_KILOGRAM = 1000
PACKING_GRAMS = 50


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    rows = _rows("shipping_zones.csv")
    return {territory: row["zone"] for row in rows for territory in row["territories"].split()}


@lru_cache(maxsize=1)
def _rates() -> dict[str, Mapping[str, str]]:
    return {row["currency"]: row for row in _rows("shipping_rates.csv")}


def _rows(name: str) -> Iterable[dict[str, str]]:
    text = (files("kotinos.orders") / "data" / name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def reach(*, origin: str, destination: str) -> str:
    """How far a parcel goes: domestic, region (the same zone) or world."""
    if origin == destination:
        return "domestic"
    zones = _zones()
    same_zone = zones.get(origin) is not None and zones.get(origin) == zones.get(destination)
    return "region" if same_zone else "world"


def parcel_price(
    *, origin: str, destination: str, weight_grams: int, currency: str
) -> Money | None:
    """The price of one parcel; None where there is no price list in that currency."""
    rate = _rates().get(currency)
    if rate is None:
        return None
    distance = reach(origin=origin, destination=destination)
    kilograms = -(-(weight_grams + PACKING_GRAMS) // GRAMS_PER_KILOGRAM)
    base_minor = int(rate[f"{distance}_base_minor"])
    return Money(base_minor + (kilograms - 1) * int(rate[f"{distance}_kilogram_minor"]), currency)


def currencies() -> frozenset[str]:
    """The currencies there is a price list for."""
    return frozenset(_rates())
