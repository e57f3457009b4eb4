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

from kotinos.games import api as games

if TYPE_CHECKING:
    from collections.abc import Iterator

# Stemming as PostgreSQL offers it; Chinese is cut here and stored as it is.
CONFIGS = {"en": "english", "fr": "french", "zh-hans": "simple", "ar": "arabic"}
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_TATWEEL = "ـ"
_TEAM_FREQUENCY = 1_000_000  # above every word of the dictionary: never cut apart


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
    """The Chinese segmenter of this process; loading its dictionary takes about a second.

    Its user dictionary is the teams' names: the same in every process, so that what was stored
    and what is asked are cut alike.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 - its dictionary is only loaded where Chinese is met

    jieba.setLogLevel(60)
    made: Segmenter = jieba.Tokenizer()
    for name in games.territory_names("zh-hans").values():
        made.add_word(fold(name), _TEAM_FREQUENCY)
    return made
