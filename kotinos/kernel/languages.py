"""The languages of the interface, as they stand in addresses, in Django and in CLDR."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("en", "fr", "zh-hans", "ar")
OWN_NAMES = {"en": "English", "fr": "Français", "zh-hans": "简体中文", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar"})
_CLDR = {"en": "en", "fr": "fr", "zh-hans": "zh_Hans", "ar": "ar"}


def cldr_locale(language: str) -> str:
    """The CLDR identifier of one of our languages; KeyError for any other."""
    return _CLDR[language]


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in the reader's language, else in English, else in whatever there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
