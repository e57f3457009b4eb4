"""Names of organisations, properties, places and days, as a reader of a language knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_date

from kotinos.games import api as games
from kotinos.kernel.languages import cldr_locale, pick
from kotinos.rights import models
from kotinos.rights.explain import Names

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book


def names_for(book: Book, language: str) -> Names:
    """The names an explanation of this part of the book can need: two reads, then lookups."""
    property_ids = [each.id for each in book.properties]
    rows = models.Property.objects.filter(id__in=property_ids).values_list("id", "names")
    properties = {property_id: pick(texts, language) for property_id, texts in rows}
    organisations: dict[UUID, str] = {}

    def organisation(organisation_id: UUID) -> str:
        if not organisations:
            organisations.update({row.id: row.name for row in games.organisations()})
        return organisations.get(organisation_id, str(organisation_id))

    def day(at: datetime) -> str:
        return str(format_date(at.date(), format="long", locale=cldr_locale(language)))

    return Names(
        organisation=organisation,
        property=lambda property_id: properties.get(property_id, str(property_id)),
        territory=lambda code: games.territory_name(code, language),
        noc=lambda code: games.noc_name(code, language),
        day=day,
    )
