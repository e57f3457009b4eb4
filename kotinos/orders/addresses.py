"""Which address fields a country wants, in which order, and what its postal codes look like.

One row per territory in `data/addresses.csv`; letters follow the address formats that postal
software uses: N name, O organisation, A and B street lines, D district, C city, S region,
Z postal code. The row `*` serves every territory without one. Compiled for this project.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = {
    "N": "name",
    "O": "organisation",
    "A": "line1",
    "B": "line2",
    "D": "district",
    "C": "city",
    "S": "region",
    "Z": "postal_code",
}
AUTOCOMPLETE = {
    "name": "name",
    "organisation": "organization",
    "line1": "address-line1",
    "line2": "address-line2",
    "district": "address-level3",
    "city": "address-level2",
    "region": "address-level1",
    "postal_code": "postal-code",
}
LENGTH_MAX = {"name": 100, "postal_code": 12}
LENGTH_MAX_DEFAULT = 120
DEFAULT = "*"


@dataclass(frozen=True, slots=True)
class AddressFormat:
    """One country's form: field names in order, those required, and the postal code's shape."""

    territory: str
    order: tuple[str, ...]
    required: frozenset[str]
    postal_pattern: str
    postal_example: str
    region_word: str


@lru_cache(maxsize=1)
def _formats() -> dict[str, AddressFormat]:
    text = (files("kotinos.orders") / "data" / "addresses.csv").read_text(encoding="utf-8")
    return {
        row["territory"]: AddressFormat(
            territory=row["territory"],
            order=tuple(FIELDS[letter] for letter in row["order"]),
            required=frozenset(FIELDS[letter] for letter in row["required"]),
            postal_pattern=row["postal_pattern"],
            postal_example=row["postal_example"],
            region_word=row["region_word"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def address_format(territory: str) -> AddressFormat:
    """The form of a territory; a plain one, with nothing rare required, where we know no better."""
    return _formats().get(territory, _formats()[DEFAULT])


def clean(typed: Mapping[str, str], form: AddressFormat) -> tuple[dict[str, str], dict[str, str]]:
    """The address as it is kept, and the code of what is wrong with each field.

    Codes: required, too-long, postal. Control characters never reach a label or a mail.
    """
    kept = {name: _tidy(typed.get(name, "")) for name in form.order}
    if "postal_code" in kept:
        kept["postal_code"] = kept["postal_code"].upper()
    errors = {name: code for name in form.order if (code := _error(name, kept[name], form))}
    return {name: value for name, value in kept.items() if value}, errors


def lines(address: Mapping[str, str], *, territory: str, territory_name: str) -> tuple[str, ...]:
    """The address as lines of a label, in the country's order, the country last."""
    order = address_format(territory).order
    return (*(address[name] for name in order if address.get(name)), territory_name)


def _tidy(text: str) -> str:
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())


def _error(name: str, value: str, form: AddressFormat) -> str:
    if not value:
        return "required" if name in form.required else ""
    if len(value) > LENGTH_MAX.get(name, LENGTH_MAX_DEFAULT):
        return "too-long"
    wants_pattern = name == "postal_code" and form.postal_pattern
    if wants_pattern and not re.fullmatch(form.postal_pattern, value, re.ASCII | re.IGNORECASE):
        return "postal"
    return ""
