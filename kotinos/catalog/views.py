"""Pages of the storefront, and what machines read of it. Thin: they call queries."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kotinos.catalog import beacon, feeds
from kotinos.catalog.contracts import Named
from kotinos.catalog.filters import read_filters
from kotinos.catalog.links import collection_url, team_url
from kotinos.catalog.queries.lists import listing
from kotinos.catalog.queries.markets import term_name
from kotinos.catalog.queries.product import product_page
from kotinos.games import api as games
from kotinos.kernel import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kotinos.kernel.place import Place

# A minute: a grant that ends is announced to the caches at once, one that begins may wait so long.
PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=300"
_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
TOKEN_MAX = 2_000


def _public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = PUBLIC
    return response


def _list_page(  # noqa: PLR0917 - four calls, below
    request: HttpRequest, place: Place, template: str, scope: str, path: str, subject: Named | None
) -> HttpResponse:
    filters, notes = read_filters(dict(request.GET.lists()))
    view = listing(
        place,
        filters.narrowed(scope, subject),
        now=clock.now(),
        path=path,
        scope=scope,
        subject=subject,
        notes=notes,
    )
    return _public(render(request, f"catalog/{template}.html", {"view": view}))


@require_safe
def shop(request: HttpRequest, place: Place) -> HttpResponse:
    """Everything cleared here."""
    return _list_page(request, place, "listing", "all", f"/{place.slug}/shop/", None)


@require_safe
def search(request: HttpRequest, place: Place) -> HttpResponse:
    """What matches the reader's words."""
    return _list_page(request, place, "search", "search", f"/{place.slug}/search/", None)


@require_safe
def team(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """One team's goods."""
    code = code.upper()
    name = games.noc_name(code, place.language)
    if name == code:  # Nobody's team is called by its code: there is none.
        raise Http404
    path = team_url(place, code)
    return _list_page(request, place, "team", "team", path, Named(code, name))


@require_safe
def collection(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """One collection's goods."""
    name = term_name("collection", code, place.language)
    if name is None:
        raise Http404
    path = collection_url(place, code)
    return _list_page(request, place, "collection", "collection", path, Named(code, name))


@require_safe
def product(request: HttpRequest, place: Place, handle: str) -> HttpResponse:
    """One product, in any of its states; a refusal is a page and not an error."""
    view = product_page(place, handle, now=clock.now())
    if view is None:
        raise Http404
    return _public(render(request, "catalog/product.html", {"view": view}))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def refusal_beacon(request: HttpRequest) -> HttpResponse:
    """Count a refusal a page carried: POST from a script, or GET as an image without one.

    Safe to fetch without a token of ours: 404 and nothing is written.
    """
    source = request.POST if request.method == "POST" else request.GET
    counted = beacon.count_refusal(
        token=str(source.get("token", ""))[:TOKEN_MAX],
        ip=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.headers.get("User-Agent", ""),
        now=clock.now(),
    )
    if not counted:
        raise Http404
    if request.method == "POST":
        response = HttpResponse(status=204)
    else:
        response = HttpResponse(_PIXEL, content_type="image/gif")
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def merchant_feed(request: HttpRequest, place: Place) -> HttpResponse:
    """Google Merchant feed of a territory, in parts of a thousand items."""
    part = request.GET.get("part", "1")
    number = int(part) if part.isascii() and part.isdecimal() and len(part) < 4 else 1  # noqa: PLR2004 - bounded
    text = feeds.merchant_feed(place, part=number, now=clock.now())
    return _public(HttpResponse(text, content_type="application/xml; charset=utf-8"))


@require_safe
def sitemap(request: HttpRequest, place: Place) -> HttpResponse:
    """Addresses of everything cleared in a place."""
    del request
    text = feeds.sitemap(place, now=clock.now())
    return _public(HttpResponse(text, content_type="application/xml; charset=utf-8"))


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """One sitemap for every place."""
    del request
    return _public(
        HttpResponse(feeds.sitemap_index(), content_type="application/xml; charset=utf-8")
    )
