"""Addresses of the catalogue.

`urlpatterns` stand below a place (`/en-jp/...`), `root_urlpatterns` at the root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from kotinos.catalog import views
from kotinos.catalog.rest import api

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

app_name = "catalog"
urlpatterns = [
    path("shop/", views.shop, name="listing"),
    path("search/", views.search, name="search"),
    path("teams/<slug:code>/", views.team, name="team"),
    path("collections/<str:code>/", views.collection, name="collection"),
    path("products/<str:handle>/", views.product, name="product"),
    path("feeds/merchant.xml", views.merchant_feed, name="merchant"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
root_urlpatterns: list[URLPattern | URLResolver] = [
    path("beacon/refusal", views.refusal_beacon, name="refusal-beacon"),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    path("api/v1/", api.urls),
]
