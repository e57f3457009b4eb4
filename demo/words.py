"""What the demo's goods are called and how they are described, read from `data/words.toml`.

Titles are put together so that no language has to bend a country's name: English and Chinese put
the name first, French and Arabic set it off by a dash. French descriptions take the form with its
article ("du Kenya") from `data/sellers.csv`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "fr", "zh-hans", "ar")
Texts = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of goods: its name, what it is made of, its price, weight and sizes."""

    name: Texts
    made: Texts
    price_eur_minor: int
    weight_grams: int
    sizes: tuple[str, ...]
    size_option: str


def _read() -> dict[str, Any]:
    path = Path(__file__).parent / "data" / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


_WORDS = _read()
KINDS: dict[str, Kind] = {
    code: Kind(**(row | {"sizes": tuple(row["sizes"])})) for code, row in _WORDS["kinds"].items()
}
SPORTS: dict[str, Texts] = _WORDS["sports"]
COLLECTIONS: dict[str, Texts] = {code: row["name"] for code, row in _WORDS["collections"].items()}
STORIES: dict[str, Texts] = {code: row["story"] for code, row in _WORDS["collections"].items()}
GAMES: Texts = dict.fromkeys(LANGUAGES, "Kotinos 2030") | {"ar": "كوتينوس 2030"}


def capital(text: str) -> str:
    """Raise the first letter only: `str.capitalize` would lower the T of a T-shirt."""
    return text[:1].upper() + text[1:]
