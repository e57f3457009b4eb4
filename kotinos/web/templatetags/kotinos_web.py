"""The few template tags that pages of every package share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from babel.numbers import format_percent
from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotinos.drops import api as drops
from kotinos.games.api import worldmap
from kotinos.kernel import clock
from kotinos.kernel.languages import cldr_locale
from kotinos.kernel.place import Place
from kotinos.web import wording
from kotinos.web.context import moved, reader_language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from kotinos.catalog.contracts import (
        FacetValue,
        Named,
        Note,
        PriceTag,
        RefusalPanel,
        Shelf,
        VariantRow,
    )
    from kotinos.orders.contracts import BasketLineView, FormFieldView

register = template.Library()


@register.filter
def ltr(text: str) -> SafeString:
    """A postal code or the like: in a line of Arabic its parts keep their order."""
    return format_html('<bdi dir="ltr">{}</bdi>', text)


LONG_CHARACTERS, LONGER_CHARACTERS = 14, 24
"""From this length on a headline is set narrower, so that long team names keep their size."""
SCARCE_UNITS = 5
_CURRENT = ' aria-current="true"'


@register.simple_tag(takes_context=True)
def here(context: template.Context, name: str, **parts: Any) -> str:
    """Address of a page below the reader's place; a page without a place leads to the start."""
    place = context.get("place")
    if ":" in name and place is None:
        return "/"
    return _address(name, place if ":" in name else None, **parts)


@lru_cache(maxsize=8192)  # the shell asks for the same twenty on every page of a place
def _address(name: str, place: Place | None, **parts: str) -> str:
    return reverse(name, kwargs={"place": place, **parts} if place else parts)


@register.simple_tag(takes_context=True)
def there(context: template.Context, territory: str) -> str:
    """Address of this same page for readers who ship to another territory."""
    request, place = context.get("request"), context.get("place")
    if request is None or place is None:
        return "/"
    return moved(request.path, Place(place.language, territory))


@register.simple_tag
@cache
def icons() -> str:
    """Address of the one file with every icon."""
    return static("web/icons.svg")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A decorative icon: the words beside it say the same."""
    flip = " icon-flip" if name == "arrow" else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" viewBox="0 0 24 24"><use href="{}#{}"></use></svg>',
        flip,
        icons(),
        name,
    )


@register.simple_tag
@cache
def mark() -> SafeString:
    """The open wreath of two olive branches."""
    return format_html(
        '<svg aria-hidden="true" viewBox="0 0 64 56"><use href="{}#mark"></use></svg>', icons()
    )


@register.simple_tag
def length_class(text: str | None) -> str:
    """How narrow a headline of this text is set."""
    length = len(text or "")
    if length >= LONGER_CHARACTERS:
        return "is-longer"
    return "is-long" if length >= LONG_CHARACTERS else ""


@register.simple_tag
def tax_note(price: PriceTag) -> str:
    """One line about tax, as the market expects it."""
    rate = format_percent(
        price.tax_basis_points / 10_000, "#,##0.##%", locale=cldr_locale(reader_language())
    )
    if not price.tax_inclusive:
        return _("Tax is added at checkout.")
    if not price.tax_basis_points:
        return _("No tax is charged.")
    return _("Includes %(rate)s tax.") % {"rate": rate}


@register.simple_tag
def choices(values: Iterable[FacetValue]) -> SafeString:
    """The choices of a facet: a list page has a hundred, too many for a template's own loop."""
    items = (
        f'<li><a class="choice" rel="nofollow" href="{escape(value.url)}"'
        f"{_CURRENT if value.selected else ''}><span>{escape(value.name)}</span>"
        f'<span class="n">{value.count}</span></a></li>'
        for value in values
    )
    return mark_safe("".join(items))  # noqa: S308 - every text in it was escaped


@register.simple_tag
def facet_name(code: str) -> str:
    return str(wording.FACETS.get(code, code))


@register.simple_tag
def sort_name(code: str) -> str:
    return str(wording.SORTS.get(str(code), code))


@register.simple_tag
def shelf_name(shelf: Shelf) -> str:
    return str(wording.SHELVES.get(shelf.code, shelf.name))


@register.simple_tag
def note_sentence(note: Note) -> str:
    return str(wording.NOTES.get(note.code, note.value)) % {"value": note.value}


@register.simple_tag
def refusal_headline(refusal: RefusalPanel, territory: str) -> str:
    """The refusal in five words; its sentence says the rest."""
    return str(wording.HEADLINES.get(refusal.reason, wording.HEADLINE)) % {"territory": territory}


@register.simple_tag(takes_context=True)
def sold_map(context: template.Context, refusal: RefusalPanel) -> SafeString:
    """A small world map of where it is sold; the list below it is its table."""
    fill = {territory.code: "map-sold" for territory in refusal.sold_in}
    place = context.get("place")
    if place is not None:
        fill[place.territory] = "map-here"
    drawn = worldmap.svg(fill, title=_("Where it is sold"), description=_finding(refusal.sold_in))
    return mark_safe(drawn)  # noqa: S308 - worldmap.svg escapes every text it is given


def _finding(sold_in: tuple[Named, ...]) -> str:
    if not sold_in:
        return _("It is sold nowhere at the moment.")
    names = ", ".join(territory.name for territory in sold_in[:3])
    return ngettext(
        "Sold in %(count)d territory: %(names)s.",
        "Sold in %(count)d territories, among them %(names)s.",
        len(sold_in),
    ) % {"count": len(sold_in), "names": names}


@register.simple_tag
def drop_of(variants: Iterable[VariantRow]) -> str:
    """The slug of the drop that keeps these for itself; empty where they are sold as ever."""
    kept = drops.reserved_variants([variant.variant_id for variant in variants], clock.now())
    return next(iter(kept.values()), "")


@dataclass(frozen=True, slots=True)
class SellerGroup:
    """What one seller offers of a product: one form."""

    seller: Named
    seller_id: UUID
    variants: tuple[VariantRow, ...]

    @property
    def first(self) -> VariantRow | None:
        """The variant chosen to begin with: the first that can be bought."""
        return next((variant for variant in self.variants if not variant.sold_out), None)

    @property
    def options_name(self) -> str:
        return " / ".join(option.name for option in self.variants[0].options)

    @property
    def units(self) -> int:
        return sum(variant.units_available for variant in self.variants)

    @property
    def is_scarce(self) -> bool:
        return 0 < self.units <= SCARCE_UNITS


@register.filter
def by_seller(variants: Iterable[VariantRow]) -> list[SellerGroup]:
    """Variants of one page, grouped by who sells them, in the order they came."""
    groups: dict[UUID, list[VariantRow]] = {}
    for variant in variants:
        groups.setdefault(variant.seller_id, []).append(variant)
    return [SellerGroup(rows[0].seller, key, tuple(rows)) for key, rows in groups.items()]


@dataclass(frozen=True, slots=True)
class Parcel:
    """The lines of a basket that one seller sends."""

    seller: str
    lines: tuple[BasketLineView, ...]


@register.filter
def by_parcel(lines: Iterable[BasketLineView]) -> list[Parcel]:
    """Lines of a basket, grouped by who sells and sends them."""
    groups: dict[UUID, list[BasketLineView]] = {}
    for line in lines:
        groups.setdefault(line.seller_id, []).append(line)
    return [Parcel(rows[0].seller_name, tuple(rows)) for rows in groups.values()]


@register.filter
def label(fields: Iterable[FormFieldView], name: str) -> str:
    """What a form's field is called on the page; empty where the error is nobody's."""
    return next((field.label for field in fields if field.name == name), "")
