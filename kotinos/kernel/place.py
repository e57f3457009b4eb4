"""A reader's place: the language they read and the territory they ship to, as in `/en-jp/`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kotinos.kernel.languages import LANGUAGES

PATTERN = f"(?:{'|'.join(LANGUAGES)})-[a-z]{{2}}"
PLACE_PATH = re.compile(rf"/{PATTERN}(?:/|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """`Place("zh-hans", "CN")` stands in an address as `zh-hans-cn`."""

    language: str
    territory: str

    @property
    def slug(self) -> str:
        return f"{self.language}-{self.territory.lower()}"

    @classmethod
    def parse(cls, slug: str) -> Place | None:
        """The place an address names, or None where it names none.

        Whether the territory exists is the caller's question: this knows only the form.
        """
        if re.fullmatch(PATTERN, slug) is None:
            return None
        language, _, territory = slug.rpartition("-")
        return cls(language, territory.upper())


class PlaceConverter:
    """The place in an address, for Django's router; a text that is none matches nothing."""

    regex = PATTERN

    def to_python(self, value: str) -> Place:
        place = Place.parse(value)
        if place is None:
            raise ValueError(value)
        return place

    def to_url(self, value: Place) -> str:
        return value.slug
