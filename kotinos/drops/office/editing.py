"""The form of a drop, new or old, and what stands beside it while one types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kotinos.drops import statements
from kotinos.drops.actions import checking, scheduling
from kotinos.drops.contracts import Phase
from kotinos.drops.office import maps, seen
from kotinos.drops.office.forms import DropForm, UtcMoment, blank, handles, initial_of
from kotinos.drops.terms import BadTerms, NotYours, Scheduled, Unchanged
from kotinos.games import api as games
from kotinos.kernel import clock, rich
from kotinos.kernel.languages import LANGUAGES
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, QueryDict

    from kotinos.drops.contracts import DropView

FOUND_MAX = 8
SEARCH_LENGTH = (2, 80)
_ALWAYS_OPEN = ("closes_at", "units_per_buyer", "hold_seconds")


def new(request: HttpRequest) -> HttpResponse:
    """Write a drop down."""
    if not staff(request).has(seen.MANAGER):
        raise Http404
    form = DropForm(_given(request), sellers=seen.seller_choices(request), initial=blank(_now()))
    if form.is_bound and form.is_valid():
        outcome = scheduling.schedule_drop(
            terms=form.terms(), now=_now(), actor=staff(request).person_id
        )
        answer = _after_writing(request, outcome, form)
        if answer is not None:
            return answer
    return _editor(request, form, title=_("New drop"))


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a drop as far as it is still fair."""
    drop = seen.managed(request, slug)
    phase = drop.phase(_now())
    if drop.is_rehearsal or phase in {Phase.OVER, Phase.WITHDRAWN}:
        raise Http404
    old, shut = scheduling.terms_of(drop), _shut(phase)
    form = DropForm(
        _given(request),
        sellers=seen.seller_choices(request),
        initial=initial_of(old),
        shut=shut,
    )
    if form.is_bound and form.is_valid():
        # A form shows minutes; what was announced to the second stays so.
        terms = replace(form.terms(), **{name: getattr(old, name) for name in shut})
        outcome = scheduling.change_drop(
            drop_id=drop.id, terms=terms, now=_now(), actor=staff(request).person_id
        )
        answer = _after_writing(request, outcome, form)
        if answer is not None:
            return answer
    title = _("Change %(name)s") % {"name": drop.name(request.LANGUAGE_CODE)}
    return _editor(request, form, title=title, drop=drop)


def _now() -> datetime:
    return clock.now()


def _given(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _shut(phase: Phase) -> tuple[str, ...]:
    """Fields that no longer change: a browser need not offer what the action would refuse."""
    match phase:
        case Phase.DRAFT:
            return ()
        case Phase.COMING:
            return scheduling.ANNOUNCED
        case _:
            wordings = {f"{kind}_{code}" for kind in ("name", "text") for code in LANGUAGES}
            names = (*DropForm.base_fields, *wordings)
            return tuple(n for n in names if n not in {*_ALWAYS_OPEN, *wordings})


def _after_writing(request: HttpRequest, outcome: Any, form: DropForm) -> HttpResponse | None:
    """Where to go; None: stay on the form, which now says what is wrong."""
    match outcome:
        case Scheduled(drop, warnings):
            messages.success(request, _("%(name)s is written down.") % {"name": drop.slug})
            for problem in warnings:
                messages.warning(request, problem.message)
            return redirect("drops_office:drop", drop.slug)
        case BadTerms(problems):
            form.take(problems)
        case NotYours():
            form.add_error("seller", _("You do not look after this seller's catalogue."))
        case Unchanged(reason):
            form.add_error(None, reason)
        case _:
            raise Http404
    return None


def _editor(
    request: HttpRequest, form: DropForm, *, title: str, drop: DropView | None = None
) -> HttpResponse:
    named = ("seller", "products", "territory")
    # PostgreSQL's text holds no NUL; what was typed may.
    values = {name: str(form[name].value() or "").replace("\0", "") for name in named}
    opens_at = form["opens_at"].value()
    context = {
        "form": form,
        "drop": drop,
        **_seen_beside(request, values, str(opens_at or "")),
    }
    status = 422 if form.errors else 200
    return page(request, "drops_office/edit.html", context, title=title, status=status)


def beside(request: HttpRequest) -> HttpResponse:
    """The offers and the map of what is in the form, while it is being typed."""
    if not staff(request).has(seen.MANAGER):
        raise Http404
    context = _seen_beside(request, request.GET, request.GET.get("opens_at", ""))
    return render(request, "drops_office/_beside.html", context)


def _seen_beside(request: HttpRequest, values: Any, opens_at: str) -> dict[str, Any]:
    seller = games.organisation(values.get("seller", "")[:32])
    mine = staff(request).organisations(seen.MANAGER)
    if seller is None or (mine is not None and seller.id not in mine):
        return {"hint": _("Choose a seller, and the map shows where the drop can be bought.")}
    at = _moment(opens_at)
    try:
        mask = games.atlas().mask(values.get("territory", "")[:400], at)
    except games.TerritoryTextError as error:
        return {"problem": str(error)}
    named = handles(values.get("products", "")[:6000])[: checking.OFFERS_MAX]
    products = checking.find_products(named, seller.id)
    reach = maps.reach(
        products, seller_id=seller.id, mask=mask, at=at, language=request.LANGUAGE_CODE
    )
    known = {product.handle for product in products}
    return {
        "reach": reach,
        "map": reach.map,
        "unknown": [each[:80] for each in named if each not in known],
    }


def _moment(text: str) -> datetime:
    try:
        found: datetime | None = UtcMoment(required=False).clean(text)
    except ValidationError:
        found = None
    return found or _now()


def search(request: HttpRequest) -> HttpResponse:
    """Products of the seller that answer to a few letters, to be put into the list."""
    seller = games.organisation(request.GET.get("seller", "")[:32])
    mine = staff(request).organisations(seen.MANAGER)
    text = request.GET.get("find", "").strip()[: SEARCH_LENGTH[1]]
    found: list[str] = []
    if seller and (mine is None or seller.id in mine) and len(text) >= SEARCH_LENGTH[0]:
        found = rich.read(
            statements.search_products, seller=seller.id, text=text, rows_max=FOUND_MAX
        )
    products = checking.find_products(tuple(found), seller.id) if seller and found else ()
    context = {"products": products, "text": text}
    return render(request, "drops_office/_found.html", context)
