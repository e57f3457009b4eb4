"""The sentences of payments in the four languages: `data/words.csv`, one row a sentence."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

from kotinos.kernel.languages import pick


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """Every sentence by key, then by language."""
    text = (files("kotinos.payments") / "data" / "words.csv").read_text(encoding="utf-8")
    return {row.pop("key"): row for row in csv.DictReader(text.splitlines())}


def say(key: str, language: str, **values: object) -> str:
    """One sentence in the reader's language; KeyError for a key that has none."""
    return pick(words()[key], language).format(**values)
