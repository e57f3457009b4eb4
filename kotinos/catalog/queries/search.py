"""Search: the reader's words in the reader's language and in English, then look-alikes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog import statements
from kotinos.catalog.words import CONFIGS, fold, searchable
from kotinos.kernel import rich

if TYPE_CHECKING:
    from uuid import UUID

HITS_MAX = 1_000
LIKENESS_MIN = "0.42"  # Two swapped letters in "kenya" leave 0.33 beside a whole "jersey" 1.0.
TERMS_MAX = 8


def find(text: str, language: str) -> tuple[list[UUID], bool]:
    """Products best first, and whether they only look like what was asked (a misspelling)."""
    folded = searchable(text, language)
    if not folded:
        return [], False
    hits = rich.read(
        statements.search_texts,
        language=language,
        config=CONFIGS.get(language, "simple"),
        folded=folded,
        folded_en=fold(text),
        hits_max=HITS_MAX,
    )
    if hits:
        return hits, False
    alike = rich.read(
        statements.search_alike,
        language=language,
        terms=folded.split()[:TERMS_MAX],
        likeness_min=LIKENESS_MIN,
        hits_max=HITS_MAX,
    )
    return alike, True
