"""The world map of a work's or a property's clearance, with the table behind it, by seller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.office import page
from kotinos.rights import acts, models
from kotinos.rights.compile import Compiler
from kotinos.rights.contracts import Window, use_bit
from kotinos.rights.loading import load_book
from kotinos.rights.office import maps, queries, works
from kotinos.rights.office.forms import UseForm
from kotinos.rights.office.rows import SellerLine

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from kotinos.games.contracts import Atlas
    from kotinos.rights.contracts import Clearance


class MapForm(UseForm):
    """Of what the map is drawn: a work, or a property."""

    work = forms.CharField(
        label=gettext_lazy("Product or work"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Title, handle, SKU or the work's id"),
    )
    property = forms.ChoiceField(label=gettext_lazy("or a property"), required=False)
    field_order = ("work", "property", "act", "outlet", "at")

    def __init__(self, *args: Any, properties: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["property"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("None")), *properties]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the map is of, and the properties that must all be cleared."""

    title: str
    properties: tuple[UUID, ...]
    work_id: UUID | None = None


def show(request: HttpRequest) -> HttpResponse:
    """The map page."""
    language = request.LANGUAGE_CODE
    form = MapForm(
        request.GET if set(request.GET) & {"work", "property"} else None,
        properties=queries.property_choices(language),
    )
    context: dict[str, Any] = {"form": form, "found": [], "subject": None}
    if form.is_valid():
        context |= _answer(request, form)
    return page(request, "rights/office/map.html", context, title=_("Map of clearance"))


def _answer(request: HttpRequest, form: MapForm) -> dict[str, Any]:
    given = form.cleaned_data
    if not given["work"]:
        row = models.Property.objects.filter(code=given["property"]).first()
        if row is None:
            form.add_error("work", _("Name a work, or choose a property."))
            return {}
        return _drawn(request, Subject(row.code, (row.id,)), given)
    found = works.search(given["work"])
    if not found:
        form.add_error("work", _("No work has this title, handle, SKU or id."))
        return {}
    if len(found) > 1:
        asked = request.GET.copy()
        links = []
        for each in found:
            asked["work"] = str(each.id)
            links.append((each, asked.urlencode()))
        return {"found": links}
    members = models.PropertySetMember.objects.filter(property_set__works=found[0].id)
    ids = tuple(sorted(members.values_list("property_id", flat=True)))
    return _drawn(request, Subject(found[0].title, ids, found[0].id), given)


def _drawn(request: HttpRequest, subject: Subject, given: dict[str, Any]) -> dict[str, Any]:
    at, language = given["at"] or clock.now(), request.LANGUAGE_CODE
    act, outlet = acts.act(given["act"]), acts.outlet(given["outlet"])
    if act is None or outlet is None:
        raise Http404
    book = load_book(now=clock.now(), property_ids=subject.properties)
    rows = [
        row
        for row in Compiler(book, since=at).compile(subject.properties)
        if row.uses >> use_bit(act, outlet) & 1 and Window(row.from_at, row.until_at).covers(at)
    ]
    sellers = _sellers(rows, book.atlas, language)
    counts = _counts(rows, book.atlas)
    return {
        "subject": subject,
        "at": at,
        "sellers": sellers,
        "map": maps.counted(
            counts,
            title=_("Where %(title)s is cleared") % {"title": subject.title},
            finding=_finding(counts, len(sellers), len(book.atlas.bits)),
            language=language,
            label=_by_sellers,
        ),
    }


def _sellers(rows: list[Clearance], atlas: Atlas, language: str) -> tuple[SellerLine, ...]:
    names = queries.organisation_names()
    merged: dict[tuple[UUID, datetime | None, int, str], int] = {}
    for row in rows:
        key = (row.seller_id, row.until_at, row.delay_minutes, row.law or "")
        merged[key] = merged.get(key, 0) | row.mask
    lines = [
        SellerLine(
            seller=names.get(seller_id, ""),
            seller_id=seller_id,
            territory_text=atlas.text(mask),
            territories=maps.territories(mask, atlas, language),
            until_at=until_at,
            delay_minutes=delay_minutes,
            law=law,
        )
        for (seller_id, until_at, delay_minutes, law), mask in merged.items()
        if mask
    ]
    return tuple(sorted(lines, key=lambda line: games.sort_key(line.seller)))


def _counts(rows: list[Clearance], atlas: Atlas) -> dict[str, int]:
    by_seller: dict[UUID, int] = {}
    for row in rows:
        by_seller[row.seller_id] = by_seller.get(row.seller_id, 0) | row.mask
    found = {
        code: sum(mask >> bit & 1 for mask in by_seller.values())
        for code, bit in atlas.bits.items()
    }
    return {code: count for code, count in found.items() if count}


def _finding(counts: dict[str, int], sellers: int, total: int) -> str:
    if not counts:
        return _("Nobody is cleared anywhere at this moment.")
    where = ngettext(
        "Cleared in %(count)d territory of %(total)d",
        "Cleared in %(count)d territories of %(total)d",
        len(counts),
    ) % {"count": len(counts), "total": total}
    whom = ngettext("by %(count)d seller.", "by %(count)d sellers.", sellers) % {"count": sellers}
    return f"{where}, {whom}"


def _by_sellers(least: int, most: int) -> str:
    return ngettext("%(span)s seller", "%(span)s sellers", most) % {"span": maps.span(least, most)}
