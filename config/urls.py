"""Every address of the rich lane. Registered once, so that each package can name its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path, register_converter
from typing_extensions import override

from kotinos.catalog.urls import root_urlpatterns as catalog_root
from kotinos.games import api as games
from kotinos.kernel.place import Place, PlaceConverter
from kotinos.orders.urls import payment_patterns
from kotinos.web.middleware import place_of
from kotinos.web.urls import root_urlpatterns as web_root

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

HOME_FALLBACK = "GR"  # where a reader whose browser names no region is taken to be


class KnownPlace(PlaceConverter):
    """A place whose territory exists; an address with any other leads nowhere."""

    @override
    def to_python(self, value: str) -> Place:
        place = super().to_python(value)
        if place.territory not in games.territory_names("en"):
            raise ValueError(value)
        return place


def front_door(request: HttpRequest) -> HttpResponse:
    """Lead a reader without a place to one: a guess they can change with one tap."""
    response = HttpResponseRedirect(f"/{place_of(request, fallback=HOME_FALLBACK).slug}/")
    response["Cache-Control"] = "private, no-store"
    return response


register_converter(KnownPlace, "place")
handler404 = "kotinos.web.views.not_found"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", front_door),
    path("", include((web_root, "web_root"))),
    *catalog_root,
    path("", include((payment_patterns, "payments"))),
    path("account/", include("allauth.urls")),
    path("office/", include("kotinos.web.office.urls")),
    path("<place:place>/", include("kotinos.web.urls")),
    path("<place:place>/", include("kotinos.catalog.urls")),
    path("<place:place>/", include("kotinos.orders.urls")),
    path("<place:place>/", include("kotinos.drops.urls")),
    path("<place:place>/", include("kotinos.channel.urls")),
    path("<place:place>/", include("kotinos.waitingroom.urls")),
]
