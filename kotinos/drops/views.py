"""Public pages of drops. Thin: they read the request and show typed rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kotinos.drops import pages, queries
from kotinos.drops import plain as plain_line
from kotinos.drops.contracts import Phase
from kotinos.kernel import clock
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from kotinos.drops.contracts import DropView
    from kotinos.kernel.place import Place

FRESH_SECONDS_MAX = 30
STEP_LENGTH_MAX = 400
_SECONDS_A_DAY = 86_400


def _public(response: HttpResponse, found: Iterable[DropView], *, now: datetime) -> HttpResponse:
    """May be kept by any cache, never past the moment at which it stops being true."""
    seconds = pages.seconds_to_change(found, now=now, most=FRESH_SECONDS_MAX)
    response["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}"
    return response


def _found(slug: str, now: datetime) -> DropView:
    found = queries.drop(slug)
    if found is None or found.is_rehearsal or found.phase(now) is Phase.DRAFT:
        raise Http404
    return found


@require_safe
def drop_list(request: HttpRequest, place: Place) -> HttpResponse:
    """Drops that are open, coming and over."""
    now = clock.now()
    cards = pages.drop_list(place, now=now)
    context = {
        "now": [card for card in cards if not card.is_over],
        "over": [card for card in cards if card.is_over],
    }
    return _public(render(request, "drops/list.html", context), queries.drops(), now=now)


@require_safe
def drop(request: HttpRequest, place: Place, slug: str) -> HttpResponse:
    """One drop: what is sold, when, to whom, and how the line works."""
    now = clock.now()
    found = _found(slug, now)
    view = pages.drop_page(found, place, now=now)
    return _public(render(request, "drops/drop.html", {"view": view}), [found], now=now)


@require_safe
def line(request: HttpRequest, place: Place, slug: str) -> HttpResponse:
    """The waiting room: one page for everybody, which a script fills in for each."""
    now = clock.now()
    found = _found(slug, now)
    view = pages.line_page(found, place, now=now)
    if view is None:
        raise Http404
    return _public(render(request, "drops/line.html", {"view": view}), [found], now=now)


@never_cache
@require_safe
def plain(request: HttpRequest, place: Place, slug: str) -> HttpResponse:
    """The waiting room without JavaScript: it refreshes itself."""
    now = clock.now()
    found = _found(slug, now)
    room = waitingroom.room(found.room_id)
    view = pages.line_page(found, place, now=now)
    if room is None or view is None:
        raise Http404
    if view.card.is_over:
        return HttpResponseRedirect(view.card.url)
    asked = plain_line.Visit(
        ticket=request.COOKIES.get(waitingroom.line_cookie(room.id), ""),
        step=request.GET.get("step", "")[:STEP_LENGTH_MAX],
        person_id=request.user.pk if request.user.is_authenticated else None,
        path=request.path,
        language=place.language,
    )
    shown = plain_line.visit(room, asked, now=now)
    response = render(request, "drops/plain.html", {"view": view, "plain": shown})
    _keep(response, shown, room, request, now)
    return response


def _keep(
    response: HttpResponse,
    shown: plain_line.Plain,
    room: waitingroom.Room,
    request: HttpRequest,
    now: datetime,
) -> None:
    """The same two cookies that the fast lane sets."""
    left = int((room.closes_at - now).total_seconds())
    for name, text, seconds in (
        (waitingroom.line_cookie(room.id), shown.ticket, left + _SECONDS_A_DAY),
        (waitingroom.pass_cookie(room.id), shown.token, shown.token_seconds),
    ):
        if text:
            response.set_cookie(
                name,
                text,
                max_age=seconds,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
