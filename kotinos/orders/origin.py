"""Who may post a form here: our own pages, told by headers that a foreign page cannot write.

Public pages carry the add-to-basket form and must be the same for everybody, so they cannot hold
a CSRF token. Browsers since 2020 send `Origin` on every POST and most send `Sec-Fetch-Site`; a
client without either is no browser that could be tricked (Fetch standard, "Origin header";
Fetch Metadata Request Headers, W3C).
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt

if TYPE_CHECKING:
    from collections.abc import Callable

Params = ParamSpec("Params")


def is_own_page(request: HttpRequest) -> bool:
    """Whether the request comes from a page of this site, or from no browser at all."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    own = origin is None or _host_of(origin) == request.get_host()
    return own and site in {"same-origin", "none"}


def _host_of(origin: str) -> str:
    """The host that an Origin header names; empty for nonsense, which is nobody's page."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def own_pages_only(
    view: Callable[Concatenate[HttpRequest, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """Refuse posts that a foreign page caused. Replaces the CSRF token on the views it wraps."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs
    ) -> HttpResponse:
        if request.method == "POST" and not is_own_page(request):
            return HttpResponseForbidden("This form was sent from another site.")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)
