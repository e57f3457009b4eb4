"""Public pages of the channel. Thin: they read the request and show typed rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kotinos.channel import airing, dressing, front, grid, jsonld, pages, refusing, sharing, zones
from kotinos.channel.queries import showing
from kotinos.channel.queries.editions import edition_for
from kotinos.channel.queries.showing import Narrowed
from kotinos.kernel import clock
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from kotinos.channel.models import Edition, LinearChannel, Programme
    from kotinos.kernel.place import Place

FRESH_SECONDS, MOVING_SECONDS, LIVE_SECONDS = 60, 20, 5
PAGE_MAX = 200
TEXT_MAX = 80
GUIDE_DAYS_MAX = 60


def _public(response: HttpResponse, *, seconds: int) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}"
    return response


def edition_of(place: Place) -> Edition:
    """The edition that the place's language belongs to; 404 before any exists."""
    found = edition_for(language=place.language)
    if found is None:
        raise Http404
    return found


def published(code: str, now: datetime) -> Programme:
    """A programme that is, or was, on the channel."""
    found = showing.programme(code)
    if found is None or found.published_from is None or found.published_from > now:
        raise Http404
    return found


def channel_of(edition: Edition, code: str) -> LinearChannel:
    """A round-the-clock channel of this edition."""
    found = showing.linear_channel(code)
    if found is None or found.edition_id != edition.code:
        raise Http404
    return found


def _dressed(edition: Edition, place: Place, **context: Any) -> dict[str, Any]:
    return {"dress": dressing.dress(edition, place), "origin": environment().origin, **context}


@require_safe
def home(request: HttpRequest, place: Place) -> HttpResponse:
    """The edition's own home; before any exists, a page that says so."""
    edition, now = edition_for(language=place.language), clock.now()
    if edition is None:
        return _public(render(request, "channel/none.html"), seconds=FRESH_SECONDS)
    view = front.home_page(edition, place, now=now)
    context = _dressed(edition, place, view=view)
    return _public(render(request, "channel/home.html", context), seconds=MOVING_SECONDS)


@require_safe
def videos(request: HttpRequest, place: Place) -> HttpResponse:
    """What may be shown here on demand."""
    edition, now = edition_of(place), clock.now()
    asked = Narrowed(
        text=request.GET.get("q", "").strip()[:TEXT_MAX],
        kind=request.GET.get("kind", "")[:TEXT_MAX],
        sport=request.GET.get("sport", "")[:TEXT_MAX],
        noc=request.GET.get("team", "")[:3],
    )
    view = pages.video_list(edition, place, asked, _page(request), now=now)
    context = _dressed(edition, place, view=view)
    return _public(render(request, "channel/videos.html", context), seconds=FRESH_SECONDS)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 1  # noqa: PLR2004 - digits
    return min(max(1, number), PAGE_MAX)


@require_safe
def video(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """One programme: the player with all that belongs to it, or why it is not shown here."""
    edition, now = edition_of(place), clock.now()
    found = published(code, now)
    view = pages.video_page(edition, found, place, now=now)
    if view is None:
        return _to_event(found, place)
    context = _dressed(
        edition,
        place,
        view=view,
        shares=sharing.targets(edition, view.card, place),
        json_ld="" if view.refusal else jsonld.video(edition, found, view, place, now=now),
    )
    name = "channel/refused.html" if view.refusal else "channel/video.html"
    return _public(render(request, name, context), seconds=FRESH_SECONDS)


def _to_event(found: Programme, place: Place) -> HttpResponse:
    """What comes in live has no recording of its own yet: its page is the event's."""
    source = showing.source_of(found.id)
    if source is None:
        raise Http404
    response = HttpResponseRedirect(pages.url(place, "live", code=source.code))
    return _public(response, seconds=LIVE_SECONDS)


def _moments(place: Place, code: str, now: datetime) -> tuple[pages.Moment, ...]:
    edition = edition_of(place)
    found = published(code, now)
    if refusing.refusal(edition, found, place, now=now) and not showing.source_of(found.id):
        return ()
    return pages.moments(found, place, now=now)


@require_safe
def products(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """The rail of a programme's products alone, for the page of a channel that moves on."""
    context = {"moments": _moments(place, code, clock.now()), "code": code}
    return _public(render(request, "channel/_rail.html", context), seconds=FRESH_SECONDS)


@require_safe
def cues(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """The same for machines."""
    del request
    rows = [sharing.cue_json(moment) for moment in _moments(place, code, clock.now())]
    return _public(JsonResponse({"programme": code, "cues": rows}), seconds=FRESH_SECONDS)


@require_safe
def share_code(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """A picture of the page's address for a telephone's camera, drawn by us."""
    published(code, clock.now())
    address = request.build_absolute_uri(pages.url(place, "video", code=code))
    response = HttpResponse(sharing.address_code(address), content_type="image/svg+xml")
    return _public(response, seconds=FRESH_SECONDS)


@require_safe
def watch(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """A channel round the clock."""
    edition, now = edition_of(place), clock.now()
    view = airing.watch_page(channel_of(edition, code), place, now=now)
    context = _dressed(edition, place, view=view, json_ld=jsonld.channel(edition, view, place))
    return _public(render(request, "channel/watch.html", context), seconds=MOVING_SECONDS)


@require_safe
def live(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """An event: before it begins, while it is on air, and after."""
    edition, now = edition_of(place), clock.now()
    view = airing.live_page(edition, code, place, now=now)
    if view is None:
        raise Http404
    context = _dressed(edition, place, view=view)
    return _public(render(request, "channel/live.html", context), seconds=LIVE_SECONDS)


@require_safe
def live_state(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """What the page of an event asks while it waits."""
    del request
    source = showing.live_source(code)
    if source is None or edition_of(place).code not in source.programme.editions:
        raise Http404
    state = airing.live_state(source.id, source.enabled_until, now=clock.now())
    return _public(JsonResponse({"state": state}), seconds=LIVE_SECONDS)


@require_safe
def guide(request: HttpRequest, place: Place, day: str = "") -> HttpResponse:
    """What is on when, for one day of the territory."""
    edition, now = edition_of(place), clock.now()
    today = now.astimezone(zones.zone_of(place.territory)).date()
    chosen = _day(day, today) if day else today
    view = grid.guide_page(edition, place, chosen, now=now)
    context = _dressed(edition, place, view=view)
    return _public(render(request, "channel/guide.html", context), seconds=FRESH_SECONDS)


def _day(text: str, today: date) -> date:
    try:
        chosen = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if abs(chosen - today) > timedelta(days=GUIDE_DAYS_MAX):
        raise Http404
    return chosen


@require_safe
def theme(request: HttpRequest, place: Place, digest: str) -> HttpResponse:
    """The edition's colours; the address changes with them."""
    del request, digest
    response = HttpResponse(
        dressing.sheet(edition_of(place)), content_type="text/css; charset=utf-8"
    )
    response["Cache-Control"] = "public, max-age=31536000, s-maxage=31536000, immutable"
    return response
