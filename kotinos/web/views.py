"""The shell's own pages: home, teams, the place form, how rights work, "tell me"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import LANGUAGES, OWN_NAMES
from kotinos.kernel.place import Place
from kotinos.orders import api as orders
from kotinos.web import pages, themes, wishes, wording
from kotinos.web.context import moved, tag

if TYPE_CHECKING:
    from django.http import HttpRequest

FRESH_SECONDS = 300
EMAIL_LENGTH_MAX = 254
public = cache_control(public=True, max_age=0, s_maxage=FRESH_SECONDS, stale_while_revalidate=60)
"""A page that depends on its address alone; the fast lane empties it when what it shows changes."""
for_ever = cache_control(public=True, max_age=31_536_000, s_maxage=31_536_000, immutable=True)


@public
@require_safe
def home(request: HttpRequest, place: Place) -> HttpResponse:
    """The edition's front page, as it is for this place."""
    return render(request, "web/home.html", pages.home(place, now=clock.now()))


@public
@require_safe
def teams(request: HttpRequest, place: Place) -> HttpResponse:
    """Every team by continent, with the number of its items cleared here."""
    return render(request, "web/teams.html", pages.teams(place, now=clock.now()))


@public
@require_safe
def rights(request: HttpRequest, place: Place) -> HttpResponse:
    """How rights work, in plain words."""
    del place  # The page is the same everywhere; its address keeps the reader's place.
    reasons = [{"name": name, "meaning": meaning} for name, meaning in wording.REASONS]
    return render(request, "web/rights.html", {"reasons": reasons})


@public
@require_safe
def offline(request: HttpRequest, place: Place) -> HttpResponse:
    """What a reader without a connection sees; the browser keeps it."""
    del place
    return render(request, "web/offline.html")


@dataclass(frozen=True, slots=True)
class TerritoryChoice:
    code: str
    name: str
    search: str  # Its names in every language, so that a filter finds it in any.
    current: bool


@dataclass(frozen=True, slots=True)
class TongueChoice:
    code: str
    tag: str
    name: str
    current: bool


@public
@require_safe
def choose_place(request: HttpRequest, place: Place) -> HttpResponse:
    """The form behind the chip. It is a GET form: no cookie remembers a place, the path does."""
    context = {
        "at": _path_only(request.GET.get("at", "")),
        "go_url": reverse("web:go", kwargs={"place": place}),
        "tongues": [
            TongueChoice(code, tag(code), OWN_NAMES[code], code == place.language)
            for code in LANGUAGES
        ],
        "territories": _territory_choices(place),
    }
    return render(request, "web/place.html", context)


def _territory_choices(place: Place) -> list[TerritoryChoice]:
    by_language = {language: games.territory_names(language) for language in LANGUAGES}
    names = by_language[place.language]
    return [
        TerritoryChoice(
            code,
            names[code],
            " ".join(sorted({by_language[language][code] for language in LANGUAGES})),
            code == place.territory,
        )
        for code in games.sorted_by_name(names, place.language)
    ]


@public
@require_safe
def go(request: HttpRequest, place: Place) -> HttpResponseRedirect:
    """The same page for the place that was chosen; what is not understood changes nothing."""
    language = request.GET.get("language", "")
    territory = request.GET.get("territory", "")
    chosen = Place(
        language if language in LANGUAGES else place.language,
        territory if territory in games.territory_names("en") else place.territory,
    )
    return HttpResponseRedirect(moved(_path_only(request.GET.get("at", "")), chosen))


def _path_only(text: str) -> str:
    """The path and query of an address, never its host: the form cannot lead elsewhere."""
    try:
        parts = urlsplit(text[:2000])
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@never_cache
@orders.own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def tell_me(request: HttpRequest, place: Place, handle: str) -> HttpResponse:
    """Ask for one mail when something can be bought, or watched, here."""
    email = request.POST.get("email", "")[:EMAIL_LENGTH_MAX]
    now = clock.now()
    found = wishes.wished(place, handle, now=now)
    back_url = found.url if found else reverse("web:home", kwargs={"place": place})
    if request.method != "POST":
        return HttpResponseRedirect(back_url)
    outcome = wishes.ask(email=email, handle=handle, place=place, now=now)
    error = wishes.sentence(outcome)
    is_video = found is not None and found.is_video
    context = {"error": error, "email": email, "product_url": back_url, "is_video": is_video}
    return render(request, "web/told.html", context, status=422 if error else 200)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to an address that names nothing."""
    del exception
    return render(request, "404.html", status=404)


@for_ever
@require_safe
def theme_sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Every team's colours; its address changes with its content."""
    del request, digest
    return HttpResponse(themes.sheet(), content_type="text/css; charset=utf-8")
