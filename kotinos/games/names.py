"""What a person reads for a territory or a team: CLDR's names, with the IOC's where they differ.

`data/nocs.csv` has the IOC's English names, `data/names.csv` those of the other languages that
differ from CLDR.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from babel import Locale

from kotinos.kernel.languages import LANGUAGES, cldr_locale

if TYPE_CHECKING:
    from collections.abc import Iterable


@lru_cache(maxsize=len(LANGUAGES))
def territory_names(language: str) -> dict[str, str]:
    """Every territory's name in one language, by code."""
    cldr = Locale.parse(cldr_locale(language)).territories
    names = {row["territory"]: cldr[row["territory"]] for row in _rows("territories.csv")}
    if language == "en":
        return names | {row["territory"]: row["name"] for row in _rows("nocs.csv")}
    return names | {row["territory"]: row[language] for row in _rows("names.csv")}


def territory_name(code: str, language: str) -> str:
    """The name of one territory; the code itself where it is none."""
    return territory_names(language).get(code, code)


@lru_cache(maxsize=1)
def _territory_of_noc() -> dict[str, str]:
    return {row["noc"]: row["territory"] for row in _rows("nocs.csv")}


def noc_name(code: str, language: str) -> str:
    """The name of a committee's team: that of its own territory; the code where it is none."""
    territory = _territory_of_noc().get(code)
    return territory_name(territory, language) if territory else code


@lru_cache(maxsize=4096)
def sort_key(text: str) -> tuple[str, str]:
    """Sorts names as a reader expects: accents and case count only between equal letters.

    Chinese sorts by code point. The embedded PostgreSQL has no ICU, so names are sorted here.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.casefold(), text


def sorted_by_name(codes: Iterable[str], language: str) -> list[str]:
    """Territory codes in the order of their names."""
    return sorted(codes, key=lambda code: sort_key(territory_name(code, language)))


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("kotinos.games") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
