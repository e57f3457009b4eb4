"""Words as search needs them: folded alike when stored and when asked, Chinese cut into words.

The same function prepares text and question, so that an accent or a capital never hides a
product. Chinese has no spaces: jieba cuts it, with team names as its user dictionary.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Stemming as PostgreSQL offers it; Chinese is cut here and stored as it is.
CONFIGS = {"en": "english", "fr": "french", "zh-hans": "simple", "ar": "arabic"}
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_TATWEEL = "ـ"


class Segmenter(Protocol):
    def cut_for_search(self, sentence: str) -> Iterator[str]: ...
    def add_word(self, word: str, freq: int | None = None) -> None: ...


def fold(text: str) -> str:
    """Lower case without accents, vowel marks and tatweel; one space between words."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(char) and char != _TATWEEL
    )
    return " ".join(unicodedata.normalize("NFC", plain).casefold().split())


def searchable(text: str, language: str) -> str:
    """The text as it is stored for search and asked: folded, and cut where it is Chinese."""
    folded = fold(text)
    if language != "zh-hans" or not _HAN.search(folded):
        return folded
    return " ".join(word for word in segmenter().cut_for_search(folded) if word.strip())


@lru_cache(maxsize=1)
def segmenter() -> Segmenter:
    """The Chinese segmenter of this process; loading its dictionary takes about a second."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 - its dictionary is only loaded where Chinese is met

    jieba.setLogLevel(60)
    made: Segmenter = jieba.Tokenizer()
    return made


def teach(names: Iterable[str]) -> None:
    """Names of teams, athletes and products that must not be cut apart."""
    for name in names:
        if _HAN.search(name):
            segmenter().add_word(fold(name), 1_000_000)
