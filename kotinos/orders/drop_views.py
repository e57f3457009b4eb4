"""The order form of a drop, for who was let in; without JavaScript it is posted here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kotinos.drops import api as drops
from kotinos.drops.contracts import Phase
from kotinos.kernel import clock
from kotinos.orders.actions.drop_order import place_drop_order
from kotinos.orders.checkout_page import Filled, read_form
from kotinos.orders.drop_page import buy_page, read_wanted
from kotinos.orders.hot.wishes import HoldWish, HotPlaced, HotRefused, OrderWish
from kotinos.orders.origin import own_pages_only
from kotinos.payments import api as payments
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.drops.contracts import DropView
    from kotinos.kernel.place import Place
    from kotinos.waitingroom.contracts import Admitted

SEE_OTHER = 303
TYPED_LENGTH_MAX = 400
PROBLEMS = {"sold-out", "short", "limit", "rights", "closed", "too-early", "hold-over"}
"""Refusals that the page has words for; any other is said to be unknown."""


@never_cache
@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def buy(request: HttpRequest, place: Place, slug: str) -> HttpResponse:
    """The form, and its submission. Who is not let in is led to the line."""
    now = clock.now()
    drop = drops.drop(slug)
    if drop is None or drop.phase(now) is Phase.DRAFT:
        raise Http404
    admitted = _admitted(request, drop, now)
    if admitted is None:
        return _see_other("drops:line", place, slug)
    if request.method == "POST":
        return _submit(request, place, drop, admitted, now)
    email = request.user.email if request.user.is_authenticated else ""
    filled = Filled({"email": email}, email, place.territory, {})
    return _show(request, place, drop, admitted, now, filled=filled)


def _admitted(request: HttpRequest, drop: DropView, now: datetime) -> Admitted | None:
    token = request.COOKIES.get(waitingroom.pass_cookie(drop.room_id), "")
    read = waitingroom.read_admission(token, room_id=drop.room_id, now=now)
    return read if isinstance(read, waitingroom.Admitted) else None


def _submit(
    request: HttpRequest, place: Place, drop: DropView, admitted: Admitted, now: datetime
) -> HttpResponse:
    typed = {name: str(text)[:TYPED_LENGTH_MAX] for name, text in request.POST.items()}
    filled = read_form(typed, territory=place.territory)
    wanted, key = read_wanted(typed.get("variant", ""), typed.get("units", "")), _key(request)
    if filled.errors:
        return _show(request, place, drop, admitted, now, filled=filled, status=422)
    if wanted.variant_id is None or key is None:
        return _show(
            request, place, drop, admitted, now, filled=filled, problem="unknown", status=422
        )
    hold = HoldWish(drop.id, admitted.identity, key, wanted.variant_id, wanted.units)
    wish = OrderWish(hold, place.territory, place.language, filled.email, filled.address)
    person_id = request.user.pk if request.user.is_authenticated else None
    match place_drop_order(wish=wish, now=now, person_id=person_id):
        case HotPlaced(intent_id=intent_id, path=path):
            return _to(payments.page_url(intent_id=intent_id, now=now) or path)
        case HotRefused(code=code, fields=fields):
            problem = "" if fields else code.value if code.value in PROBLEMS else "unknown"
            again = replace(filled, errors=dict(fields))
            return _show(
                request, place, drop, admitted, now, filled=again, problem=problem, status=409
            )


def _show(
    request: HttpRequest,
    place: Place,
    drop: DropView,
    admitted: Admitted,
    now: datetime,
    *,
    filled: Filled,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    view = buy_page(
        drop,
        place=place,
        filled=filled,
        wanted=read_wanted(request.POST.get("variant", ""), request.POST.get("units", "")),
        key=None if problem == "hold-over" else _key(request),
        problem=problem,
        until=admitted.expires_at,
        now=now,
    )
    if view is None:  # Nothing of it is sold here: the drop's page says why.
        return _see_other("drops:drop", place, drop.slug)
    context = {"view": view, "slug": drop.slug}
    return render(request, "orders/drop_buy.html", context, status=status)


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _see_other(name: str, place: Place, slug: str) -> HttpResponse:
    return _to(reverse(name, kwargs={"place": place, "slug": slug}))


def _to(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response
